package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Options say where the database is.
type Options struct {
	// URL is "sqlite:<directory>" or "postgres://…". Empty: DefaultURL.
	// It may hold a password; no error and no log line of this package repeats it.
	URL string
	// Log hears of migrations. Nil: silence.
	Log *slog.Logger
	// Now stamps what the store makes by itself. Nil: time.Now.
	Now func() time.Time
}

// Store is one open database. It is safe for concurrent use.
type Store struct {
	log     *slog.Logger
	now     func() time.Time
	dialect dialect

	writer *sql.DB // SQLite: the one connection that writes
	reader *sql.DB // SQLite: a few read-only connections. PostgreSQL: the same pool as writer

	pool        *pgxpool.Pool   // PostgreSQL: what writer is made of
	connections int             // PostgreSQL: size of the pool
	single      *pgx.ConnConfig // PostgreSQL: for connections beside the pool

	devices deviceCache

	closeOnce sync.Once
	closing   []func() error // last opened, first closed
}

// Open opens the database, brings it up to date and checks that commits are durable. It refuses a SQLite directory
// that another process holds (ErrInUse) and a database that a newer program has left (ErrNewer).
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := connect(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if _, _, err := s.migrate(ctx); err != nil {
		return nil, fmt.Errorf("open database: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

// connect opens the database as it stands, without migrations.
func connect(ctx context.Context, o Options) (*Store, error) {
	return connectBy(ctx, o, (*Store).connectSQLite, (*Store).connectPostgres)
}

// connector opens one engine: what it takes is a directory, or the URL of a server.
type connector func(s *Store, ctx context.Context, where string) error

// connectBy opens the database at o.URL with the connector of its engine.
func connectBy(ctx context.Context, o Options, file, server connector) (*Store, error) {
	at, err := locate(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{log: o.Log, now: o.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}

	if at.directory != "" {
		err = file(s, ctx, at.directory)
	} else {
		err = server(s, ctx, at.postgres)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends all work with the database. Calls after the first do nothing.
func (s *Store) Close() error {
	var failed error
	s.closeOnce.Do(func() {
		for i := len(s.closing) - 1; i >= 0; i-- {
			failed = errors.Join(failed, s.closing[i]())
		}
	})
	if failed != nil {
		return fmt.Errorf("close database: %w", failed)
	}
	return nil
}

// Engine returns "sqlite" or "postgres".
func (s *Store) Engine() string { return s.dialect.name }

// shared says whether other processes may use the database too: on PostgreSQL.
func (s *Store) shared() bool { return s.pool != nil }

func (s *Store) onClose(f func() error) { s.closing = append(s.closing, f) }
