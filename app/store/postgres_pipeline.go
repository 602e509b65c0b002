package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pipeline is statements that travel to PostgreSQL together and are answered together, in one round trip. There they run
// one after the other, each on what was committed before it, and none after one that failed.
type pipeline struct{ batch pgx.Batch }

// add adds a statement; what it answers does not matter.
func (p *pipeline) add(query string, args ...any) { p.batch.Queue(query, bind(args)...) }

// read adds a query; its rows come to take when the pipeline is sent.
func (p *pipeline) read(query string, args []any, take func(row) error) {
	p.batch.Queue(query, bind(args)...).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := take(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// readInto adds a query whose rows are appended to a slice.
func readInto[T any](p *pipeline, to *[]T, scan func(row) (T, error), query string, args ...any) {
	p.read(query, args, func(from row) error {
		value, err := scan(from)
		*to = append(*to, value)
		return err
	})
}

// commit adds the end of the transaction. PostgreSQL answers ROLLBACK where it did not commit.
func (p *pipeline) commit() {
	p.batch.Queue(`COMMIT`).Exec(func(tag pgconn.CommandTag) error {
		if said := tag.String(); said != "COMMIT" {
			return fmt.Errorf("commit answered with %s", said)
		}
		return nil
	})
}

// sender is a connection or a pool of them.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

var (
	_ sender = (*pgxpool.Pool)(nil)
	_ sender = (*pgxpool.Conn)(nil)
)

func (p *pipeline) send(ctx context.Context, to sender) error {
	return to.SendBatch(ctx, &p.batch).Close()
}

// ExecContext adds a statement, so that what writes through a querier can write through a pipeline. How many rows it
// touched is not known yet.
func (p *pipeline) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	p.batch.Queue(query, args...)
	return driver.RowsAffected(0), nil
}

// QueryContext fulfils querier.
func (*pipeline) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errors.New("a pipeline answers later")
}
