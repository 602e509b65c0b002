package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/einlass/einlass/scanproxy"
)

// Count returns how full a list is and some of its event's tickets. See scanproxy.Finder.
func (m *Mirror) Count(ctx context.Context, at scanproxy.Selection, language string, positions []int64) (
	status scanproxy.Status, found []scanproxy.Ticket, err error,
) {
	err = m.read(ctx, func(s *session, _ int64) error {
		desk, err := s.Desk(ctx, at, "")
		if err != nil {
			return err
		}
		if desk.Event == nil || desk.List == nil {
			return scanproxy.ErrNoList
		}
		status = scanproxy.CountStatus(desk.Event, desk.List, nil, language, nil)
		if err := s.count(ctx, desk.List, &status); err != nil {
			return err
		}
		found, err = s.ticketsByID(ctx, positions)
		found = among([]string{at.Event}, found)
		return err
	})
	if err != nil {
		return scanproxy.Status{}, nil, fmt.Errorf("count tickets: %w", err)
	}
	return status, found, nil
}

// count adds what is tallied, as scanproxy.CountStatus would.
func (s *session) count(ctx context.Context, list *scanproxy.List, status *scanproxy.Status) error {
	const query = `SELECT item, variation, subevent, class, total, entered, inside FROM tallies
		WHERE event = $1 AND list IN (0, $2) ORDER BY item, variation`
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
			addLine(status, l.item, l.variation, l.tally)
		}
	}
	return nil
}

func addLine(status *scanproxy.Status, item, variation int64, n tally) {
	i := slices.IndexFunc(status.Items, func(i scanproxy.ItemStatus) bool { return i.ID == item })
	if i < 0 {
		return
	}
	of := &status.Items[i]
	of.Total += int(n.total)
	of.Checkins += int(n.entered)
	status.TotalTickets += int(n.total)
	status.AlreadyScanned += int(n.entered)
	status.Inside += int(n.inside)
	k := slices.IndexFunc(of.Variations, func(v scanproxy.VariationStatus) bool { return v.ID == variation })
	if k < 0 {
		return
	}
	of.Variations[k].Total += int(n.total)
	of.Variations[k].Checkins += int(n.entered)
}

// ticketsByID returns the tickets that are there.
func (s *session) ticketsByID(ctx context.Context, ids []int64) (found []scanproxy.Ticket, err error) {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	for _, some := range pieces(values) {
		tickets, err := findTickets(ctx, s, `WHERE p.id IN (`+numbered(1, len(some))+`)`, some...)
		if err != nil {
			return nil, err
		}
		found = append(found, tickets...)
	}
	return found, nil
}
