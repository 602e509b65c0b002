package scanproxy

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Limits of a search. Source: check 11a.
const (
	SearchMinLength = 4  // characters; fewer find nothing
	SearchPageSize  = 50 // hits
)

// Query is what somebody typed to find a ticket. The zero value finds nothing.
type Query struct{ upper string }

// ParseQuery prepares a search; case does not matter and every character means itself.
func ParseQuery(text string) Query {
	upper := strings.ToUpper(text)
	if len([]rune(upper)) < SearchMinLength {
		return Query{}
	}
	return Query{upper}
}

// Matches says whether a ticket is found: its secret or order code begins with the query, or the name on it, its email
// address or that of the order contains it.
func (q Query) Matches(t Ticket) bool {
	if q.upper == "" {
		return false
	}
	begins := func(s string) bool { return strings.HasPrefix(strings.ToUpper(s), q.upper) }
	contains := func(s string) bool { return strings.Contains(strings.ToUpper(s), q.upper) }
	return begins(t.Secret.Reveal()) || begins(t.Order.Code) ||
		contains(t.AttendeeName) || contains(t.AttendeeEmail) || contains(t.Order.Email)
}

// Covers says whether a list is for this ticket, by product and date. Whether it is paid, valid or used is not asked.
func (l *List) Covers(t Ticket) bool {
	return l.Event == t.Event && l.Admits(t.Item) && (l.SubEvent == 0 || l.SubEvent == t.SubEvent)
}

// Hit is one ticket that a search found.
type Hit struct {
	Secret           Code
	Ticket           string // name of the product
	Variation        string
	AttendeeName     string
	Seat             string
	OrderCode        string
	PositionID       int64
	Status           string // PAID, PENDING or CANCELED
	Redeemed         bool   // there is an entry or exit on one of the selected lists
	RequireAttention bool
	Position         json.RawMessage
}

// Search finds tickets that the selected desks are for, ordered by name (without name last), then number; pages count from 1. ownVisit says
// whether the journal has an accepted scan of that ticket on that list; nil: it has none.
func Search(q Query, page int, desks []Desk, tickets []Ticket, language string, ownVisit func(Ticket, *List) bool) []Hit {
	var found []Ticket
	for _, t := range tickets {
		if list := listFor(desks, t); list != nil && q.Matches(t) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, SearchOrder)
	start := (max(page, 1) - 1) * SearchPageSize
	if start < 0 || start >= len(found) {
		return []Hit{}
	}
	hits := []Hit{}
	for _, t := range found[start:min(start+SearchPageSize, len(found))] {
		hits = append(hits, newHit(t, desks, language, ownVisit))
	}
	return hits
}

// SearchOrder compares two tickets by their place among the hits of a search: by name (without name last), then number.
func SearchOrder(a, b Ticket) int {
	return cmp.Or(nameless(a)-nameless(b), cmp.Compare(a.AttendeeName, b.AttendeeName), byPosition(a, b))
}

// nameless puts tickets without a name behind the others.
func nameless(t Ticket) int {
	if t.AttendeeName == "" {
		return 1
	}
	return 0
}

// listFor is the list of the ticket's event if it covers the ticket.
func listFor(desks []Desk, t Ticket) *List {
	for _, d := range desks {
		if d.Event != nil && d.List != nil && d.List.Covers(t) {
			return d.List
		}
	}
	return nil
}

func newHit(t Ticket, desks []Desk, language string, ownVisit func(Ticket, *List) bool) Hit {
	c := check{Facts: Facts{Desks: desks, Language: language}}
	c.take(t)
	var v Verdict
	c.describe(&v)
	list := c.desk.List
	return Hit{
		Secret: t.Secret, Ticket: v.Ticket, Variation: v.Variation, AttendeeName: t.AttendeeName, Seat: t.Seat,
		OrderCode: t.Order.Code, PositionID: t.PositionID, Status: t.Order.Status.word(),
		Redeemed: slices.ContainsFunc(t.Checkins, func(c Checkin) bool { return c.List == list.ID }) ||
			ownVisit != nil && ownVisit(t, list),
		RequireAttention: v.RequireAttention, Position: t.Raw,
	}
}

// word is how a search result names an order status.
func (s OrderStatus) word() string {
	switch s {
	case Paid:
		return "PAID"
	case Pending:
		return "PENDING"
	}
	return "CANCELED"
}
