package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/einlass/einlass/app/room"
)

const consentColumns = `at_us, room, meeting, user_id, given, policy, text_version, language`

func scanConsent(from row) (c room.Consent, err error) {
	err = from.Scan(instant{&c.At}, &c.Room, &c.Meeting, &c.UserID, &c.Given, &c.Policy, &c.TextVersion, &c.Language)
	return c, err
}

// RecordConsent adds one consent record.
func (s *Store) RecordConsent(ctx context.Context, c room.Consent) error {
	const query = `INSERT INTO consents (` + consentColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, query, c.At, c.Room, c.Meeting, c.UserID, c.Given, string(c.Policy),
			c.TextVersion, c.Language)
		return err
	})
	if err != nil {
		return fmt.Errorf("record consent: %w", err)
	}
	return nil
}

// Consents returns the consent records from the given instant on, newest first, at most limit of them.
func (s *Store) Consents(ctx context.Context, since time.Time, limit int) ([]room.Consent, error) {
	const query = `SELECT ` + consentColumns + ` FROM consents WHERE at_us >= $1 ORDER BY at_us DESC, id DESC LIMIT $2`
	consents, err := all(ctx, s.reader, scanConsent, query, since, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	return consents, nil
}
