package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// lane is one SQLite connection with its prepared statements, for one transaction at a time: what a scan spends in the
// copy is mostly what database/sql would spend on preparing again and on transactions that may be canceled.
type lane struct {
	db         *sql.DB
	begin      string
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// QueryContext fulfils querier.
func (l *lane) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	statement, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

// ExecContext fulfils querier.
func (l *lane) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

func (l *lane) statement(ctx context.Context, query string) (*sql.Stmt, error) {
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
	if _, err := l.ExecContext(ctx, l.begin); err != nil {
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
		failed = errors.Join(failed, l.conn.Close())
	}
	l.conn, l.statements = nil, nil
	if failed != nil {
		return fmt.Errorf("give up connection: %w", failed)
	}
	return nil
}

// lanes are those of one database. PostgreSQL needs none: pgx prepares by itself and has connections enough.
type lanes struct {
	read  chan *lane
	write chan *lane
}

func openLanes(s *Store) lanes {
	l := lanes{read: make(chan *lane, readers), write: make(chan *lane, 1)}
	l.write <- &lane{db: s.writer, begin: `BEGIN IMMEDIATE`}
	for range readers {
		l.read <- &lane{db: s.reader, begin: `BEGIN`}
	}
	return l
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
