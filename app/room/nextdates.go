package room

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/einlass/einlass/pretix"
)

// shownDates is how many dates the room view lists.
const shownDates = 3

// NextDates returns the next dates of a room, at most three: its own, and the SubEvents that carry its link, each once,
// those that run now included. Of what cannot be read the rest is returned, with the error.
func (b *Bridge) NextDates(ctx context.Context, r Room, language string, zone *time.Location) ([]ShownDate, error) {
	now := b.Now()
	own, err := b.Store.Dates(ctx, r.ID, now, shownDates)
	if err != nil {
		err = fmt.Errorf("read dates: %w", err)
	}
	type at struct {
		event string
		id    int64
	}
	var dates []ShownDate
	pushed := map[at]bool{}
	for _, slug := range b.Rules.Events {
		found, failure := b.linkedDates(ctx, r, slug, now)
		err = errors.Join(err, failure)
		for _, f := range found {
			pushed[at{slug, f.sub.ID}] = true
			dates = append(dates, shownSubEvent(f.sub, language, f.loc))
		}
	}
	for _, d := range own {
		if !pushed[at{d.Event, d.SubEvent}] {
			dates = append(dates, ShownDate{Title: cmp.Or(d.Title, r.Name), From: d.From.In(zone), To: d.To.In(zone)})
		}
	}
	slices.SortStableFunc(dates, func(a, b ShownDate) int { return a.From.Compare(b.From) })
	dates = slices.CompactFunc(dates, func(a, b ShownDate) bool { return a.From.Equal(b.From) }) // a room has one date at a time
	return dates[:min(len(dates), shownDates)], err
}

type linkedDate struct {
	sub pretix.SubEvent
	loc *time.Location
}

// linkedDates returns the public dates of one series whose participant link leads into the room and that are not over. A
// date whose link cannot be read leaves the others be.
func (b *Bridge) linkedDates(ctx context.Context, r Room, slug string, now time.Time) (found []linkedDate, failure error) {
	event, err := b.Catalog.Event(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	loc, err := event.Location()
	if err != nil {
		return nil, err
	}
	subs, err := b.Catalog.SubEvents(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("read dates of %s: %w", slug, err)
	}
	for _, sub := range subs {
		if !sub.Active || !sub.IsPublic || endOf(sub, loc).Before(now) {
			continue
		}
		link, err := b.participantLink(ctx, sub)
		if err != nil {
			failure = err
			continue
		}
		if s, err := ParseLink(link, b.Rules.Bases); err == nil && s == r.Slug {
			found = append(found, linkedDate{sub, loc})
		}
	}
	return found, failure
}

func shownSubEvent(sub pretix.SubEvent, language string, loc *time.Location) ShownDate {
	d := ShownDate{Title: sub.Name.In(language), From: sub.From.In(loc)}
	if sub.To != nil {
		d.To = sub.To.In(loc)
	}
	return d
}
