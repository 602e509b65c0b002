package mirror

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// ReadThrough is a Reader that asks its source when it does not know, and remembers. Where there is a copy of pretix, what
// the copy holds counts as known. It is safe for concurrent use.
//
// A fetch runs in a goroutine of its own, so that a reader who gives up does not fail the others who wait for the same
// thing; it ends by itself, after 30 s at the latest.
type ReadThrough struct {
	source Source
	opts   Options
	copy   *synced // nil: there is none
	flight singleflight.Group

	mu         sync.Mutex // guards what is below: a fetch begun before Invalidate must not store after it
	entries    *lru.Cache[key, entry]
	generation int
	copyFrom   time.Time // what was copied before does not count
}

// New returns a ReadThrough. It does not talk to the source.
func New(source Source, opts Options) (*ReadThrough, error) {
	opts, err := opts.complete()
	if err != nil {
		return nil, err
	}
	entries, err := lru.New[key, entry](opts.Size)
	if err != nil {
		return nil, fmt.Errorf("mirror: %w", err)
	}
	copied, err := newSynced(opts.Copy, opts.Size)
	if err != nil {
		return nil, err
	}
	return &ReadThrough{source: source, opts: opts, copy: copied, entries: entries}, nil
}

// Invalidate forgets everything, as after a change of ours at pretix. What is being fetched right now reaches its
// readers and is not kept; what a Puller is fetching does not count, nor does what it fetched before.
func (m *ReadThrough) Invalidate() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries.Purge()
	m.generation++
	m.copyFrom = m.opts.Now().Add(fetchTimeout)
}

// fetch gets one thing from the source.
type fetch[T any] func(ctx context.Context) (T, error)

// read returns what k names: fresh from memory or from the copy, else from the source, else from there while it is not too
// old.
func read[T any](ctx context.Context, m *ReadThrough, k key, get fetch[T]) (T, error) {
	var none T
	known, generation, copyErr := m.look(ctx, k)
	now := m.opts.Now()
	if known.fresh(now, m.opts.TTL) {
		return known.value.(T), nil
	}
	usable := known.usable(now, m.opts.StaleFor)
	if known.paused(now) {
		if usable {
			return known.value.(T), nil
		}
		return none, known.err
	}
	value, err := m.ask(ctx, k, generation, usable, func(ctx context.Context) (any, error) { return get(ctx) })
	if err == nil {
		return value.(T), nil
	}
	if errors.Is(err, errSlow) { // the next readers need not find out again
		m.store(k, generation, func(e entry) entry { return e.failed(err, m.opts.Now()) })
	}
	if usable && !isNo(err) {
		return known.value.(T), nil
	}
	if copyErr != nil {
		err = fmt.Errorf("%w; and the copy: %w", err, copyErr)
	}
	return none, err
}

// errSlow: the source takes longer than the reader's patience. It never leaves the package.
var errSlow = errors.New("mirror: pretix takes longer than the reader's patience")

// ask joins the fetch of k that is under way, or begins one, and waits for it.
func (m *ReadThrough) ask(ctx context.Context, k key, generation int, impatient bool, get fetch[any]) (any, error) {
	name := fmt.Sprintf("%d/%s/%s/%d", generation, k.kind, k.event, k.id)
	done := m.flight.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		value, err := get(ctx)
		m.keep(k, generation, value, err)
		return value, err
	})
	var slow <-chan time.Time
	if impatient {
		timer := time.NewTimer(m.opts.Patience)
		defer timer.Stop()
		slow = timer.C
	}
	select {
	case got := <-done:
		return got.Val, got.Err
	case <-slow:
		return nil, errSlow
	case <-ctx.Done():
		return nil, fmt.Errorf("read %s: %w", k.kind, ctx.Err())
	}
}

// look returns what is known, the copy included. An error is of the copy; the rest is good all the same.
func (m *ReadThrough) look(ctx context.Context, k key) (known entry, generation int, err error) {
	known, generation = m.remembered(k)
	now := m.opts.Now()
	if m.copy == nil || within(now, known.looked, lookAgain) {
		return known, generation, nil
	}
	copied, err := m.copy.entry(ctx, k)
	if err != nil {
		return known, generation, err
	}
	m.store(k, generation, func(e entry) entry {
		known = e.beside(copied, m.copyFrom, now)
		return known
	})
	return known, generation, nil
}

func (m *ReadThrough) remembered(k key) (entry, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, _ := m.entries.Get(k)
	return known, m.generation
}

// keep stores the outcome of a fetch.
func (m *ReadThrough) keep(k key, generation int, value any, err error) {
	if err == nil {
		m.store(k, generation, func(entry) entry { return succeeded(value, m.opts.Now()) })
		return
	}
	m.opts.Log.Warn("configuration of pretix not read", "what", k.kind, "event", k.event, "id", k.id, "error", err.Error())
	m.store(k, generation, func(e entry) entry { return e.failed(err, m.opts.Now()) })
}

// store changes what is known under k, unless everything was forgotten since that generation.
func (m *ReadThrough) store(k key, generation int, change func(entry) entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.generation != generation {
		return
	}
	known, _ := m.entries.Peek(k)
	m.entries.Add(k, change(known))
}
