package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/einlass/einlass/app/room"
)

const auditColumns = `at_us, kind, room, order_code, position, outcome, detail`

func scanAudit(from row) (a room.AuditRow, err error) {
	err = from.Scan(instant{&a.At}, &a.Kind, &a.Room, &a.Order, &a.Position, &a.Outcome, &a.Detail)
	return a, err
}

// RecordAudit adds one audit row.
func (s *Store) RecordAudit(ctx context.Context, a room.AuditRow) error {
	const query = `INSERT INTO audit (` + auditColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, query, a.At, a.Kind, a.Room, a.Order, a.Position, a.Outcome, a.Detail)
		return err
	})
	if err != nil {
		return fmt.Errorf("record audit row: %w", err)
	}
	return nil
}

// Audits returns the audit rows from the given instant on, newest first, at most limit of them.
func (s *Store) Audits(ctx context.Context, since time.Time, limit int) ([]room.AuditRow, error) {
	const query = `SELECT ` + auditColumns + ` FROM audit WHERE at_us >= $1 ORDER BY at_us DESC, id DESC LIMIT $2`
	rows, err := all(ctx, s.reader, scanAudit, query, since, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	return rows, nil
}
