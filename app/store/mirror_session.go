package store

import (
	"context"
	"database/sql"
	"fmt"
)

// session is one transaction on the copy.
type session struct {
	querier
	m             *Mirror
	configuration int64 // generation of it, when reading
}

// read calls f with a view of the copy as it was at one generation.
func (m *Mirror) read(ctx context.Context, f func(s *session, generation int64) error) error {
	return m.view(ctx, func(q querier) error {
		const query = `SELECT generation, configuration FROM generation WHERE id = 1`
		type both struct{ generation, configuration int64 }
		at, err := one(ctx, q, func(from row) (b both, err error) {
			err = from.Scan(&b.generation, &b.configuration)
			return b, err
		}, query)
		if err != nil {
			return fmt.Errorf("read generation: %w", err)
		}
		return f(&session{querier: q, m: m, configuration: at.configuration}, at.generation)
	})
}

// view calls f with one consistent view.
func (m *Mirror) view(ctx context.Context, f func(q querier) error) error {
	if !m.shared() {
		return use(ctx, m.lanes.read, func(l *lane) error {
			return l.transaction(ctx, func() error { return f(l) })
		})
	}
	tx, err := m.db.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // there is nothing to commit
	return f(tx)
}

// change says what a transaction has changed.
type change int

const (
	nothing change = iota
	tickets        // orders, media or secrets
	configuration
)

// change runs f in one transaction that nobody else's overlaps, and raises the generation if f changed something.
// It returns the generation after it.
func (m *Mirror) change(ctx context.Context, f func(s *session) (change, error)) (generation int64, err error) {
	const raise = `UPDATE generation SET generation = generation + $1,
		configuration = CASE WHEN $2 = 1 THEN generation + 1 ELSE configuration END RETURNING generation`
	err = m.write(ctx, func(q querier) error {
		changed, err := f(&session{querier: q, m: m})
		if err != nil {
			return err
		}
		generation, err = one(ctx, q, scanInt, raise, number(changed != nothing), number(changed == configuration))
		return err
	})
	if err != nil {
		return 0, err
	}
	m.generation.Store(generation)
	return generation, m.checkpoint(ctx)
}

// write runs f in one transaction that nobody else's overlaps; after nil it is on disk.
func (m *Mirror) write(ctx context.Context, f func(q querier) error) error {
	if !m.shared() {
		return use(ctx, m.lanes.write, func(l *lane) error {
			return l.transaction(ctx, func() error { return f(l) })
		})
	}
	const lock = `SELECT pg_advisory_xact_lock($1)`
	return m.db.write(ctx, func(tx *sql.Tx) error {
		if _, err := exec(ctx, tx, lock, mirrorLock); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		return f(tx)
	})
}

// shared says whether other processes may use the copy too.
func (m *Mirror) shared() bool { return m.db.dialect.name == postgresDialect().name }

// mirrorLock is what processes that share a copy take turns with.
const mirrorLock = 0x65696e6c617373 // "einlass"

// number is how the copy keeps a yes or no.
func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
