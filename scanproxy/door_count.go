package scanproxy

import (
	"context"
	"maps"
	"slices"
)

// ownCount is what our own scans add to what the local copy counts on a list. It is kept from one count to the next: after
// a day without internet that is most of the event, and while the copy stays as it is only new scans change it.
type ownCount struct {
	valid      bool
	generation int64             // of the copy that it was counted against
	last       int64             // id of the newest visit in it
	visits     map[int64][]Visit // by position
	more       Status
}

// lateRows is how far back visits are read again: rows of PostgreSQL become visible when their transactions end, and some
// of smaller ids end later.
const lateRows = 500

// count takes what pretix has from the local copy, where a database counts it, and adds what our own scans change.
func (d *Door) count(ctx context.Context, at Selection) (Status, error) {
	own := d.statuses.ours(at)
	s, exact, err := d.countNew(ctx, at, own)
	if err == nil && !exact {
		s, _, err = d.countNew(ctx, at, own)
	}
	return s, err
}

// countNew counts what is new in own, or everything if the copy has changed since. It is not exact if the copy changes
// while only what is new is counted; own begins anew then.
func (d *Door) countNew(ctx context.Context, at Selection, own *ownCount) (s Status, exact bool, err error) {
	desks, generation, err := d.desks(ctx, []Selection{at})
	if err != nil {
		return Status{}, false, err
	}
	event, list := desks[0].Event, desks[0].List
	all := !own.valid || own.generation != generation
	if all {
		*own = ownCount{visits: map[int64][]Visit{}, more: CountStatus(event, list, nil, d.Language, nil)}
	}
	own.valid = false // until all has gone well
	visits, err := d.Journal.VisitsSince(ctx, at.List, own.last-lateRows)
	if err != nil {
		return Status{}, false, err
	}
	before := own.add(visits)
	// The journal was read first: what becomes settled in between is in the copy, and recognised there.
	s, tickets, err := d.Finder.Count(ctx, at, d.Language, slices.Sorted(maps.Keys(before)))
	if err != nil {
		return Status{}, false, err
	}
	was := CountStatus(event, list, tickets, d.Language, func(t Ticket) []OwnCheckin { return checkinsOf(before[t.ID]) })
	is := CountStatus(event, list, tickets, d.Language, func(t Ticket) []OwnCheckin { return checkinsOf(own.visits[t.ID]) })
	own.more = own.more.plus(is, 1).plus(was, -1)
	now, err := d.Copy.Generation(ctx)
	if err != nil {
		return Status{}, false, err
	}
	own.generation, own.valid = generation, now == generation
	return s.plus(own.more, 1), all || own.valid, nil
}

// add takes new visits in, and returns for each ticket that has some what was known of it before.
func (o *ownCount) add(visits []Visit) (before map[int64][]Visit) {
	before = map[int64][]Visit{}
	for _, v := range visits {
		known := o.visits[v.Position]
		if slices.ContainsFunc(known, func(k Visit) bool { return k.ID == v.ID }) {
			continue
		}
		if _, noted := before[v.Position]; !noted {
			before[v.Position] = known
		}
		o.visits[v.Position] = append(slices.Clip(known), v)
		o.last = max(o.last, v.ID)
	}
	return before
}

func checkinsOf(visits []Visit) []OwnCheckin {
	own := make([]OwnCheckin, len(visits))
	for i, v := range visits {
		own[i] = v.OwnCheckin
	}
	return own
}
