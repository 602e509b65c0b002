package store

import (
	"context"
	"fmt"
)

const (
	checkpointEvery = 8        // transactions, of about a megabyte each
	walLimit        = 64 << 20 // bytes; above it readers are made to let go of the file
)

// checkpoint moves what was written into the database file, now and then. Only the writer of the copy waits for it, and
// no scan waits for that one.
func (m *Mirror) checkpoint(ctx context.Context) error {
	if m.shared() || m.writes.Add(1) < checkpointEvery {
		return nil
	}
	m.writes.Store(0)
	pages, err := m.runCheckpoint(ctx, "PASSIVE")
	if err == nil && pages*4096 > walLimit {
		_, err = m.runCheckpoint(ctx, "TRUNCATE")
	}
	return err
}

// runCheckpoint returns how many pages the log holds.
func (m *Mirror) runCheckpoint(ctx context.Context, mode string) (int64, error) {
	var pages int64
	err := use(ctx, m.lanes.write, func(l *lane) (err error) {
		pages, err = one(ctx, l, func(from row) (pages int64, err error) {
			var busy, moved int64 // busy: a reader was in the way, the next time will do
			err = from.Scan(&busy, &pages, &moved)
			return pages, err
		}, `PRAGMA wal_checkpoint(`+mode+`)`)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("checkpoint: %w", err)
	}
	return pages, nil
}
