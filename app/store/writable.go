package store

import (
	"context"
	"errors"
	"fmt"
)

// Writable tries whether the database can be written, and leaves nothing behind.
func Writable(ctx context.Context, o Options) error {
	s, err := connect(ctx, o)
	if err != nil {
		return fmt.Errorf("write to the database: %w", err)
	}
	if err := errors.Join(s.tryWriting(ctx), s.Close()); err != nil {
		return fmt.Errorf("write to the database: %w", err)
	}
	return nil
}

func (s *Store) tryWriting(ctx context.Context) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, failed := exec(ctx, tx, `CREATE TABLE einlass_tries (n INTEGER)`)
	return errors.Join(failed, tx.Rollback())
}

// MirrorStatus returns the version of the copy's database, 0 if it is new, and the version this program would bring it
// to. It applies nothing.
func MirrorStatus(ctx context.Context, o Options) (have, want int64, err error) {
	s, err := connectMirror(ctx, o)
	if err != nil {
		return 0, 0, fmt.Errorf("read version of the copy: %w", err)
	}
	have, want, err = s.versions(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return have, want, fmt.Errorf("read version of the copy: %w", err)
	}
	return have, want, nil
}
