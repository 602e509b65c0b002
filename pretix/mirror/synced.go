package mirror

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/einlass/einlass/pretix"
)

// Objects is the configuration in the copy that a Puller fills: *store.Mirror.
type Objects interface {
	// Configuration returns the generation of the copy at which configuration changed last.
	Configuration(ctx context.Context) (int64, error)
	// State and All are those of a Keeper.
	State(ctx context.Context, key Key) (State, error)
	All(ctx context.Context, key Key) ([]json.RawMessage, error)
}

// synced reads configuration from the copy. What it returns are the entries that a ReadThrough would have, had it asked
// pretix when the Puller did. A zero entry: the copy does not hold it.
type synced struct {
	objects Objects
	decoded *ByGeneration[Key, any] // slices of rows, as decoded for their Key
}

func newSynced(objects Objects, size int) (*synced, error) {
	if objects == nil {
		return nil, nil
	}
	decoded, err := NewByGeneration[Key, any](size)
	return &synced{objects, decoded}, err
}

// entry returns what k names.
func (s *synced) entry(ctx context.Context, k key) (entry, error) {
	switch k.kind {
	case Event:
		return s.event(ctx, k)
	case subEvent:
		return s.date(ctx, k)
	case SubEvents:
		return s.dates(ctx, k)
	case Lists:
		return list[pretix.CheckinList](ctx, s, k)
	case Questions:
		return list[pretix.Question](ctx, s, k)
	case Items:
		return list[pretix.Item](ctx, s, k)
	}
	return entry{}, nil // meta properties: a device may not read them
}

func (s *synced) event(ctx context.Context, k key) (entry, error) {
	key := Key{Event, k.event}
	at, err := s.fetched(ctx, key)
	if err != nil || at.IsZero() {
		return entry{}, err
	}
	found, err := rows[pretix.Event](ctx, s, key)
	if err != nil || len(found) != 1 {
		return entry{}, err
	}
	return succeeded(found[0], at), nil
}

func (s *synced) date(ctx context.Context, k key) (entry, error) {
	all, at, err := s.allDates(ctx, k.event)
	for _, d := range all {
		if d.ID == k.id {
			return succeeded(d, at), err
		}
	}
	return entry{}, err
}

func (s *synced) dates(ctx context.Context, k key) (entry, error) {
	all, at, err := s.allDates(ctx, k.event)
	if err != nil || at.IsZero() {
		return entry{}, err
	}
	active := []pretix.SubEvent{}
	for _, d := range all {
		if d.Active {
			active = append(active, d)
		}
	}
	return succeeded(active, at), nil
}

// allDates returns the dates of a series and when all of them were fetched last: changes that came in since may not be all
// there were (compareEvery). The dates of all events come as one list, which does not tell an event without dates from one
// that the Puller's token may not see. So the event must be in the copy too, and they are as old as the older of the two.
func (s *synced) allDates(ctx context.Context, slug string) ([]pretix.SubEvent, time.Time, error) {
	state, err := s.objects.State(ctx, Key{Resource: SubEvents})
	if err != nil || !state.Ready() {
		return nil, time.Time{}, err
	}
	at, err := s.fetched(ctx, Key{Event, slug})
	if err != nil || at.IsZero() {
		return nil, time.Time{}, err
	}
	if state.Progress.Complete.Before(at) {
		at = state.Progress.Complete
	}
	all, err := rows[pretix.SubEvent](ctx, s, Key{SubEvents, slug})
	return all, at, err
}

func list[T any](ctx context.Context, s *synced, k key) (entry, error) {
	key := Key{k.kind, k.event}
	at, err := s.fetched(ctx, key)
	if err != nil || at.IsZero() {
		return entry{}, err
	}
	all, err := rows[T](ctx, s, key)
	if err != nil {
		return entry{}, err
	}
	return succeeded(all, at), nil
}

// fetched returns when a list was fetched last; zero: never.
func (s *synced) fetched(ctx context.Context, key Key) (time.Time, error) {
	state, err := s.objects.State(ctx, key)
	return state.Succeeded, err
}

// rows returns the rows of a list, which are decoded again when configuration has changed.
func rows[T any](ctx context.Context, s *synced, key Key) ([]T, error) {
	generation, err := s.objects.Configuration(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.decoded.Get(key, generation, func() (any, error) { return decode[T](ctx, s.objects, key) })
	all, _ := found.([]T)
	return all, err
}

func decode[T any](ctx context.Context, objects Objects, key Key) ([]T, error) {
	raws, err := objects.All(ctx, key)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(raws))
	for i, raw := range raws {
		if err := json.Unmarshal(raw, &all[i]); err != nil {
			return nil, fmt.Errorf("%s of %s in the copy: %w", key.Resource, key.Event, err)
		}
	}
	return all, nil
}
