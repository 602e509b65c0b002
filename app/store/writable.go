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
