package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/einlass/einlass/scanproxy"
)

// tallies collects how one transaction changes the counts of tickets, and which tickets it changes. A status adds up the
// counts that are kept instead of looking at every ticket; see decision 0014.
type tallies struct {
	counts  map[tallyKey]tally
	tickets map[int64]bool // ids
}

func newTallies() tallies { return tallies{counts: map[tallyKey]tally{}, tickets: map[int64]bool{}} }

// tallyKey names a count: of tickets of one kind or, with a list, of their check-ins there.
type tallyKey struct {
	event                     string
	list                      int64 // 0: counts tickets
	item, variation, subevent int64
	class                     string
}

// tally is a count, or by how much one changes: tickets, those with an entry on the list, those whose last check-in there is
// an entry.
type tally struct{ total, entered, inside int64 }

// Classes of tickets that some list counts.
const (
	classPaid    = "p"
	classValid   = "v" // pending, but let in all the same
	classPending = "n" // counted where unpaid tickets are on the list
)

// class returns "" for a ticket that no list counts. Source: scanproxy.List.Counts.
func class(o scanproxy.Order) string {
	switch {
	case o.Status == scanproxy.Paid:
		return classPaid
	case o.Status == scanproxy.Pending && o.ValidIfPending:
		return classValid
	case o.Status == scanproxy.Pending:
		return classPending
	}
	return ""
}

// add counts a ticket in (1) or out (-1).
func (c tallies) add(t scanproxy.Ticket, sign int64) {
	c.tickets[t.ID] = true
	kind := class(t.Order)
	if kind == "" {
		return
	}
	key := tallyKey{event: t.Event, item: t.Item, variation: t.Variation, subevent: t.SubEvent, class: kind}
	c.count(key, tally{total: sign})
	for _, list := range listsOf(t.Checkins) {
		entered, inside := visited(t.Checkins, list)
		key.list = list
		c.count(key, tally{entered: sign * number(entered), inside: sign * number(inside)})
	}
}

func (c tallies) count(key tallyKey, by tally) {
	n := c.counts[key]
	c.counts[key] = tally{n.total + by.total, n.entered + by.entered, n.inside + by.inside}
}

// visited says whether there was an entry on the list, and whether the last check-in there is one. Check-ins come by id,
// so that of two at one moment the later one counts, as in scanproxy.CountStatus.
func visited(checkins []scanproxy.Checkin, list int64) (entered, inside bool) {
	var last scanproxy.Checkin
	for _, c := range checkins {
		if c.List != list {
			continue
		}
		entered = entered || c.Type == scanproxy.Entry
		if !c.At.Before(last.At) {
			last, inside = c, c.Type == scanproxy.Entry
		}
	}
	return entered, inside
}

func listsOf(checkins []scanproxy.Checkin) (lists []int64) {
	met := map[int64]bool{}
	for _, c := range checkins {
		if !met[c.List] {
			met[c.List] = true
			lists = append(lists, c.List)
		}
	}
	return lists
}

// put adds the counts to those that are kept, and notes which tickets have changed.
func (c tallies) put(ctx context.Context, s *session) error {
	const query = `INSERT INTO tallies (event, list, item, variation, subevent, class, total, entered, inside)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (event, list, item, variation, subevent, class) DO UPDATE SET total = tallies.total + excluded.total,
			entered = tallies.entered + excluded.entered, inside = tallies.inside + excluded.inside`
	for key, n := range c.counts {
		if n == (tally{}) {
			continue
		}
		if _, err := exec(ctx, s, query, key.event, key.list, key.item, key.variation, key.subevent, key.class,
			n.total, n.entered, n.inside); err != nil {
			return err
		}
	}
	return c.note(ctx, s)
}

// changesKept is how many changes stay noted: at full speed as many as come in some minutes.
const changesKept = 10_000

// note says which tickets were written or removed, for changesSince. Writers of the copy wait for each other, so the
// numbers have no gaps.
func (c tallies) note(ctx context.Context, s *session) error {
	const (
		add   = `INSERT INTO changes (id, positions) SELECT coalesce(max(id), 0) + 1, $1 FROM changes RETURNING id`
		prune = `DELETE FROM changes WHERE id <= $1`
	)
	if len(c.tickets) == 0 {
		return nil
	}
	text, err := json.Marshal(slices.Sorted(maps.Keys(c.tickets)))
	if err != nil {
		return err
	}
	id, err := one(ctx, s, scanInt, add, string(text))
	if err != nil {
		return err
	}
	_, err = exec(ctx, s, prune, id-changesKept)
	return err
}

// changedTickets is which tickets have been written or removed since a change, whether these are all, and which change
// was the last.
type changedTickets struct {
	positions []int64
	complete  bool
	last      int64
}

// changeLine is the last change, and one of those that were asked for, "[]" if there is none.
type changeLine struct {
	last      int64
	positions string
}

// beforeAll is a change from so long ago that none of those after it is asked for.
const beforeAll = -1 - changesKept

// askChanges asks for what changedSince is made of. That changes end where the newest one may be at most says nothing new,
// but has PostgreSQL expect few, so that it need not plan anew for each number.
func askChanges(q *questions, to *[]changeLine, after int64) {
	const query = `SELECT newest.id, coalesce(c.positions, '[]') FROM (SELECT coalesce(max(id), 0) AS id FROM changes) newest
		LEFT JOIN changes c ON c.id > $1 AND c.id <= $2 AND newest.id <= $2`
	ask(q, to, func(from row) (l changeLine, err error) {
		err = from.Scan(&l.last, &l.positions)
		return l, err
	}, query, after, after+changesKept)
}

func changedSince(after int64, lines []changeLine) (c changedTickets, err error) {
	for _, l := range lines {
		var some []int64
		if err := json.Unmarshal([]byte(l.positions), &some); err != nil {
			return changedTickets{}, err
		}
		c.last, c.positions = l.last, append(c.positions, some...)
	}
	c.complete = c.last >= after && c.last <= after+changesKept
	return c, nil
}

func (s *session) changesSince(ctx context.Context, after int64) (changedTickets, error) {
	var q questions
	var lines []changeLine
	askChanges(&q, &lines, after)
	if err := s.answer(ctx, q); err != nil {
		return changedTickets{}, err
	}
	return changedSince(after, lines)
}
