package scanproxy

import (
	"context"
	"slices"
)

// Snapshot is a local copy in memory: the plainest Lookup. Each field may be filled by hand. It looks at every ticket on
// every call, so it is for tests, demonstrations and small events.
type Snapshot struct {
	Events  map[string]*Event
	Lists   map[Selection]*List
	Tickets []Ticket
	Media   []LinkedMedium
	Revoked map[string][]Code // by event
	Blocked []Code            // of all events
	Coming  []string          // events whose tickets are not all here yet
}

// Desk implements Lookup.
func (s *Snapshot) Desk(_ context.Context, at Selection, code Code) (Desk, error) {
	return Desk{
		Selection: at,
		Event:     s.Events[at.Event],
		Coming:    slices.Contains(s.Coming, at.Event),
		List:      s.Lists[at],
		Revoked:   code != "" && slices.Contains(s.Revoked[at.Event], code),
		Blocked:   code != "" && slices.Contains(s.Blocked, code),
	}, nil
}

// TicketsBySecret implements Lookup.
func (s *Snapshot) TicketsBySecret(_ context.Context, events []string, code Code) ([]Ticket, error) {
	return s.where(func(t Ticket) bool { return t.Secret == code && slices.Contains(events, t.Event) }), nil
}

// TicketsOnMedium implements Lookup.
func (s *Snapshot) TicketsOnMedium(_ context.Context, events []string, source string, code Code) (Medium, []Ticket, error) {
	for _, m := range s.Media {
		if m.Identifier != code || m.Type != source {
			continue
		}
		linked := s.where(func(t Ticket) bool { return slices.Contains(m.Positions, t.ID) && slices.Contains(events, t.Event) })
		m.Medium.Linked = len(m.Positions) > 0
		return m.Medium, linked, nil
	}
	return Medium{}, nil, nil
}

// AddOns implements Lookup.
func (s *Snapshot) AddOns(_ context.Context, base Ticket) ([]Ticket, error) {
	return s.where(func(t Ticket) bool {
		return t.AddonTo == base.ID && t.Order.Code == base.Order.Code && t.Event == base.Event
	}), nil
}

// where copies the tickets that match, and notes which of them stand on a medium.
func (s *Snapshot) where(matches func(Ticket) bool) []Ticket {
	var out []Ticket
	for _, t := range s.Tickets {
		if !matches(t) {
			continue
		}
		t.Exchanged = slices.ContainsFunc(s.Media, func(m LinkedMedium) bool { return slices.Contains(m.Positions, t.ID) })
		out = append(out, t)
	}
	return out
}
