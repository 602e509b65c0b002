package store

import "context"

// LogLeft writes the log of the copy back as far as readers let it, and returns how many of its pages are left. SQLite.
func (m *Mirror) LogLeft(ctx context.Context) (pages int64, err error) {
	err = use(ctx, m.lanes.write, func(l *lane) error {
		pages, err = one(ctx, l, func(from row) (int64, error) {
			var busy, all, moved int64
			err := from.Scan(&busy, &all, &moved)
			return all - moved, err
		}, `PRAGMA wal_checkpoint(PASSIVE)`)
		return err
	})
	return pages, err
}

// Reenter has one connection take a view, calls write, and returns what generation the connection shows then. SQLite.
func (m *Mirror) Reenter(ctx context.Context, write func()) (shown int64, err error) {
	err = use(ctx, m.lanes.read, func(l *lane) error {
		if _, err := l.enter(ctx, m.lanes.written.Load()); err != nil {
			return err
		}
		write()
		at, err := l.enter(ctx, m.lanes.written.Load())
		shown = at.present
		return err
	})
	return shown, err
}
