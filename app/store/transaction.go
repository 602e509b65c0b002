package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/einlass/einlass/app/room"
)

// write runs change in one transaction and commits it; after nil it is on disk. Every change of the database goes
// through here, so that changes which wait at the same time could one day share a commit. On SQLite there is one
// writer and nobody else changes anything meanwhile. change must not call write.
func (s *Store) write(ctx context.Context, change func(*sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if err := change(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// querier is a *sql.DB or a *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// rower is a querier that hands over its rows by itself, past database/sql.
type rower interface {
	// each calls take for each row of the result.
	each(ctx context.Context, query string, args []any, take func(row) error) error
}

// row is what one result row can do.
type row interface{ Scan(dest ...any) error }

// all returns every row of the result.
func all[T any](ctx context.Context, q querier, scan func(row) (T, error), query string, args ...any) (_ []T, err error) {
	var found []T
	if s, inside := q.(*session); inside {
		q = s.querier
	}
	if r, direct := q.(rower); direct {
		err := r.each(ctx, query, args, func(from row) error {
			value, err := scan(from)
			found = append(found, value)
			return err
		})
		if err != nil {
			return nil, err
		}
		return found, nil
	}
	rows, err := q.QueryContext(ctx, query, bind(args)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		value, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, value)
	}
	return found, rows.Err()
}

// one returns the only row of the result, or room.ErrNotFound. It reads to the end of the result: SQLite checks foreign
// keys after the last row of RETURNING.
func one[T any](ctx context.Context, q querier, scan func(row) (T, error), query string, args ...any) (T, error) {
	var none T
	found, err := all(ctx, q, scan, query, args...)
	if err != nil {
		return none, err
	}
	if len(found) == 0 {
		return none, room.ErrNotFound
	}
	return found[0], nil
}

// exec runs a statement and returns how many rows it touched.
func exec(ctx context.Context, q querier, query string, args ...any) (int64, error) {
	result, err := q.ExecContext(ctx, query, bind(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
