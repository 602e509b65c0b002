package scanproxy

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// ownCount is what our own scans add to what the local copy counts on a list, for one count at a time. After a day
// without internet that is most of the event, so it is kept from one count to the next: only tickets that were scanned,
// uploaded or fetched meanwhile are looked at again. See decision 0014. The zero value has counted nothing.
type ownCount struct {
	countMarks
	shares map[int64]share
	sums   map[product]Headcount
}

// countMarks is up to where changes were read.
type countMarks struct {
	copied  CopyMark
	written JournalMark
}

// share is what the visits of one ticket add.
type share struct {
	product
	Headcount
}

type product struct{ item, variation int64 }

// countTries is how often a count looks again at tickets that change while it looks. What is left then is looked at by
// the next one.
const countTries = 5

// count takes what pretix has from the local copy, where a database counts it, and adds what our own scans change.
func (d *Door) count(ctx context.Context, at Selection) (s Status, err error) {
	own := d.statuses.ours(at)
	for range countTries {
		done := false
		if s, done, err = d.catchUp(ctx, at, own); err != nil || done {
			return s, err
		}
	}
	return s, nil
}

// catchUp brings own in step with what has changed. It reads visits before the copy: what becomes settled in between is in
// the copy, and recognised there. It is not done where a ticket changed in the copy meanwhile, which is among the changes
// of the next look.
func (d *Door) catchUp(ctx context.Context, at Selection, own *ownCount) (s Status, done bool, err error) {
	positions, marks, err := d.changed(ctx, at, own)
	if err != nil {
		return Status{}, false, err
	}
	visits, err := d.Journal.Visits(ctx, at.List, positions)
	if err != nil {
		return Status{}, false, err
	}
	counted, err := d.Finder.Count(ctx, at, d.Language, positions, marks.copied)
	if err != nil {
		return Status{}, false, err
	}
	if !counted.Changed.Complete {
		*own = ownCount{}
		return counted.Status, false, nil
	}
	own.replace(positions, visits, counted)
	own.countMarks = marks
	for of, n := range own.sums {
		counted.Status.Add(of.item, of.variation, n)
	}
	return counted.Status, len(own.among(counted.Changed.Positions)) == 0, nil
}

// changed returns the tickets whose share may be another than in own, once each, and up to where changes were read. Where
// not all changes are known any more, own is emptied, and they are all tickets with visits.
func (d *Door) changed(ctx context.Context, at Selection, own *ownCount) (positions []int64, now countMarks, err error) {
	var moved ChangedTickets
	var scanned ChangedVisits
	both, asking := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		moved, err = d.Finder.Changed(asking, at, own.copied)
		return err
	})
	both.Go(func() (err error) {
		scanned, err = d.Journal.Changed(asking, at.List, own.written)
		return err
	})
	err = both.Wait()
	if err == nil && own.shares != nil && !(moved.Complete && scanned.Complete) {
		*own = ownCount{}
		scanned, err = d.Journal.Changed(ctx, at.List, own.written)
	}
	if err != nil {
		return nil, now, err
	}
	positions = slices.Concat(scanned.Positions, own.among(moved.Positions))
	slices.Sort(positions)
	return slices.Compact(positions), countMarks{moved.Mark, scanned.Mark}, nil
}

// among returns those of these tickets that have visits.
func (o *ownCount) among(positions []int64) (visited []int64) {
	for _, p := range positions {
		if _, known := o.shares[p]; known {
			visited = append(visited, p)
		}
	}
	return visited
}

// replace puts new shares of these positions in the place of what they had.
func (o *ownCount) replace(positions []int64, visits []Visit, c Counted) {
	if o.shares == nil {
		o.shares, o.sums = map[int64]share{}, map[product]Headcount{}
	}
	for _, p := range positions {
		o.sum(o.shares[p], -1)
		delete(o.shares, p)
	}
	mine := map[int64][]OwnCheckin{}
	for _, v := range visits {
		mine[v.Position] = append(mine[v.Position], v.OwnCheckin)
		o.shares[v.Position] = share{} // one that is not in the copy may come
	}
	for _, t := range c.Tickets {
		with, without := c.List.headcount(t, mine[t.ID]), c.List.headcount(t, nil)
		if of := (share{product{t.Item, t.Variation}, with.plus(without, -1)}); len(mine[t.ID]) > 0 {
			o.shares[t.ID] = of
			o.sum(of, 1)
		}
	}
}

func (o *ownCount) sum(s share, sign int) {
	o.sums[s.product] = o.sums[s.product].plus(s.Headcount, sign)
}
