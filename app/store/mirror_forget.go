package store

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// removeAtOnce is how many orders are removed in one transaction.
const removeAtOnce = 500

// sweep removes the orders that a walk has not met: deleted at pretix, or their event's data was shredded.
func (m *Mirror) sweep(ctx context.Context, b mirror.Batch) error {
	const query = `SELECT code FROM orders WHERE event = $1 AND seen < $2 LIMIT $3`
	if blind, err := m.sweepUnreadable(ctx, b); err != nil || blind {
		return err
	}
	for {
		codes, err := all(ctx, m.db.reader, scanText, query, b.Event, b.Walk, removeAtOnce)
		if err != nil {
			return err
		}
		if err := m.removeOrders(ctx, b.Event, codes); err != nil {
			return err
		}
		if len(codes) < removeAtOnce {
			return nil
		}
	}
}

// ForgetOrders erases the orders whose dates have all ended before that instant, and returns how many went. Cut off
// anywhere, the next call goes on from there. Pulling does not bring them back while MirrorOptions.Retention says so too.
func (m *Mirror) ForgetOrders(ctx context.Context, before time.Time) (gone int64, err error) {
	const events = `SELECT DISTINCT event FROM orders ORDER BY event`
	slugs, err := all(ctx, m.db.reader, scanText, events)
	if err != nil {
		return 0, fmt.Errorf("forget orders: %w", err)
	}
	for _, event := range slugs {
		n, err := m.forgetEvent(ctx, event, before)
		gone += n
		if err != nil {
			return gone, fmt.Errorf("forget orders of %s: %w", event, err)
		}
	}
	return gone, nil
}

func (m *Mirror) forgetEvent(ctx context.Context, event string, before time.Time) (gone int64, err error) {
	const query = `SELECT code FROM orders WHERE event = $1 AND code > $2 ORDER BY code LIMIT $3`
	for after := ""; ; {
		var codes, over []string
		err := m.read(ctx, func(s *session, _ int64) error {
			e, err := s.event(ctx, event)
			if err != nil || e == nil || !someEnded(e, before) {
				return err
			}
			if codes, err = all(ctx, s, scanText, query, event, after, removeAtOnce); err != nil {
				return err
			}
			over, err = s.ended(ctx, e, codes, before)
			return err
		})
		if err == nil {
			err = m.removeOrders(ctx, event, over)
		}
		if err != nil {
			return gone, err
		}
		gone += int64(len(over))
		if len(codes) < removeAtOnce {
			return gone, nil
		}
		after = codes[len(codes)-1]
	}
}

// ended returns those of the orders that were over by then.
func (s *session) ended(ctx context.Context, e *scanproxy.Event, codes []string, by time.Time) (over []string, err error) {
	for _, code := range codes {
		found, err := findTickets(ctx, s, `WHERE p.order_code = $1`, code)
		if err != nil {
			return nil, err
		}
		if ended(e, found, by) {
			over = append(over, code)
		}
	}
	return over, nil
}

// overdue returns what says of an order whether it has been over for longer than orders are kept.
func (m *Mirror) overdue(ctx context.Context, event string, now time.Time) (func(orderRow) bool, error) {
	if m.retention == 0 {
		return func(orderRow) bool { return false }, nil
	}
	var known *scanproxy.Event
	err := m.read(ctx, func(s *session, _ int64) (err error) {
		known, err = s.event(ctx, event)
		return err
	})
	if err != nil {
		return nil, err
	}
	return func(o orderRow) bool { return ended(known, o.tickets, now.Add(-m.retention)) }, nil
}

// ended says whether all dates of the tickets had ended by then. What is not known has not.
func ended(e *scanproxy.Event, of []scanproxy.Ticket, by time.Time) bool {
	if e == nil || len(of) == 0 {
		return false
	}
	for _, t := range of {
		dates := e.Dates
		if t.SubEvent != 0 {
			dates = e.SubEvents[t.SubEvent]
		}
		if !dates.Over(by) {
			return false
		}
	}
	return true
}

// someEnded says whether any date of the event had ended by then.
func someEnded(e *scanproxy.Event, by time.Time) bool {
	for _, dates := range e.SubEvents {
		if dates.Over(by) {
			return true
		}
	}
	return e.Dates.Over(by)
}

// removeOrders removes orders with all that belongs to them.
func (m *Mirror) removeOrders(ctx context.Context, event string, codes []string) error {
	const fewer = `UPDATE progress SET row_count = row_count - $1 WHERE resource = $2 AND event = $3`
	if len(codes) == 0 {
		return nil
	}
	gone := make([]orderRow, len(codes))
	for i, code := range codes {
		gone[i] = orderRow{event: event, header: scanproxy.Order{Code: code}}
	}
	_, err := m.change(ctx, func(s *session) (change, error) {
		w := newOrderWriter(s, mirror.Batch{})
		before, err := w.takeOut(ctx, gone)
		if err != nil {
			return nothing, err
		}
		for _, o := range gone {
			if err := w.putOrder(ctx, o, true, before); err != nil {
				return nothing, err
			}
		}
		if err := w.removePositions(ctx, before); err != nil {
			return nothing, err
		}
		if err := w.tallies.put(ctx, s); err != nil {
			return nothing, err
		}
		_, err = exec(ctx, s, fewer, len(codes), mirror.Orders, event)
		return tickets, err
	})
	return err
}
