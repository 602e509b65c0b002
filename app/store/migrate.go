package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"github.com/einlass/einlass/migrations"
)

// versionTable is where goose keeps the numbers of the migrations that were applied.
const versionTable = "einlass_migrations"

// Migrate brings the database up to date without serving it, and returns the versions before and after.
func Migrate(ctx context.Context, o Options) (from, to int64, err error) {
	s, err := connect(ctx, o)
	if err != nil {
		return 0, 0, fmt.Errorf("migrate database: %w", err)
	}
	from, to, err = s.migrate(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return from, to, fmt.Errorf("migrate database: %w", err)
	}
	return from, to, nil
}

// Status returns the version of the database, 0 if it is new, and the version this program would bring it to.
// It applies nothing.
func Status(ctx context.Context, o Options) (have, want int64, err error) {
	return status(ctx, o, connect, "database version")
}

// MirrorStatus returns the same of the database that holds the copy of pretix.
func MirrorStatus(ctx context.Context, o Options) (have, want int64, err error) {
	return status(ctx, o, connectMirror, "version of the copy")
}

// status connects, reads the versions and closes. what names them in errors.
func status(ctx context.Context, o Options, connect func(context.Context, Options) (*Store, error), what string) (have, want int64, err error) {
	s, err := connect(ctx, o)
	if err != nil {
		return 0, 0, fmt.Errorf("read %s: %w", what, err)
	}
	have, want, err = s.versions(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return have, want, fmt.Errorf("read %s: %w", what, err)
	}
	return have, want, nil
}

// Version returns the number of the last migration that was applied.
func (s *Store) Version(ctx context.Context) (int64, error) {
	const query = `SELECT max(version_id) FROM ` + versionTable
	var version int64
	if err := s.reader.QueryRowContext(ctx, query).Scan(&version); err != nil {
		return 0, fmt.Errorf("read database version: %w", err)
	}
	return version, nil
}

func (s *Store) versions(ctx context.Context) (have, want int64, err error) {
	provider, err := s.provider()
	if err != nil {
		return 0, 0, err
	}
	have, err = provider.GetDBVersion(ctx)
	return have, newest(provider), err
}

// migrate applies what is missing. Processes that start at the same time on one PostgreSQL wait for each other.
func (s *Store) migrate(ctx context.Context) (from, to int64, err error) {
	provider, err := s.provider()
	if err != nil {
		return 0, 0, err
	}
	from, err = provider.GetDBVersion(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read version: %w", err)
	}
	to = newest(provider)
	if from > to {
		return from, from, newerError(from, to)
	}

	applied, err := provider.Up(ctx)
	if err != nil {
		return from, from, fmt.Errorf("migrate from version %d to %d: %w", from, to, err)
	}
	for _, m := range applied {
		s.log.InfoContext(ctx, "database migrated", "engine", s.Engine(), "version", m.Source.Version,
			"took_ms", m.Duration.Milliseconds())
	}
	return from, to, nil
}

func newerError(have, known int64) error {
	return fmt.Errorf("%w: it stands at version %d and this program knows up to %d; "+
		"start the newer einlass again, or restore a backup from before the update", ErrNewer, have, known)
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations.FS(), s.dialect.migrations)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	options := []goose.ProviderOption{
		goose.WithTableName(versionTable),
		goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(slog.New(slog.DiscardHandler)), // migrate says it in our words
	}
	if s.dialect.migrationLock != nil {
		locker, err := s.dialect.migrationLock()
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(s.dialect.goose, s.writer, files, options...)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return provider, nil
}

// newest returns the highest migration that this program brings.
func newest(p *goose.Provider) int64 {
	sources := p.ListSources()
	return sources[len(sources)-1].Version
}
