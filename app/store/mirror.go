package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
)

// MirrorOptions say where the copy of pretix is and how it behaves.
type MirrorOptions struct {
	Options // URL as that of the Store: the copy lies beside it, in a file or schema of its own

	// Settler hears of every order that is stored, after that is committed. Nil: nobody does.
	Settler Settler
	// Retention is how long orders stay after the last of their dates. 0: for ever.
	Retention time.Duration
}

// Settler is told what the copy shows from a generation on. The Journal is one.
type Settler interface {
	Settle(ctx context.Context, f Fetched, generation int64) error
}

// Mirror is the local copy of pretix in a database: what a mirror.Puller fills (it is a mirror.Keeper), and what
// scanners are answered from (it is a scanproxy.Copy and a scanproxy.Finder). It is safe for concurrent use.
//
// Nothing in it is ever lost that could not be fetched again. It is written durably all the same: were it to fall back
// behind a check-in that it has shown, the journal, which has let go of it, would let the ticket in twice.
type Mirror struct {
	db        *Store
	settler   Settler
	retention time.Duration
	text      mirrorText
	names     nameBlocks

	generation atomic.Int64                // SQLite: the present one. PostgreSQL has other writers, so there it is asked for
	writes     atomic.Int64                // since the last checkpoint
	seen       atomic.Pointer[generations] // PostgreSQL: those that were read last

	configuration *mirror.ByGeneration[configurationKey, any]
	lanes         lanes // SQLite
	closing       sync.Once
}

// configurations is how many events and lists stay compiled.
const configurations = 4096

// OpenMirror opens the copy and brings it up to date; one that is not there is created empty. Its errors are those of Open.
func OpenMirror(ctx context.Context, o MirrorOptions) (*Mirror, error) {
	s, err := connectMirror(ctx, o.Options)
	if err != nil {
		return nil, fmt.Errorf("open copy of pretix: %w", err)
	}
	m := &Mirror{names: nameBlocks{fewHits: fewHits, size: blockSize}, db: s, settler: o.Settler, retention: o.Retention}
	if err := m.open(ctx); err != nil {
		return nil, fmt.Errorf("open copy of pretix: %w", errors.Join(err, m.Close()))
	}
	return m, nil
}

func (m *Mirror) open(ctx context.Context) (err error) {
	// A copy that is made anew must not begin with generations that an older one had: see Settler.
	const begin = `INSERT INTO generation (id, generation, configuration) VALUES (1, $1, $1) ON CONFLICT (id) DO NOTHING`
	if m.configuration, err = mirror.NewByGeneration[configurationKey, any](configurations); err != nil {
		return err
	}
	if _, _, err := m.db.migrate(ctx); err != nil {
		return err
	}
	if m.shared() {
		m.text = postgresText()
		if err := m.indexTickets(ctx); err != nil {
			return err
		}
	} else {
		m.text = sqliteText()
		m.lanes = openLanes(m.db)
	}
	if err := m.write(ctx, func(q querier) error {
		_, err := exec(ctx, q, begin, m.db.now())
		return err
	}); err != nil {
		return err
	}
	generation, err := m.storedGeneration(ctx)
	m.generation.Store(generation)
	return err
}

// Close ends all work with the copy. Nobody may use it any more. Calls after the first do nothing.
func (m *Mirror) Close() error {
	var failed error
	m.closing.Do(func() {
		if m.lanes.read != nil {
			failed = m.lanes.close()
		}
		failed = errors.Join(failed, m.db.Close())
	})
	return failed
}

// Engine returns "sqlite" or "postgres".
func (m *Mirror) Engine() string { return m.db.Engine() }

// Generation returns the present generation of the copy. See scanproxy.Copy.
func (m *Mirror) Generation(ctx context.Context) (int64, error) {
	if !m.shared() {
		return m.generation.Load(), nil // this process is the only one that writes
	}
	return m.storedGeneration(ctx)
}

func (m *Mirror) storedGeneration(ctx context.Context) (int64, error) {
	at, err := m.storedGenerations(ctx)
	return at.present, err
}

// Configuration returns the generation at which configuration changed last. See mirror.Objects.
func (m *Mirror) Configuration(ctx context.Context) (int64, error) {
	at, err := m.storedGenerations(ctx)
	return at.configuration, err
}

func (m *Mirror) storedGenerations(ctx context.Context) (generations, error) {
	at, err := readGenerations(ctx, m.db.reader)
	if err == nil {
		m.seen.Store(&at)
	}
	return at, err
}

func scanInt(from row) (n int64, err error) {
	err = from.Scan(&n)
	return n, err
}
