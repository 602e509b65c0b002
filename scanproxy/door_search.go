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
	// Changed says which tickets have changed since a mark, as far as a count of this list is concerned. Its error is that
	// of Desk.Missing where something is not there.
	Changed(ctx context.Context, at Selection, since CopyMark) (ChangedTickets, error)
	// Count counts a list, looks at these tickets of its event, and says what has changed since a mark, all as of one
	// generation of the copy. Its error is that of Desk.Missing where something is not there.
	Count(ctx context.Context, at Selection, language string, positions []int64, since CopyMark) (Counted, error)
}

// Counted is what Finder.Count returns.
type Counted struct {
	Status                 // what CountStatus says without own scans
	List    *List          // that was counted
	Tickets []Ticket       // those with the ids that were asked for and are there; they need no Raw
	Changed ChangedTickets // since the mark that was given
}

// ChangedTickets is what has changed in the local copy since a mark.
type ChangedTickets struct {
	Positions []int64  // ids of all tickets that were written or removed
	Complete  bool     // false: they are not all, because that is too long ago or configuration has changed
	Mark      CopyMark // of now
}

// CopyMark is a state of the local copy, to ask later what has changed since. The zero value is before all others.
type CopyMark struct{ Tickets, Configuration int64 }

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
	desks, err := d.desks(ctx, selected)
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

// desks returns the configuration of the selected lists.
func (d *Door) desks(ctx context.Context, selected []Selection) (desks []Desk, err error) {
	err = d.Copy.Read(ctx, func(l Lookup, _ int64) error {
		desks = nil // it may be read once more
		for _, at := range selected {
			desk, err := l.Desk(ctx, at, "")
			if err != nil {
				return err
			}
			if err := desk.Missing(); err != nil {
				return err
			}
			desks = append(desks, desk)
		}
		return nil
	})
	return desks, err
}

// Missing returns why nobody can search or count at a desk: ErrComing or ErrNoList. Nil: everything is there.
func (d Desk) Missing() error {
	at := d.Selection
	switch {
	case d.Coming:
		return fmt.Errorf("event %s: %w", at.Event, ErrComing)
	case d.Event == nil || d.List == nil:
		return fmt.Errorf("event %s, list %d: %w", at.Event, at.List, ErrNoList)
	}
	return nil
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
