package store

import (
	"context"
	"fmt"

	"github.com/einlass/einlass/scanproxy"
)

// Count counts a list and looks at some of its event's tickets. See scanproxy.Finder.
func (m *Mirror) Count(ctx context.Context, at scanproxy.Selection, language string, positions []int64, since scanproxy.CopyMark) (
	c scanproxy.Counted, err error,
) {
	err = m.quick(ctx, func(s *session, _ int64) error {
		desk, err := s.Desk(ctx, at, "")
		if err != nil {
			return err
		}
		if err := desk.Missing(); err != nil {
			return err
		}
		c = scanproxy.Counted{List: desk.List, Status: scanproxy.CountStatus(desk.Event, desk.List, nil, language, nil)}
		c.Mark.Configuration = s.configuration
		return s.count(ctx, &c, positions, since)
	})
	if err != nil {
		return scanproxy.Counted{}, fmt.Errorf("count tickets: %w", err)
	}
	return c, nil
}

// count adds what is tallied, as scanproxy.CountStatus would, these tickets, and what has changed since a mark.
func (s *session) count(ctx context.Context, c *scanproxy.Counted, positions []int64, since scanproxy.CopyMark) error {
	const query = `SELECT item, variation, subevent, class, total, entered, inside FROM tallies
		WHERE event = $1 AND list IN (0, $2)`
	var q questions
	var tallied []talliedLine
	var changes []changeLine
	after := since.Tickets
	if since == (scanproxy.CopyMark{}) { // whoever begins wants a mark
		after = beforeAll
	}
	ask(&q, &tallied, scanTallied, query, c.List.Event, c.List.ID)
	askTicketsToCount(&q, &c.Tickets, c.List.Event, positions)
	askChanges(&q, &changes, after)
	if err := s.answer(ctx, q); err != nil {
		return err
	}
	for _, l := range tallied {
		if l.on(c.List) {
			c.Status.Add(l.item, l.variation, scanproxy.Headcount{Total: int(l.total), Entered: int(l.entered), Inside: int(l.inside)})
		}
	}
	changed, err := changedSince(after, changes)
	c.Changed, c.Mark.Tickets = changed.positions, changed.last
	c.Complete = changed.complete && since.Configuration == s.configuration
	return err
}

type talliedLine struct {
	tallyKey
	tally
}

func scanTallied(from row) (l talliedLine, err error) {
	err = from.Scan(&l.item, &l.variation, &l.subevent, &l.class, &l.total, &l.entered, &l.inside)
	return l, err
}

// on says whether a list counts it.
func (l talliedLine) on(list *scanproxy.List) bool {
	return list.Admits(l.item) && (list.SubEvent == 0 || list.SubEvent == l.subevent) && (l.class != classPending || list.IncludePending)
}

// askTicketsToCount asks of the event's tickets what decides whether and how a list counts them.
func askTicketsToCount(q *questions, to *[]scanproxy.Ticket, event string, ids []int64) {
	const query = `SELECT p.id, p.event, p.item, p.variation, p.subevent, p.checkins, o.status, o.valid_if_pending
		FROM positions p JOIN orders o ON o.code = p.order_code WHERE p.event = $1 AND p.id IN `
	for _, some := range pieces(anyOf(ids)) {
		ask(q, to, scanCounted, query+`(`+numbered(2, len(some))+`)`, append([]any{event}, some...)...)
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
