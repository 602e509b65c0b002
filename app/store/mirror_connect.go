package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/einlass/einlass/migrations"
)

const (
	mirrorName     = "mirror.db"
	mirrorLockName = "mirror.lock"
	mirrorSchema   = "mirror"

	// others is how many read beside the lanes: pages for scanners, progress for the operator.
	others = 2
)

// connectMirror opens the database of the copy as it stands.
func connectMirror(ctx context.Context, o Options) (*Store, error) {
	return connectBy(ctx, o, (*Store).connectMirrorFile, (*Store).connectMirrorSchema)
}

func (s *Store) connectMirrorFile(ctx context.Context, directory string) error {
	s.dialect = sqliteDialect()
	s.dialect.migrations = migrations.SQLiteMirror
	release, path, err := prepareFile(directory, mirrorName, mirrorLockName)
	if err != nil {
		return err
	}
	s.onClose(release)
	if s.writer, err = s.openFile(mirrorDSN(path), 1); err != nil {
		return err
	}
	if err := checkDurable(ctx, s.writer); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	s.reader, err = s.openFile(readerDSN(path), readers+others)
	return err
}

// mirrorDSN differs from writerDSN: a scan never waits for a checkpoint, since those are ours to begin.
func mirrorDSN(path string) string {
	return dsn(path, url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(5000)",
			"journal_mode(WAL)",
			"synchronous(FULL)", // see Mirror
			"wal_autocheckpoint(0)",
			"cache_size(-16384)", // KiB
			"secure_delete(1)",
		},
	})
}

// connectMirrorSchema opens a pool that sees the copy's tables only, so that queries need not name the schema.
func (s *Store) connectMirrorSchema(ctx context.Context, address string) error {
	s.dialect = postgresDialect()
	s.dialect.migrations = migrations.PostgresMirror
	config, err := poolConfig(address)
	if err != nil {
		return err
	}
	config.ConnConfig.RuntimeParams["search_path"] = mirrorSchema + ", public" // public: where extensions are
	if err := s.openPool(ctx, config); err != nil {
		return err
	}
	if err := checkServer(ctx, s.reader); err != nil {
		return err
	}
	return s.createSchema(ctx)
}

// createSchema makes the schema if it is not there. A user who may not create one needs it made by the administrator.
func (s *Store) createSchema(ctx context.Context) error {
	const (
		there  = `SELECT count(*) FROM information_schema.schemata WHERE schema_name = $1`
		create = `CREATE SCHEMA IF NOT EXISTS ` + mirrorSchema
	)
	count, err := one(ctx, s.reader, scanInt, there, mirrorSchema)
	if err != nil || count > 0 {
		return err
	}
	if _, err := exec(ctx, s.writer, create); err != nil && !isUnique(err) { // another process may have made it just now
		return fmt.Errorf("create the schema %s: %w", mirrorSchema, err)
	}
	return nil
}

// prepareFile takes the directory's lock of that name and makes the file in it private.
func prepareFile(directory, name, lock string) (release func() error, path string, err error) {
	if err := os.MkdirAll(directory, directoryMode); err != nil {
		return nil, "", fmt.Errorf("data directory: %w", err)
	}
	if release, err = lockFile(filepath.Join(directory, lock)); err != nil {
		return nil, "", err
	}
	path = filepath.Join(directory, name)
	if err := makePrivate(path); err != nil {
		return nil, "", errors.Join(fmt.Errorf("database file: %w", err), release())
	}
	return release, path, nil
}
