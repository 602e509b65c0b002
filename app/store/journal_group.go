package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/einlass/einlass/scanproxy"
)

// groupLimit is how many changes share one commit at most: with 256 of them the first waits some 5 ms for the others.
const groupLimit = 256

// groupWriter is the journal's writer on SQLite: one goroutine takes all that waits into one transaction, one change
// after the other, and answers them when they are on disk together.
type groupWriter struct {
	store  *Store
	queue  chan *waiting
	closed chan struct{} // run has ended
	known  map[string]*sql.Stmt
}

// waiting is a change in the queue.
type waiting struct {
	ctx  context.Context // of who waits
	f    func(ctx context.Context, q querier) error
	done chan error // takes one answer without a reader
}

func newGroupWriter(s *Store) *groupWriter {
	return &groupWriter{store: s, queue: make(chan *waiting), closed: make(chan struct{})}
}

// change queues f and waits. One writer is lock enough for every subject.
func (g *groupWriter) change(ctx context.Context, _ scanproxy.Subject, f func(context.Context, querier) error) error {
	w := &waiting{ctx: ctx, f: f, done: make(chan error, 1)}
	select {
	case g.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.closed:
		return scanproxy.ErrClosed
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err() // it may be written all the same
	}
}

// judge reads the history, decides and writes, as one change in the queue.
func (g *groupWriter) judge(ctx context.Context, c scanproxy.Case, decide decision) (scanproxy.Verdict, error) {
	var verdict scanproxy.Verdict
	err := g.change(ctx, c.Subject, func(ctx context.Context, q querier) error {
		known, err := history(ctx, q, c)
		if err != nil {
			return fmt.Errorf("journal: read history: %w", err)
		}
		if verdict, err = decide(known); err != nil {
			return unwritten{err}
		}
		if err := record(ctx, q, c, verdict); err != nil {
			return fmt.Errorf("journal: record verdict: %w", err)
		}
		return nil
	})
	if own, ok := errors.AsType[unwritten](err); ok {
		return scanproxy.Verdict{}, own.error
	}
	if err != nil {
		return scanproxy.Verdict{}, err // nobody hears it: it may not be on disk
	}
	return verdict, nil
}

func (g *groupWriter) run(ctx context.Context) error {
	defer close(g.closed)
	g.prepare(context.WithoutCancel(ctx), readCheckins, readAnswersKept, insertCheckin, insertRefusal)
	defer g.forget()
	for {
		select {
		case <-ctx.Done():
			return nil
		case first := <-g.queue:
			g.write(context.WithoutCancel(ctx), g.group(first)) // what has begun is finished
		}
	}
}

// group returns first with all that waits already, groupLimit at most. It does not wait for more.
func (g *groupWriter) group(first *waiting) []*waiting {
	group := []*waiting{first}
	for len(group) < groupLimit {
		select {
		case next := <-g.queue:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// write writes a group and answers everybody of it. If the transaction fails, each is tried alone: one change that cannot
// be written must not keep the others out.
func (g *groupWriter) write(ctx context.Context, group []*waiting) {
	answers := make([]error, len(group))
	err := g.together(ctx, group, answers)
	if err != nil && len(group) > 1 {
		for _, w := range group {
			g.write(ctx, []*waiting{w})
		}
		return
	}
	for i, w := range group {
		if err != nil {
			answers[i] = err
		}
		w.done <- answers[i]
	}
}

// together writes a group in one transaction. err is what broke the transaction, and with it all changes; answers has the
// errors of those that wrote nothing.
func (g *groupWriter) together(ctx context.Context, group []*waiting, answers []error) (err error) {
	return g.store.write(ctx, func(tx *sql.Tx) error {
		q := preparedTx{tx, g.known}
		for i, w := range group {
			if answers[i] = w.ctx.Err(); answers[i] != nil {
				continue // nobody waits any more
			}
			err := w.f(ctx, q)
			if _, harmless := errors.AsType[unwritten](err); err != nil && !harmless {
				return err
			}
			answers[i] = err
		}
		return nil
	})
}

// prepare parses the statements of a scan once: SQLite takes as long for that as for running them. One that cannot be
// prepared now is not: what is wrong with the database, the scans will say.
func (g *groupWriter) prepare(ctx context.Context, queries ...string) {
	g.known = map[string]*sql.Stmt{}
	for _, query := range queries {
		if statement, err := g.store.writer.PrepareContext(ctx, query); err == nil {
			g.known[query] = statement
		}
	}
}

// forget closes the prepared statements.
func (g *groupWriter) forget() {
	for _, statement := range g.known {
		_ = statement.Close() // nothing of it is on disk
	}
}

// preparedTx is a transaction that uses prepared statements where there are some.
type preparedTx struct {
	*sql.Tx
	known map[string]*sql.Stmt
}

// QueryContext fulfils querier.
func (t preparedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if statement := t.known[query]; statement != nil {
		return t.StmtContext(ctx, statement).QueryContext(ctx, args...)
	}
	return t.Tx.QueryContext(ctx, query, args...)
}

// ExecContext fulfils querier.
func (t preparedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if statement := t.known[query]; statement != nil {
		return t.StmtContext(ctx, statement).ExecContext(ctx, args...)
	}
	return t.Tx.ExecContext(ctx, query, args...)
}
