package store

import (
	"context"
	"fmt"

	"github.com/einlass/einlass/scanproxy"
)

// Changed says which tickets have changed since a mark. See scanproxy.Finder.
func (m *Mirror) Changed(ctx context.Context, at scanproxy.Selection, since scanproxy.CopyMark) (c scanproxy.ChangedTickets, err error) {
	err = m.quick(ctx, func(s *session, _ int64) (err error) {
		if _, err = s.presentDesk(ctx, at); err != nil {
			return err
		}
		var q questions
		var changes []changeLine
		askChanges(&q, &changes, readAfter(since))
		if err = s.answer(ctx, q); err != nil {
			return err
		}
		c, err = s.changed(since, changes)
		return err
	})
	if err != nil {
		return scanproxy.ChangedTickets{}, fmt.Errorf("read changed tickets: %w", err)
	}
	return c, nil
}

// Count counts a list and looks at some of its event's tickets. See scanproxy.Finder.
func (m *Mirror) Count(ctx context.Context, at scanproxy.Selection, language string, positions []int64, since scanproxy.CopyMark) (
	c scanproxy.Counted, err error,
) {
	err = m.quick(ctx, func(s *session, _ int64) error {
		desk, err := s.presentDesk(ctx, at)
		if err != nil {
			return err
		}
		c = scanproxy.Counted{List: desk.List, Status: scanproxy.CountStatus(desk.Event, desk.List, nil, language, nil)}
		return s.count(ctx, &c, positions, since)
	})
	if err != nil {
		return scanproxy.Counted{}, fmt.Errorf("count tickets: %w", err)
	}
	return c, nil
}

// presentDesk returns an event and a list that are there, or the error that says what is not.
func (s *session) presentDesk(ctx context.Context, at scanproxy.Selection) (scanproxy.Desk, error) {
	desk, err := s.Desk(ctx, at, "")
	if err != nil {
		return desk, err
	}
	return desk, desk.Missing()
}

// count adds what is tallied, as scanproxy.CountStatus would, these tickets, and what has changed since a mark.
func (s *session) count(ctx context.Context, c *scanproxy.Counted, positions []int64, since scanproxy.CopyMark) (err error) {
	const query = `SELECT item, variation, subevent, class, total, entered, inside FROM tallies
		WHERE event = $1 AND list IN (0, $2)`
	var q questions
	var tallied []talliedLine
	var changes []changeLine
	ask(&q, &tallied, scanTallied, query, c.List.Event, c.List.ID)
	s.askTicketsToCount(&q, &c.Tickets, c.List.Event, positions)
	askChanges(&q, &changes, readAfter(since))
	if err := s.answer(ctx, q); err != nil {
		return err
	}
	for _, l := range tallied {
		if l.on(c.List) {
			c.Status.Add(l.item, l.variation, scanproxy.Headcount{Total: int(l.total), Entered: int(l.entered), Inside: int(l.inside)})
		}
	}
	c.Changed, err = s.changed(since, changes)
	return err
}

// readAfter returns the id behind which the changes since a mark are. The zero mark has none before it: who begins wants a
// mark to go on from, not all changes.
func readAfter(since scanproxy.CopyMark) int64 {
	if since == (scanproxy.CopyMark{}) {
		return beforeAll
	}
	return since.Tickets
}

// changed is what a status wants to know of the changes since a mark.
func (s *session) changed(since scanproxy.CopyMark, lines []changeLine) (scanproxy.ChangedTickets, error) {
	c, err := changedSince(readAfter(since), lines)
	return scanproxy.ChangedTickets{
		Positions: c.positions,
		Complete:  c.complete && since.Configuration == s.configuration,
		Mark:      scanproxy.CopyMark{Tickets: c.last, Configuration: s.configuration},
	}, err
}

type talliedLine struct {
	tallyKey
	tally
}

func scanTallied(from row) (l talliedLine, err error) {
	err = from.Scan(&l.item, &l.variation, &l.subevent, &l.class, &l.total, &l.entered, &l.inside)
	return l, err
}

// on says whether a list counts these tickets: by product, date, and whether they are paid.
func (l talliedLine) on(list *scanproxy.List) bool {
	return list.Admits(l.item) && (list.SubEvent == 0 || list.SubEvent == l.subevent) && (l.class != classPending || list.IncludePending)
}

// Queries for what decides whether and how a list counts a ticket. readCountedEach, for PostgreSQL, looks up one ticket after
// the other, see wantedIDs.
const (
	countedColumns  = `SELECT p.id, p.event, p.item, p.variation, p.subevent, p.checkins, o.status, o.valid_if_pending FROM `
	readCounted     = countedColumns + `positions p JOIN orders o ON o.code = p.order_code WHERE p.event = $1 AND p.id IN `
	readCountedEach = countedColumns + wantedIDs + ` JOIN positions p ON p.id = wanted.id JOIN orders o ON o.code = p.order_code
		WHERE p.event = $2`
)

// askTicketsToCount asks about tickets of an event.
func (s *session) askTicketsToCount(q *questions, to *[]scanproxy.Ticket, event string, ids []int64) {
	switch {
	case len(ids) == 0:
	case s.m.shared():
		ask(q, to, scanCounted, readCountedEach, unique(ids), event)
	default:
		for _, some := range pieces(anyOf(ids)) {
			ask(q, to, scanCounted, readCounted+`(`+numbered(2, len(some))+`)`, append([]any{event}, some...)...)
		}
	}
}

func scanCounted(from row) (t scanproxy.Ticket, err error) {
	var checkins string
	if err := from.Scan(&t.ID, &t.Event, &t.Item, &t.Variation, &t.SubEvent, &checkins, &t.Order.Status, yes{&t.Order.ValidIfPending}); err != nil {
		return t, err
	}
	t.Checkins, err = decodeCheckins(checkins)
	return t, err
}

// ticketsByID returns the tickets that are there.
func (s *session) ticketsByID(ctx context.Context, ids []int64) (found []scanproxy.Ticket, err error) {
	for _, some := range pieces(anyOf(ids)) {
		tickets, err := findTickets(ctx, s, `WHERE p.id IN (`+numbered(1, len(some))+`)`, some...)
		if err != nil {
			return nil, err
		}
		found = append(found, tickets...)
	}
	return found, nil
}
