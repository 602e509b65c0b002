package scanproxy

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Lookup finds in the local copy of pretix what belongs to a code. It answers for the given events only.
type Lookup interface {
	// Desk returns the configuration of an event and a list and, unless the code is "", whether that is revoked or blocked
	// there. What is not synchronised is nil; that is no error.
	Desk(ctx context.Context, at Selection, code Code) (Desk, error)
	// TicketsBySecret returns the positions with exactly that secret.
	TicketsBySecret(ctx context.Context, events []string, code Code) ([]Ticket, error)
	// TicketsOnMedium returns the medium of that type with exactly that identifier, and the positions it is linked to, in
	// any order. No tickets: no such medium (its ID is 0), or none of its tickets is in these events.
	TicketsOnMedium(ctx context.Context, events []string, source string, code Code) (Medium, []Ticket, error)
	// AddOns returns the add-ons of that position.
	AddOns(ctx context.Context, base Ticket) ([]Ticket, error)
}

// Gather collects the facts about a scan from the local copy. History is left empty: it belongs to the transaction in
// which Decide is called.
func Gather(ctx context.Context, l Lookup, scan Scan, now time.Time) (Facts, error) {
	f := Facts{Scan: scan, Now: now}
	code := scan.Clean()
	if err := f.gatherDesks(ctx, l, ""); err != nil || code == "" {
		return f, err
	}
	if err := f.gatherTickets(ctx, l, code); err != nil {
		return f, err
	}
	if len(f.MediumHits) > 0 && f.Medium.counts(now) || len(f.onDate(f.Hits)) > 0 {
		return f, nil // what is said about the code counts only where it leads to no ticket
	}
	return f, f.gatherDesks(ctx, l, code)
}

func (f *Facts) gatherDesks(ctx context.Context, l Lookup, code Code) error {
	f.Desks = make([]Desk, len(f.Scan.Selected))
	for i, at := range f.Scan.Selected {
		desk, err := l.Desk(ctx, at, code)
		if err != nil {
			return fmt.Errorf("look up event %s, list %d: %w", at.Event, at.List, err)
		}
		f.Desks[i] = desk
	}
	return nil
}

func (f *Facts) gatherTickets(ctx context.Context, l Lookup, code Code) (err error) {
	events := make([]string, len(f.Scan.Selected))
	for i, at := range f.Scan.Selected {
		events[i] = at.Event
	}
	if f.Hits, err = l.TicketsBySecret(ctx, events, code); err != nil {
		return fmt.Errorf("look up tickets by secret: %w", err)
	}
	if len(f.onDate(f.Hits)) == 0 {
		f.Medium, f.MediumHits, err = l.TicketsOnMedium(ctx, events, f.Scan.source(), code)
		if err != nil {
			return fmt.Errorf("look up tickets by medium: %w", err)
		}
	}
	for _, hit := range slices.Concat(f.Hits, f.MediumHits) {
		if !f.wantsAddOns(hit) {
			continue
		}
		addOns, err := l.AddOns(ctx, hit)
		if err != nil {
			return fmt.Errorf("look up add-ons: %w", err)
		}
		f.AddOns = append(f.AddOns, addOns...)
	}
	return nil
}

// wantsAddOns: the list of the ticket's event matches add-ons; or it is for another date, and some list does.
func (f *Facts) wantsAddOns(hit Ticket) bool {
	list := f.desk(hit.Event).List
	return list != nil && (list.MatchAddOns || f.matchesAddOns() && !list.onDate(hit))
}

// matchesAddOns: at least one of the selected lists does.
func (f *Facts) matchesAddOns() bool {
	return slices.ContainsFunc(f.Desks, func(d Desk) bool { return d.List != nil && d.List.MatchAddOns })
}

// desk returns the desk of an event, an empty one for an event that is not selected.
func (f *Facts) desk(event string) Desk {
	for _, d := range f.Desks {
		if d.Selection.Event == event {
			return d
		}
	}
	return Desk{Selection: Selection{Event: event}}
}

// onDate leaves out tickets of another date than that of their event's list. Source: check 4.2.
func (f *Facts) onDate(tickets []Ticket) []Ticket {
	return slices.DeleteFunc(slices.Clone(tickets), func(t Ticket) bool {
		list := f.desk(t.Event).List
		return list != nil && !list.onDate(t)
	})
}
