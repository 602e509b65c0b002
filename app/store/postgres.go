package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// connections is the size of a pool, unless its URL names another: a scan holds one while it waits for the disk, and
// scans that wait together share that.
const connections = 16

// poolConfig reads a URL. The size of the pool and all else that pgx knows stand in it (pool_max_conns=…).
func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errURL // pgx' own text may repeat the URL
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = connections
	}
	parameters := config.ConnConfig.RuntimeParams
	if _, named := parameters["application_name"]; !named {
		parameters["application_name"] = "einlass"
	}
	return config, nil
}

// connectPostgres opens one pool.
// A PgBouncer in between must pool sessions, not transactions: the lock of the migrations belongs to a session.
func (s *Store) connectPostgres(ctx context.Context, url string) error {
	s.dialect = postgresDialect()
	config, err := poolConfig(url)
	if err != nil {
		return err
	}
	if err := s.openPool(ctx, config); err != nil {
		return err
	}
	return checkServer(ctx, s.reader)
}

func (s *Store) openPool(ctx context.Context, config *pgxpool.Config) error {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	s.onClose(func() error { pool.Close(); return nil })
	s.pool, s.connections, s.single = pool, int(pool.Config().MaxConns), pool.Config().ConnConfig

	db := stdlib.OpenDBFromPool(pool)
	s.onClose(db.Close)
	s.writer, s.reader = db, db
	return nil
}

// checkServer refuses a server on which an acknowledged commit could be lost or text would not be UTF-8.
func checkServer(ctx context.Context, db *sql.DB) error {
	const query = `SELECT current_setting('synchronous_commit'), current_setting('server_encoding')`
	var commit, encoding string
	if err := db.QueryRowContext(ctx, query).Scan(&commit, &encoding); err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	if commit == "off" {
		return errors.New("PostgreSQL runs with synchronous_commit=off, so an entry could be forgotten; " +
			"set it to on for this database")
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the PostgreSQL database has the encoding %s; create it with the encoding UTF8", encoding)
	}
	return nil
}
