package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/einlass/einlass/pretix"
)

// Raw is where raw objects come from: *pretix.Client.
type Raw interface {
	RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error)
	RawObject(ctx context.Context, event, path string) (json.RawMessage, error)
	File(ctx context.Context, address string) (pretix.File, error)
}

var _ Raw = (*pretix.Client)(nil)

const (
	defaultParallel = 4
	defaultPause    = 20 * time.Millisecond
	completeAfter   = 24 * time.Hour // by then all is compared, which finds what was deleted
	// overlap is how much earlier than the last time is asked for: what pretix was about to commit then had its time of
	// change already, but was not to be seen yet.
	overlap = 10 * time.Second
)

// Puller brings the copy up to date, round by round. Its fields are set once, before the first round. Rounds must not
// overlap.
type Puller struct {
	Source Raw
	Keeper Keeper
	Events func(ctx context.Context) ([]string, error) // slugs of those to copy

	Parallel  int           // pages at the same time when all orders are fetched; default 4
	PerMinute int           // requests; 0: as fast as pretix lets us. It slows down by itself when pretix asks for it
	Fresh     time.Duration // how young somebody who reads events, dates and check-in lists wants them; 0: nobody does
	Pause     time.Duration // between transactions, so that scans get their turn; default 20 ms, below 0 none
	Now       func() time.Time
	Sleep     func(ctx context.Context, d time.Duration) error // nil: by the clock
	Log       *slog.Logger                                     // nil: silence

	throttle throttle
}

// Round fetches what is due. What fails is noted in its State, is tried again later, and keeps nothing else from being
// fetched; the errors that Round returns are those that end it: of the database, and ErrRevoked, ErrBusy and ErrSilent.
func (p *Puller) Round(ctx context.Context) error {
	p.throttle.begin(p.PerMinute)
	r := &round{Puller: p}
	if err := r.pullLists(ctx, "", func(of Resource) bool { return !of.PerEvent }); err != nil {
		return err
	}
	events, err := p.Events(ctx)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	for _, event := range events {
		if err := r.pullEvent(ctx, event); err != nil {
			return err
		}
	}
	return r.pullBadges(ctx, events)
}

// round is one round of a Puller.
type round struct {
	*Puller
	silent atomic.Int64 // requests in a row that nobody answered
	enough time.Time    // until when it fetches what can wait
}

// pullEvent fetches what belongs to an event, as long as pretix lets us.
func (r *round) pullEvent(ctx context.Context, event string) error {
	for _, stage := range []func(of Resource) bool{
		func(of Resource) bool { return of.Name == Event }, // if it is denied, so is the rest
		func(of Resource) bool { return of.Name != Event && of.how != walked },
		func(of Resource) bool { return of.how == walked },
	} {
		err := r.pullLists(ctx, event, func(of Resource) bool { return of.PerEvent && stage(of) })
		if errors.Is(err, errEvent) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return r.pullFiles(ctx, event)
}

// pullLists fetches some lists, as many at the same time as pages of orders: most of them are short, so that the time goes
// into waiting for pretix.
func (r *round) pullLists(ctx context.Context, event string, wanted func(Resource) bool) error {
	due, err := r.due(ctx, event, wanted)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.parallel())
	for _, list := range due {
		group.Go(func() error { return r.pull(ctx, list.Resource, list.state) })
	}
	return group.Wait()
}

// dueList is a list that is to be fetched, and how far it is.
type dueList struct {
	Resource
	state State
}

// due returns which of the wanted lists are to be fetched now. An error: one of them keeps us from all.
func (r *round) due(ctx context.Context, event string, wanted func(Resource) bool) (due []dueList, err error) {
	for _, resource := range Resources() {
		if !wanted(resource) {
			continue
		}
		state, err := r.Keeper.State(ctx, Key{Resource: resource.Name, Event: event})
		if err != nil {
			return nil, fmt.Errorf("pull: %w", err)
		}
		now := r.Now()
		if !state.rests(now) && (resource.every == 0 || !within(now, state.Succeeded, r.every(resource))) {
			due = append(due, dueList{resource, state})
			continue
		}
		if err := r.stillBarred(state, now); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// pull fetches one list and notes how that went.
func (r *round) pull(ctx context.Context, resource Resource, state State) error {
	err := r.fetch(ctx, resource, state)
	if err == nil {
		r.silent.Store(0)
		return nil
	}
	return r.failed(ctx, state, err)
}

func (r *round) fetch(ctx context.Context, resource Resource, state State) error {
	switch resource.how {
	case whole:
		return r.fetchWhole(ctx, resource, state)
	case full, changed:
		return r.fetchList(ctx, resource, state)
	case since:
		return r.fetchSince(ctx, resource, state)
	case walked:
		return r.fetchWalked(ctx, resource, state)
	}
	return fmt.Errorf("pull %s: no way to fetch it", resource.Name)
}

// fetchWhole fetches a single object.
func (r *round) fetchWhole(ctx context.Context, resource Resource, state State) error {
	if err := r.turn(ctx); err != nil {
		return err
	}
	raw, err := r.Source.RawObject(ctx, state.Event, resource.Path)
	if err != nil {
		return err
	}
	return r.Keeper.Apply(ctx, Batch{Key: state.Key, Rows: []json.RawMessage{raw}, Complete: true, At: r.Now(), Done: true})
}

func (r *round) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
