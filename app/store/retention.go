package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// forgetAtOnce is how many rows go in one transaction, so that an entry never waits for the cleaning.
const forgetAtOnce = 500

// Retention says what may go. A zero instant keeps everything of its kind.
type Retention struct {
	Consents time.Time // records before this instant
	Audit    time.Time // rows before this instant
	Leases   time.Time // leases that ran out before this instant; until then they tell which browser came last
}

// Forgotten counts the rows that went.
type Forgotten struct {
	Consents, Audit, Leases int64
}

// Forget erases what is past its retention period. Cut off anywhere, the next call goes on from there.
func (s *Store) Forget(ctx context.Context, before Retention) (gone Forgotten, err error) {
	const (
		consents = `DELETE FROM consents WHERE id IN (SELECT id FROM consents WHERE at_us < $1 LIMIT $2)`
		audit    = `DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_us < $1 LIMIT $2)`
		leases   = `DELETE FROM leases WHERE (meeting, user_id) IN
			(SELECT meeting, user_id FROM leases WHERE until_us < $1 LIMIT $2) AND until_us < $1`
	)
	if gone.Consents, err = s.forget(ctx, consents, before.Consents); err != nil {
		return gone, fmt.Errorf("forget consents: %w", err)
	}
	if gone.Audit, err = s.forget(ctx, audit, before.Audit); err != nil {
		return gone, fmt.Errorf("forget audit rows: %w", err)
	}
	if gone.Leases, err = s.forget(ctx, leases, before.Leases); err != nil {
		return gone, fmt.Errorf("forget leases: %w", err)
	}
	return gone, nil
}

// forget repeats the statement, slice by slice, until nothing is left to erase.
func (s *Store) forget(ctx context.Context, query string, before time.Time) (gone int64, err error) {
	if before.IsZero() {
		return 0, nil
	}
	for {
		var slice int64
		err := s.write(ctx, func(tx *sql.Tx) (err error) {
			slice, err = exec(ctx, tx, query, before, forgetAtOnce)
			return err
		})
		if err != nil {
			return gone, err
		}
		gone += slice
		if slice < forgetAtOnce {
			return gone, nil
		}
	}
}
