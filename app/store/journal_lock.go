package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/einlass/einlass/scanproxy"
)

// lockWriter is the journal's writer on PostgreSQL, where other processes write too: one transaction for each change,
// which locks its ticket on its list.
type lockWriter struct {
	store  *Store
	places chan struct{} // has an element for each transaction under way
}

// newLockWriter leaves half of the connections to others: within its transaction a scan asks for the generation of the
// mirror over a second connection, and if all waited for one, nobody would ever get it.
func newLockWriter(s *Store) *lockWriter {
	return &lockWriter{store: s, places: make(chan struct{}, max(1, s.connections/2))}
}

func (w *lockWriter) run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// enter waits for a place among the transactions. Call leave when the transaction has ended.
func (w *lockWriter) enter(ctx context.Context) (leave func(), err error) {
	select {
	case w.places <- struct{}{}:
		return func() { <-w.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *lockWriter) change(ctx context.Context, about scanproxy.Subject, f func(context.Context, querier) error) error {
	leave, err := w.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	// With this isolation each statement sees what was committed before it, so that the history is read after the lock
	// is ours. A database may be set up with another default.
	tx, err := w.store.writer.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := lockSubject(ctx, tx, about); err != nil {
		return fmt.Errorf("journal: lock ticket: %w", err)
	}
	if err := f(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

const lockTicket = `SELECT pg_advisory_xact_lock($1), pg_advisory_xact_lock($2)`

// lockSubject waits until the ticket on the list is ours, until the transaction ends. A ticket is known by its position
// and by its secret, which may have been replaced: two scans that know it by one of them meet at that one.
func lockSubject(ctx context.Context, tx *sql.Tx, s scanproxy.Subject) error {
	keys := lockKeys(s)
	if len(keys) == 0 {
		return nil
	}
	_, err := exec(ctx, tx, lockTicket, keys[0], keys[len(keys)-1])
	return err
}

// lockKeys are ascending, so that two scans cannot wait for each other. Tickets that share a key by chance only wait.
func lockKeys(s scanproxy.Subject) []int64 {
	var keys []int64
	if s.Secret != "" {
		keys = append(keys, lockKey("secret", s.List, s.Secret.Reveal()))
	}
	if s.Position != 0 {
		keys = append(keys, lockKey("position", s.List, s.Position))
	}
	slices.SortFunc(keys, cmp.Compare[int64])
	return keys
}

// lockKey is a number for an advisory lock of PostgreSQL, which takes nothing else.
func lockKey(kind string, list int64, ticket any) int64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "einlass %s %d %v", kind, list, ticket) // a hash never fails
	return int64(h.Sum64())
}
