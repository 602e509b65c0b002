package store

import (
	"context"
	"errors"
	"fmt"
)

// view is the copy as it was at one moment: a transaction that stays open from one read to the next, for as long as
// nothing is written. Beginning one and asking for its generation costs as much as finding a ticket.
type view struct {
	written int64 // how much had been written before it began; more may be in it
	at      generations
}

// generations are those of the copy and of its configuration, together.
type generations struct{ present, configuration int64 }

const selectGenerations = `SELECT generation, configuration FROM generation WHERE id = 1`

func scanGenerations(from row) (g generations, err error) {
	err = from.Scan(&g.present, &g.configuration)
	return g, err
}

func readGenerations(ctx context.Context, q querier) (generations, error) {
	at, err := one(ctx, q, scanGenerations, selectGenerations)
	if err != nil {
		return at, fmt.Errorf("read generation: %w", err)
	}
	return at, nil
}

// enter makes the lane read from a view that is not older than what was written so far.
func (l *lane) enter(ctx context.Context, written int64) (generations, error) {
	if l.held != nil && l.held.written == written {
		return l.held.at, nil
	}
	if err := l.leave(ctx); err != nil {
		return generations{}, err
	}
	if _, err := l.ExecContext(ctx, `BEGIN`); err != nil {
		return generations{}, err
	}
	l.held = &view{written: written}
	at, err := readGenerations(ctx, l) // SQLite takes the view when it first reads
	if err != nil {
		return generations{}, errors.Join(err, l.leave(ctx))
	}
	l.held.at = at
	return at, nil
}

// leave ends the view, if there is one.
func (l *lane) leave(ctx context.Context) error {
	if l.held == nil {
		return nil
	}
	l.held = nil
	return l.end(ctx)
}
