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
	err = m.read(ctx, func(s *session, _ int64) error {
		desk, err := s.Desk(ctx, at, "")
		if err != nil {
			return err
		}
		if err := desk.Missing(); err != nil {
			return err
		}
		c.List, c.Status = desk.List, scanproxy.CountStatus(desk.Event, desk.List, nil, language, nil)
		if err := s.count(ctx, desk.List, &c.Status); err != nil {
			return err
		}
		if c.Tickets, err = s.ticketsToCount(ctx, at.Event, positions); err != nil {
			return err
		}
		c.Mark.Configuration = s.configuration
		c.Changed, c.Complete, c.Mark.Tickets, err = s.changesSince(ctx, since.Tickets)
		c.Complete = c.Complete && since.Configuration == s.configuration
		return err
	})
	if err != nil {
		return scanproxy.Counted{}, fmt.Errorf("count tickets: %w", err)
	}
	return c, nil
}

// count adds what is tallied, as scanproxy.CountStatus would.
func (s *session) count(ctx context.Context, list *scanproxy.List, status *scanproxy.Status) error {
	const query = `SELECT item, variation, subevent, class, total, entered, inside FROM tallies
		WHERE event = $1 AND list IN (0, $2)`
	type line struct {
		tallyKey
		tally
	}
	lines, err := all(ctx, s, func(from row) (l line, err error) {
		err = from.Scan(&l.item, &l.variation, &l.subevent, &l.class, &l.total, &l.entered, &l.inside)
		return l, err
	}, query, list.Event, list.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if list.Admits(l.item) && (list.SubEvent == 0 || list.SubEvent == l.subevent) &&
			(l.class != classPending || list.IncludePending) {
			status.Add(l.item, l.variation, scanproxy.Headcount{Total: int(l.total), Entered: int(l.entered), Inside: int(l.inside)})
		}
	}
	return nil
}

// ticketsToCount returns of the event's tickets what decides whether and how a list counts them.
func (s *session) ticketsToCount(ctx context.Context, event string, ids []int64) (found []scanproxy.Ticket, err error) {
	const query = `SELECT p.id, p.event, p.item, p.variation, p.subevent, p.checkins, o.status, o.valid_if_pending
		FROM positions p JOIN orders o ON o.code = p.order_code WHERE p.event = $1 AND p.id IN `
	for _, some := range pieces(anyOf(ids)) {
		tickets, err := all(ctx, s, scanCounted, query+`(`+numbered(2, len(some))+`)`, append([]any{event}, some...)...)
		if err != nil {
			return nil, err
		}
		found = append(found, tickets...)
	}
	return found, nil
}

func scanCounted(from row) (t scanproxy.Ticket, err error) {
	var checkins string
	if err := from.Scan(&t.ID, &t.Event, &t.Item, &t.Variation, &t.SubEvent, &checkins, &t.Order.Status, &t.Order.ValidIfPending); err != nil {
		return t, err
	}
	t.Checkins, err = decodeCheckins(checkins)
	return t, err
}

func anyOf(ids []int64) []any {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return values
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
