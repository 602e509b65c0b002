package scanproxy

import (
	"context"
	"slices"
)

// ownCount is what our own scans add to what the local copy counts on a list, for one count at a time. After a day
// without internet that is most of the event, so it is kept from one count to the next: only tickets that were scanned,
// uploaded or fetched meanwhile are looked at again. See decision 0014. The zero value has counted nothing.
type ownCount struct {
	copied  CopyMark    // of the copy that it is in step with, but for
	behind  []int64     // tickets which changed there before that, after their visits were read
	written JournalMark // up to where the journal was read
	shares  map[int64]share
	sums    map[product]Headcount
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

// catchUp brings own in step with the journal first, then with the copy: what becomes settled in between is in the copy,
// and recognised there. It is not done where a ticket changed in the copy after its visits were read, or long ago.
func (d *Door) catchUp(ctx context.Context, at Selection, own *ownCount) (s Status, done bool, err error) {
	var positions []int64
	written := own.written
	if own.copied != (CopyMark{}) { // before, all that is wanted is a mark
		changed, err := d.Journal.Changed(ctx, at.List, own.written)
		if err != nil {
			return Status{}, false, err
		}
		if !changed.Complete {
			*own = ownCount{copied: own.copied}
			return Status{}, false, nil
		}
		positions, written = slices.Concat(changed.Positions, own.behind), changed.Mark
		slices.Sort(positions)
		positions = slices.Compact(positions)
	}
	visits, err := d.Journal.Visits(ctx, at.List, positions)
	if err != nil {
		return Status{}, false, err
	}
	counted, err := d.Finder.Count(ctx, at, d.Language, positions, own.copied)
	if err != nil {
		return Status{}, false, err
	}
	if own.copied == (CopyMark{}) || !counted.Complete {
		*own = ownCount{copied: counted.Mark}
		return counted.Status, false, nil
	}
	own.replace(positions, visits, counted)
	own.written, own.copied = written, counted.Mark
	own.behind = slices.DeleteFunc(counted.Changed, func(p int64) bool { _, visited := own.shares[p]; return !visited })
	for of, n := range own.sums {
		counted.Status.Add(of.item, of.variation, n)
	}
	return counted.Status, len(own.behind) == 0, nil
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
