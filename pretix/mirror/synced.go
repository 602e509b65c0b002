package mirror

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/einlass/einlass/pretix"
)

// Objects is the configuration in the copy.
type Objects interface {
	// Configuration returns the generation of the copy at which configuration changed last.
	Configuration(ctx context.Context) (int64, error)
	// State and All are those of a Keeper.
	State(ctx context.Context, key Key) (State, error)
	All(ctx context.Context, key Key) ([]json.RawMessage, error)
}

// Synced is a Reader of the copy that a Puller fills. What is not copied, and what could not be copied for a day, it asks
// of another Reader. It is safe for concurrent use.
type Synced struct {
	objects Objects
	other   Reader
	now     func() time.Time
	decoded *ByGeneration[Key, any]
}

// NewSynced returns a Reader of objects. other: a ReadThrough.
func NewSynced(objects Objects, other Reader, now func() time.Time) (*Synced, error) {
	decoded, err := NewByGeneration[Key, any](defaultSize)
	if err != nil {
		return nil, err
	}
	return &Synced{objects: objects, other: other, now: now, decoded: decoded}, nil
}

// copied returns the rows of a list as they are in the copy; false when the copy is not to be trusted with it. fetched:
// the list with which they come.
func copied[T any](ctx context.Context, s *Synced, key, fetched Key) ([]T, bool, error) {
	state, err := s.objects.State(ctx, fetched)
	if err != nil {
		return nil, false, err
	}
	if !state.Ready() || !within(s.now(), state.Succeeded, defaultStaleFor) {
		return nil, false, nil
	}
	generation, err := s.objects.Configuration(ctx)
	if err != nil {
		return nil, false, err
	}
	all, err := s.decoded.Get(key, generation, func() (any, error) { return decoded[T](ctx, s.objects, key) })
	rows, _ := all.([]T)
	return rows, err == nil, err
}

func decoded[T any](ctx context.Context, objects Objects, key Key) ([]T, error) {
	raws, err := objects.All(ctx, key)
	if err != nil {
		return nil, err
	}
	rows := make([]T, len(raws))
	for i, raw := range raws {
		if err := json.Unmarshal(raw, &rows[i]); err != nil {
			return nil, fmt.Errorf("%s of %s in the copy: %w", key.Resource, key.Event, err)
		}
	}
	return rows, nil
}

// Event fulfils Reader.
func (s *Synced) Event(ctx context.Context, slug string) (pretix.Event, error) {
	key := Key{Event, slug}
	rows, ok, err := copied[pretix.Event](ctx, s, key, key)
	if err != nil || !ok || len(rows) != 1 {
		return orElse(err, func() (pretix.Event, error) { return s.other.Event(ctx, slug) })
	}
	return rows[0], nil
}

// SubEvent fulfils Reader.
func (s *Synced) SubEvent(ctx context.Context, event string, id int64) (pretix.SubEvent, error) {
	rows, _, err := copied[pretix.SubEvent](ctx, s, Key{SubEvents, event}, Key{Resource: SubEvents})
	for _, date := range rows {
		if date.ID == id {
			return date, nil
		}
	}
	return orElse(err, func() (pretix.SubEvent, error) { return s.other.SubEvent(ctx, event, id) })
}

// SubEvents fulfils Reader.
func (s *Synced) SubEvents(ctx context.Context, event string) ([]pretix.SubEvent, error) {
	rows, ok, err := copied[pretix.SubEvent](ctx, s, Key{SubEvents, event}, Key{Resource: SubEvents})
	if err != nil || !ok {
		return orElse(err, func() ([]pretix.SubEvent, error) { return s.other.SubEvents(ctx, event) })
	}
	coming := []pretix.SubEvent{}
	for _, date := range rows {
		if date.Active && !over(date, s.now()) {
			coming = append(coming, date)
		}
	}
	return coming, nil
}

// CheckinLists fulfils Reader.
func (s *Synced) CheckinLists(ctx context.Context, event string) ([]pretix.CheckinList, error) {
	return listed(ctx, s, Key{Lists, event}, s.other.CheckinLists)
}

// Questions fulfils Reader.
func (s *Synced) Questions(ctx context.Context, event string) ([]pretix.Question, error) {
	return listed(ctx, s, Key{Questions, event}, s.other.Questions)
}

// Items fulfils Reader.
func (s *Synced) Items(ctx context.Context, event string) ([]pretix.Item, error) {
	return listed(ctx, s, Key{Items, event}, s.other.Items)
}

// MetaDefault fulfils Reader. A device may not read the properties, so they are never in the copy.
func (s *Synced) MetaDefault(ctx context.Context, name string) (string, error) {
	return s.other.MetaDefault(ctx, name)
}

func listed[T any](ctx context.Context, s *Synced, key Key, other func(context.Context, string) ([]T, error)) ([]T, error) {
	rows, ok, err := copied[T](ctx, s, key, key)
	if err != nil || !ok {
		return orElse(err, func() ([]T, error) { return other(ctx, key.Event) })
	}
	return rows, nil
}

// orElse asks the other Reader, and only if that fails too, says what was wrong with the copy.
func orElse[T any](copyErr error, other func() (T, error)) (T, error) {
	value, err := other()
	if err != nil && copyErr != nil {
		err = fmt.Errorf("%w; and the copy: %w", err, copyErr)
	}
	return value, err
}
