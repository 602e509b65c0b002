package store

import (
	"context"
	"database/sql"
	"errors"
)

// errMoved ends a glance whose copy has changed since it began. It never leaves Mirror.glance.
var errMoved = errors.New("the copy has changed")

// glance reads the copy on PostgreSQL without a transaction, which would cost three round trips more. It starts from the
// generations that were seen last, and with each query, after it, reads those of now. If they are the same, then what the
// query saw was of that generation, since no change leaves it as it is and none is ever undone.
type glance struct {
	m     *Mirror
	at    generations // it began with; what is read has to be of these
	sure  bool        // a query after the beginning has found the same generations
	moved bool        // a query has found others: what was read does not count

	settings string // a statement that goes before each query and holds for it alone; "": none
}

// glance calls f with a view that is no transaction, and once more if the copy has changed meanwhile. False: it changes
// too fast, or nothing has been seen yet.
func (m *Mirror) glance(ctx context.Context, f func(s *session, generation int64) error) (bool, error) {
	for range 2 {
		at := m.seen.Load()
		if at == nil {
			break
		}
		g := &glance{m: m, at: *at}
		err := f(&session{querier: g, m: m, configuration: at.configuration}, at.present)
		if !g.sure && !g.moved { // all that was asked for was in memory
			err = errors.Join(err, g.answer(ctx, nil))
		}
		if !g.moved {
			return true, err
		}
	}
	return false, nil
}

// each fulfils rower.
func (g *glance) each(ctx context.Context, query string, args []any, take func(row) error) error {
	return g.answer(ctx, questions{{query, args, take}})
}

// answer asks questions and the generations of after them in one round trip.
func (g *glance) answer(ctx context.Context, q questions) error {
	var now []generations
	p := q.pipeline(g.settings)
	readInto(p, &now, scanGenerations, selectGenerations)
	if err := p.send(ctx, g.m.db.pool); err != nil {
		return err
	}
	if len(now) == 1 && now[0] == g.at {
		g.sure = true
		return nil
	}
	g.moved = true
	if len(now) == 1 {
		g.m.seen.Store(&now[0])
	}
	return errMoved
}

// tooLong ends a glance that would have to be taken again whenever the copy changes meanwhile.
func (g *glance) tooLong() error {
	g.moved = true
	return errMoved
}

// QueryContext fulfils querier.
func (*glance) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errors.ErrUnsupported
}

// ExecContext fulfils querier.
func (*glance) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, errors.ErrUnsupported
}
