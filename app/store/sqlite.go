package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // driver "sqlite"
)

const (
	databaseName = "einlass.db"
	lockName     = "einlass.lock"

	directoryMode = 0o700
	fileMode      = 0o600 // names, tickets and keys are inside

	// readers is how many connections read at once: each maps the file, and four keep two cores busy.
	readers = 4
)

func (s *Store) connectSQLite(ctx context.Context, directory string) error {
	s.dialect = sqliteDialect()
	if err := os.MkdirAll(directory, directoryMode); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	release, err := lockFile(filepath.Join(directory, lockName))
	if err != nil {
		return err
	}
	s.onClose(release)

	path := filepath.Join(directory, databaseName)
	if err := makePrivate(path); err != nil {
		return fmt.Errorf("database file: %w", err)
	}
	if s.writer, err = s.openFile(writerDSN(path), 1); err != nil {
		return err
	}
	if err := checkDurable(ctx, s.writer); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	s.reader, err = s.openFile(readerDSN(path), readers)
	return err
}

func (s *Store) openFile(dsn string, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s.onClose(db.Close)
	return db, nil
}

// makePrivate creates the database, or takes it and SQLite's files beside it from everybody but the owner. SQLite
// gives the files that it creates later the mode of the database, so that is set before SQLite sees it.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return err
	}
	// The umask may have taken more away than we did.
	if err := errors.Join(file.Chmod(fileMode), file.Close()); err != nil {
		return err
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Chmod(path+suffix, fileMode); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// The pragmas stand in the DSN because each connection has its own.

func writerDSN(path string) string {
	return dsn(path, url.Values{
		"_txlock": {"immediate"}, // a transaction that reads first could not become a writer later
		"_pragma": {
			"busy_timeout(5000)", // ms; a backup tool may hold the file for a moment
			"journal_mode(WAL)",
			"synchronous(FULL)", // a commit is on disk when it returns
			"foreign_keys(1)",
			"secure_delete(1)", // what the retention period erases is overwritten, not only unlinked
		},
	})
}

func readerDSN(path string) string {
	return dsn(path, url.Values{
		"mode": {"ro"},
		"_pragma": {
			"busy_timeout(5000)",
			"mmap_size(1073741824)", // bytes; without it the slowest reads take a hundred times longer
		},
	})
}

func dsn(path string, parameters url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + parameters.Encode()
}

// checkDurable refuses a file on which a commit could be lost, for example on a file system without shared memory.
func checkDurable(ctx context.Context, db *sql.DB) error {
	var synchronous int
	if err := db.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&synchronous); err != nil {
		return fmt.Errorf("read synchronous: %w", err)
	}
	var journal string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&journal); err != nil {
		return fmt.Errorf("read journal_mode: %w", err)
	}
	if synchronous != 2 || journal != "wal" {
		return fmt.Errorf("SQLite runs with synchronous=%d and journal_mode=%s here, but 2 and wal are needed; "+
			"choose a directory on a local disk", synchronous, journal)
	}
	return nil
}
