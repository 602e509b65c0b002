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
	look := m.lanes.look
	if m.shared() {
		look = m.look
	}
	return look(ctx, func(q querier, at generations) error {
		return f(&session{querier: q, m: m, configuration: at.configuration}, at.present)
	})
}

// look calls f with one view, on PostgreSQL.
func (m *Mirror) look(ctx context.Context, f func(q querier, at generations) error) error {
	tx, err := m.db.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // there is nothing to commit
	at, err := readGenerations(ctx, tx)
	if err != nil {
		return err
	}
	m.seen.Store(&at)
	return f(tx, at)
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
	m.reach(generation)
	return generation, m.checkpoint(ctx)
}

// reach remembers the present generation. What was committed later may come here first.
func (m *Mirror) reach(generation int64) {
	for known := m.generation.Load(); known < generation; known = m.generation.Load() {
		if m.generation.CompareAndSwap(known, generation) {
			return
		}
	}
}

// write runs f in one transaction that nobody else's overlaps; after nil it is on disk.
func (m *Mirror) write(ctx context.Context, f func(q querier) error) error {
	if !m.shared() {
		return m.lanes.change(ctx, f)
	}
	const lock = `SELECT pg_advisory_xact_lock($1)`
	return m.db.write(ctx, func(tx *sql.Tx) error {
		if _, err := exec(ctx, tx, lock, mirrorLock); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		return f(tx)
	})
}

// shared: see Store.shared.
func (m *Mirror) shared() bool { return m.db.shared() }

// mirrorLock is what processes that share a copy take turns with.
const mirrorLock = 0x65696e6c617373 // "einlass"

// number is how the copy keeps a yes or no.
func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
