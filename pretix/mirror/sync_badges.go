package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Badges is the resource under which the State of what is printed on an event's badges stands. Its rows are kept apart
// from the orders, and not counted.
const Badges = "badges"

const (
	badgePages = 4                // of an event in one round: pretix works on each for a second or more
	badgeTime  = 10 * time.Second // of a round: after it, what has changed is more urgent
)

// hasEnough says after a page of what can wait whether it has had its time in this round.
func (r *round) hasEnough(resource Resource) bool {
	return resource.pages > 0 && r.Now().After(r.enough)
}

// badgeResource are the orders once more, with what is printed on their badges: pretix makes some seventy texts for each
// position, which takes it seven times as long as all the rest. Nobody is shown these rows, so here it is include, not
// exclude. An older pretix that knows no include sends everything, and that is as good.
func badgeResource() Resource {
	return Resource{
		Name: Badges, PerEvent: true, Path: "orders/", how: walked, pages: badgePages,
		sinceParameter: "modified_since", sinceField: "last_modified",
		parameters: map[string]string{"testmode": "false", "pdf_data": "true"},
		include:    []string{placedField, "last_modified", "positions.id", "positions.item", "positions.pdf_data"},
	}
}

// pullBadges fetches what is printed on badges, a little in each round, after all else: first for those that have waited
// longest. What fails here keeps nothing else waiting.
func (r *round) pullBadges(ctx context.Context, events []string) error {
	states := make([]State, len(events))
	for i, event := range events {
		var err error
		if states[i], err = r.Keeper.State(ctx, Key{Resource: Badges, Event: event}); err != nil {
			return fmt.Errorf("pull: %w", err)
		}
	}
	slices.SortStableFunc(states, func(a, b State) int { return a.Tried.Compare(b.Tried) })
	r.enough = r.Now().Add(badgeTime)
	for _, state := range states {
		if r.Now().After(r.enough) {
			return nil
		}
		err := r.pullBadgesOf(ctx, state)
		switch {
		case errors.Is(err, errEvent):
		case errors.Is(err, ErrBusy) || errors.Is(err, ErrSilent):
			return nil // the State says so
		case err != nil:
			return err
		}
	}
	return nil
}

// pullBadgesOf goes on with one event. Orders come first, and where no badge is printed there is nothing to be fetched.
func (r *round) pullBadgesOf(ctx context.Context, state State) error {
	orders, err := r.Keeper.State(ctx, Key{Resource: Orders, Event: state.Event})
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if !orders.Ready() || state.rests(r.Now()) {
		return nil
	}
	badged, err := ReadBadged(ctx, r.Keeper, state.Event)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if badged.None() {
		return nil
	}
	if of := badged.String(); state.Progress.Of != of { // others have a badge now: all orders are gone through again
		state.Progress = Progress{Of: of}
	}
	if err := r.fetchWalked(ctx, badgeResource(), state); err != nil {
		return r.failed(ctx, state, err)
	}
	return nil
}

// Badged says for which products badges are printed. Source: wire 5.4.
type Badged struct {
	others bool           // the event has a default layout, for what has none of its own
	items  map[int64]bool // false: assigned to no layout, so there is none
}

// allOf is the part of a Keeper that has configuration.
type allOf interface {
	All(ctx context.Context, key Key) ([]json.RawMessage, error)
}

// ReadBadged reads an event's layouts of badges, and which products have which. What cannot be read has none.
func ReadBadged(ctx context.Context, from allOf, event string) (Badged, error) {
	b := Badged{items: map[int64]bool{}}
	layouts, err := from.All(ctx, Key{Resource: Layouts, Event: event})
	if err != nil {
		return b, err
	}
	for _, raw := range layouts {
		var layout struct {
			Default bool `json:"default"`
		}
		b.others = json.Unmarshal(raw, &layout) == nil && layout.Default || b.others
	}
	assignments, err := from.All(ctx, Key{Resource: BadgeItems, Event: event})
	if err != nil {
		return b, err
	}
	for _, raw := range assignments {
		var a struct {
			Item   int64  `json:"item"`
			Layout *int64 `json:"layout"`
		}
		if json.Unmarshal(raw, &a) == nil {
			b.items[a.Item] = b.items[a.Item] || a.Layout != nil
		}
	}
	return b, nil
}

// Has says whether badges are printed for a product.
func (b Badged) Has(item int64) bool {
	prints, assigned := b.items[item]
	if !assigned {
		return b.others
	}
	return prints
}

// None says that no badge is printed for anything.
func (b Badged) None() bool {
	for _, prints := range b.items {
		if prints {
			return false
		}
	}
	return !b.others
}

// String describes which products have a badge: two that describe the same are the same. It is kept as Progress.Of.
func (b Badged) String() string { return fmt.Sprint(b.others, b.items) }
