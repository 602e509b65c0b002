package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
)

// Secret returns the random bytes kept under that name, made on first use. Processes on one database get the same.
// name: for example "cookie-key". size: bytes, at least 16; asking again with another size is an error.
func (s *Store) Secret(ctx context.Context, name string, size int) ([]byte, error) {
	const keep = `INSERT INTO settings (name, value, created_us) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`
	if size < 16 {
		return nil, fmt.Errorf("secret %q: %d bytes are too few, want at least 16", name, size)
	}
	fresh := make([]byte, size)
	if _, err := rand.Read(fresh); err != nil {
		return nil, fmt.Errorf("secret %q: %w", name, err)
	}

	var value []byte
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if _, err := exec(ctx, tx, keep, name, fresh, s.now()); err != nil {
			return err
		}
		value, err = one(ctx, tx, scanBytes, readSetting, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("secret %q: %w", name, err)
	}
	if len(value) != size {
		return nil, fmt.Errorf("secret %q: %d bytes are kept, want %d", name, len(value), size)
	}
	return value, nil
}

func scanBytes(from row) (value []byte, err error) {
	err = from.Scan(&value)
	return value, err
}
