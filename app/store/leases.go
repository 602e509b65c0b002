package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/einlass/einlass/app/room"
)

const leaseColumns = `meeting, user_id, browser, since_us, until_us`

func scanLease(from row) (l room.Lease, err error) {
	err = from.Scan(&l.Meeting, &l.UserID, &l.Browser, instant{&l.Since}, instant{&l.Until})
	return l, err
}

// readLease asks for the lease of one key.
const readLease = `SELECT ` + leaseColumns + ` FROM leases WHERE meeting = $1 AND user_id = $2`

// TakeLease gives the lease to want.Browser, or returns the one that stands in the way and false. See room.Store.
//
// The first statement decides. When it refuses, it has locked the row all the same (PostgreSQL) or nobody else can
// write (SQLite), so the lease that stood in the way is still there for the second.
func (s *Store) TakeLease(ctx context.Context, want room.Lease, now time.Time) (held room.Lease, taken bool, err error) {
	const take = `INSERT INTO leases (` + leaseColumns + `) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (meeting, user_id) DO UPDATE SET browser = excluded.browser, until_us = excluded.until_us,
			since_us = CASE WHEN leases.until_us > $6 THEN leases.since_us ELSE excluded.since_us END
		WHERE leases.browser = excluded.browser OR leases.until_us <= $6
		RETURNING ` + leaseColumns
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		held, err = one(ctx, tx, scanLease, take, want.Meeting, want.UserID, want.Browser, want.Since, want.Until, now)
		if taken = err == nil; taken || !errors.Is(err, room.ErrNotFound) {
			return err
		}
		held, err = one(ctx, tx, scanLease, readLease, want.Meeting, want.UserID)
		return err
	})
	if err != nil {
		return room.Lease{}, false, fmt.Errorf("take lease: %w", err)
	}
	return held, taken, nil
}

// Lease returns the last lease of a key, run out or not, or room.ErrNotFound.
func (s *Store) Lease(ctx context.Context, key room.LeaseKey) (room.Lease, error) {
	lease, err := one(ctx, s.reader, scanLease, readLease, key.Meeting, key.UserID)
	if err != nil {
		return room.Lease{}, fmt.Errorf("read lease: %w", err)
	}
	return lease, nil
}

// ReleaseLease ends a lease if that browser holds it. No lease is no error.
func (s *Store) ReleaseLease(ctx context.Context, key room.LeaseKey, browser string) error {
	const query = `DELETE FROM leases WHERE meeting = $1 AND user_id = $2 AND browser = $3`
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := exec(ctx, tx, query, key.Meeting, key.UserID, browser)
		return err
	})
	if err != nil {
		return fmt.Errorf("release lease: %w", err)
	}
	return nil
}
