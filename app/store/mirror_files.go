package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix/mirror"
)

// ErrNoFile is what File answers for a name that is not there.
var ErrNoFile = errors.New("no such file in the copy of pretix")

// File returns a file byte by byte as pretix has it. name: mirror.FileName of the address that an object refers to.
func (m *Mirror) File(ctx context.Context, name string) (data []byte, contentType string, err error) {
	const query = `SELECT data, content_type FROM files WHERE name = $1`
	type file struct {
		data []byte
		kind string
	}
	f, err := one(ctx, m.db.reader, func(from row) (f file, err error) {
		err = from.Scan(&f.data, &f.kind)
		return f, err
	}, query, name)
	if errors.Is(err, room.ErrNotFound) {
		return nil, "", ErrNoFile
	}
	if err != nil {
		return nil, "", fmt.Errorf("read file: %w", err)
	}
	return f.data, f.kind, nil
}

// HasFile says whether a file is there. See mirror.Keeper.
func (m *Mirror) HasFile(ctx context.Context, name string) (bool, error) {
	const query = `SELECT count(*) FROM files WHERE name = $1`
	n, err := one(ctx, m.db.reader, scanInt, query, name)
	if err != nil {
		return false, fmt.Errorf("read files: %w", err)
	}
	return n > 0, nil
}

// PutFile keeps a file. See mirror.Keeper.
func (m *Mirror) PutFile(ctx context.Context, f mirror.File) error {
	const put = `INSERT INTO files (name, address, content_type, data) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET content_type = excluded.content_type, data = excluded.data`
	err := m.write(ctx, func(q querier) error {
		data := f.Data
		if data == nil {
			data = []byte{}
		}
		_, err := exec(ctx, q, put, f.Name, f.Address, f.ContentType, data)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	return nil
}
