package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
)

// lane is one SQLite connection with its prepared statements, for one transaction at a time: what a scan spends in the
// copy is mostly what database/sql would spend on preparing again and on statements that may be canceled. Here a
// statement that has begun is finished: to watch whether anybody still waits costs two goroutines, as much as finding a
// ticket.
type lane struct {
	db         *sql.DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	held       *view // what it reads from
}

// QueryContext fulfils querier.
func (l *lane) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	statement, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(context.WithoutCancel(ctx), args...)
}

// ExecContext fulfils querier.
func (l *lane) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(context.WithoutCancel(ctx), args...)
}

// statement prepares a statement, once. Nothing begins for somebody who waits no more.
func (l *lane) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if statement := l.statements[query]; statement != nil {
		return statement, nil
	}
	if l.conn == nil {
		conn, err := l.db.Conn(ctx)
		if err != nil {
			return nil, err
		}
		l.conn, l.statements = conn, map[string]*sql.Stmt{}
	}
	statement, err := l.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	l.statements[query] = statement
	return statement, nil
}

// transaction runs f in one. A connection that cannot even roll back is given up; the next transaction gets another.
func (l *lane) transaction(ctx context.Context, f func() error) error {
	if _, err := l.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return errors.Join(err, l.end(ctx))
	}
	if err := f(); err != nil {
		return errors.Join(err, l.end(ctx))
	}
	if _, err := l.ExecContext(context.WithoutCancel(ctx), `COMMIT`); err != nil {
		return errors.Join(err, l.end(ctx))
	}
	return nil
}

// end rolls back.
func (l *lane) end(ctx context.Context) error {
	if l.conn == nil {
		return nil
	}
	if _, err := l.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`); err == nil {
		return nil
	}
	return l.close()
}

func (l *lane) close() (failed error) {
	for _, statement := range l.statements {
		failed = errors.Join(failed, statement.Close())
	}
	if l.conn != nil {
		// Closed, it would come back with its transaction.
		err := l.conn.Raw(func(any) error { return driver.ErrBadConn })
		if !errors.Is(err, driver.ErrBadConn) {
			failed = errors.Join(failed, err)
		}
	}
	l.conn, l.statements, l.held = nil, nil, nil
	if failed != nil {
		return fmt.Errorf("give up connection: %w", failed)
	}
	return nil
}

// lanes are those of one database. PostgreSQL needs none: pgx prepares by itself and has connections enough.
type lanes struct {
	read    chan *lane
	write   chan *lane
	written *atomic.Int64 // transactions of the one that writes
}

func openLanes(s *Store) lanes {
	l := lanes{read: make(chan *lane, readers), write: make(chan *lane, 1), written: &atomic.Int64{}}
	l.write <- &lane{db: s.writer}
	for range readers {
		l.read <- &lane{db: s.reader}
	}
	return l
}

// change calls f in a transaction of the lane that writes. Once it is on disk nothing is read from older views.
func (l lanes) change(ctx context.Context, f func(q querier) error) error {
	return use(ctx, l.write, func(w *lane) error {
		defer l.letGo()
		defer l.written.Add(1)
		return w.transaction(ctx, func() error { return f(w) })
	})
}

// look calls f with a view that is as new as what was written before.
func (l lanes) look(ctx context.Context, f func(q querier, at generations) error) error {
	return use(ctx, l.read, func(r *lane) error {
		at, err := r.enter(ctx, l.written.Load())
		if err == nil {
			err = f(r, at)
		}
		if err != nil || l.written.Load() != r.held.written {
			err = errors.Join(err, r.leave(ctx))
		}
		return err
	})
}

// letGo leaves the views that nobody reads from at the moment: as long as there is a view, the log behind it stays.
func (l lanes) letGo() {
	for range readers {
		select {
		case r := <-l.read:
			_ = r.leave(context.Background()) // if it fails the lane has another connection the next time
			l.read <- r
		default:
			return
		}
	}
}

// use waits for a lane and calls f with it.
func use(ctx context.Context, of chan *lane, f func(l *lane) error) error {
	select {
	case l := <-of:
		defer func() { of <- l }()
		return f(l)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close waits for what is under way.
func (l lanes) close() (failed error) {
	for _, of := range []chan *lane{l.read, l.write} {
		for range cap(of) {
			failed = errors.Join(failed, (<-of).close())
		}
	}
	return failed
}
