package scanproxy

import (
	"context"
	"errors"
	"fmt"
)

// Finder asks the local copy for many tickets at once.
type Finder interface {
	// Find returns the tickets that a search for text finds on these lists: those that ParseQuery(text).Matches and
	// List.Covers, in the order of Search, from offset on, at most limit of them.
	Find(ctx context.Context, text string, selected []Selection, offset, limit int) ([]Ticket, error)
	// Count returns what CountStatus says of a list without own scans, and those of its event's tickets that have these
	// ids, both as of one generation. Tickets need no Raw.
	Count(ctx context.Context, at Selection, language string, positions []int64) (Status, []Ticket, error)
}

// ErrNoList is what Search and Status answer for an event or a list that is not in the local copy.
var ErrNoList = errors.New("check-in list not found")

// ErrComing is what they answer while the tickets of an event are being copied.
var ErrComing = errors.New("the tickets are not all copied yet")

// Search finds tickets by what somebody typed: page of SearchPageSize hits, from 1 on. Too short a text finds nothing.
func (d *Door) Search(ctx context.Context, _ Device, selected []Selection, text string, page int) ([]Hit, error) {
	q := ParseQuery(text)
	if q == (Query{}) || len(selected) == 0 {
		return []Hit{}, nil
	}
	desks, _, err := d.desks(ctx, selected)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	tickets, err := d.Finder.Find(ctx, text, selected, (max(page, 1)-1)*SearchPageSize, SearchPageSize)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	visited, err := d.visited(ctx, desks, tickets)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	own := func(t Ticket, l *List) bool { return visited[spot{l.ID, t.ID}] }
	return Search(q, 1, desks, tickets, d.Language, own), nil
}

// desks returns the configuration of the selected lists, and the generation of the copy that it is from.
func (d *Door) desks(ctx context.Context, selected []Selection) (desks []Desk, generation int64, err error) {
	err = d.Copy.Read(ctx, func(l Lookup, of int64) error {
		generation, desks = of, nil
		for _, at := range selected {
			desk, err := l.Desk(ctx, at, "")
			if err != nil {
				return err
			}
			if desk.Coming {
				return fmt.Errorf("event %s: %w", at.Event, ErrComing)
			}
			if desk.Event == nil || desk.List == nil {
				return fmt.Errorf("event %s, list %d: %w", at.Event, at.List, ErrNoList)
			}
			desks = append(desks, desk)
		}
		return nil
	})
	return desks, generation, err
}

// spot is a ticket on a list.
type spot struct{ list, position int64 }

// visited asks the journal which tickets have check-ins of ours.
func (d *Door) visited(ctx context.Context, desks []Desk, tickets []Ticket) (map[spot]bool, error) {
	found := map[spot]bool{}
	for _, desk := range desks {
		var ids []int64
		for _, t := range tickets {
			if t.Event == desk.Selection.Event {
				ids = append(ids, t.ID)
			}
		}
		visits, err := d.Journal.Visits(ctx, desk.List.ID, ids)
		if err != nil {
			return nil, err
		}
		for _, v := range visits {
			found[spot{desk.List.ID, v.Position}] = true
		}
	}
	return found, nil
}
