package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// Over says whether nobody can be scanned at an event any more: all its dates had ended by then, and the copy holds no
// ticket of it. An event that the copy does not know is over if pretix' list of events has been fetched and does not
// show it: no scanner can choose it. What is not known for sure is not over.
func (m *Mirror) Over(ctx context.Context, event string, by time.Time) (over bool, err error) {
	err = m.read(ctx, func(s *session, _ int64) error {
		if held, err := s.holdsTickets(ctx, event); err != nil || held {
			return err
		}
		e, known, err := s.span(ctx, event)
		if err != nil || known && !e.over(by) {
			return err
		}
		switch {
		case !known:
			over, err = s.fetched(ctx, mirror.Key{Resource: mirror.Events})
		case e.Series: // the first page of its dates may hold the old ones alone
			over, err = s.fetched(ctx, mirror.Key{Resource: mirror.SubEvents})
		default:
			over = true
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("is %s over: %w", event, err)
	}
	return over, nil
}

// span is when an event, or one date of a series, takes place: some fields of its JSON at pretix.
type span struct {
	Slug   string    `json:"slug"`
	Series bool      `json:"has_subevents"`
	From   time.Time `json:"date_from"`
	To     time.Time `json:"date_to"` // zero: null at pretix
	Dates  []span    `json:"-"`       // of a series, one for each sub-event
}

// over tells whether it had ended by then. A series has no end of its own, and one without dates is still to come.
func (e span) over(by time.Time) bool {
	if e.Series {
		for _, date := range e.Dates {
			if !date.over(by) {
				return false
			}
		}
		return len(e.Dates) > 0
	}
	return scanproxy.Dates{From: e.From, To: e.To}.Over(by)
}

// span reads an event from its own row, or from pretix' list of all events where it is not copied.
func (s *session) span(ctx context.Context, event string) (span, bool, error) {
	const query = `SELECT raw FROM objects WHERE name = $1 AND (resource = $2 AND event = $1 OR resource = $3 AND event = '')
		ORDER BY resource LIMIT 1`
	rows, err := all(ctx, s, scanSpan, query, event, mirror.Event, mirror.Events)
	if err != nil || len(rows) == 0 {
		return span{}, false, err
	}
	e := rows[0]
	if e.Series {
		const dates = `SELECT raw FROM objects WHERE resource = $1 AND event = $2`
		e.Dates, err = all(ctx, s, scanSpan, dates, mirror.SubEvents, event)
	}
	return e, true, err
}

func scanSpan(from row) (e span, err error) {
	var raw []byte
	if err := from.Scan(&raw); err != nil {
		return e, err
	}
	return e, json.Unmarshal(raw, &e)
}

func (s *session) holdsTickets(ctx context.Context, event string) (bool, error) {
	const query = `SELECT p.id FROM orders o JOIN positions p ON p.order_code = o.code WHERE o.event = $1 LIMIT 1`
	some, err := all(ctx, s, scanInt, query, event)
	return len(some) > 0, err
}

func (s *session) fetched(ctx context.Context, key mirror.Key) (bool, error) {
	const query = `SELECT succeeded_us FROM progress WHERE resource = $1 AND event = $2 AND succeeded_us > 0`
	some, err := all(ctx, s, scanInt, query, key.Resource, key.Event)
	return len(some) > 0, err
}

// held says which of these positions are in the copy.
func (m *Mirror) held(ctx context.Context, positions []int64) (map[int64]bool, error) {
	ids, err := all(ctx, m.db.reader, scanInt, `SELECT id FROM positions WHERE id IN (`+numbered(1, len(positions))+`)`, anyOf(positions)...)
	if err != nil {
		return nil, fmt.Errorf("read tickets: %w", err)
	}
	held := map[int64]bool{}
	for _, id := range ids {
		held[id] = true
	}
	return held, nil
}
