package scanproxy

import (
	"cmp"
	"maps"
	"slices"
)

// Status is how full a list is.
type Status struct {
	Name           string // of the list
	TotalTickets   int
	AlreadyScanned int // tickets with at least one entry; exits do not reduce it
	Inside         int // tickets whose last check-in is an entry
	Items          []ItemStatus
}

// ItemStatus counts the tickets of one product.
type ItemStatus struct {
	ID         int64
	Name       string
	Admission  bool
	Total      int
	Checkins   int
	Variations []VariationStatus
}

// VariationStatus counts the tickets of one variation.
type VariationStatus struct {
	ID       int64
	Name     string
	Total    int
	Checkins int
}

// Headcount counts tickets of one product and variation: all, those that entered, and those inside.
type Headcount struct{ Total, Entered, Inside int }

// Counts says whether a list counts this ticket: it covers it, and the order is paid or let in without.
// Source: check 11b.
func (l *List) Counts(t Ticket) bool {
	paid := t.Order.Status == Paid || t.Order.Status == Pending && (l.IncludePending || t.Order.ValidIfPending)
	return l.Covers(t) && paid
}

// CountStatus counts tickets on a list. Products come by id, those without tickets too. own returns the accepted scans
// of a ticket from the journal; nil: there are none. Tickets known by their signed code alone do not count.
func CountStatus(e *Event, l *List, tickets []Ticket, language string, own func(Ticket) []OwnCheckin) Status {
	s := Status{Name: l.Name, Items: []ItemStatus{}}
	for _, id := range slices.Sorted(maps.Keys(e.Items)) {
		if l.Admits(id) {
			s.Items = append(s.Items, newItemStatus(e.Items[id], language))
		}
	}
	for _, t := range tickets {
		var mine []OwnCheckin
		if own != nil {
			mine = own(t)
		}
		s.Add(t.Item, t.Variation, l.headcount(t, mine))
	}
	return s
}

// headcount counts one ticket.
func (l *List) headcount(t Ticket, own []OwnCheckin) Headcount {
	if !l.Counts(t) {
		return Headcount{}
	}
	n, v := Headcount{Total: 1}, newVisits(t.Checkins, l.ID, own)
	if len(v.entries()) > 0 {
		n.Entered = 1
	}
	if v.inside() {
		n.Inside = 1
	}
	return n
}

func newItemStatus(item Item, language string) ItemStatus {
	s := ItemStatus{ID: item.ID, Name: item.Title(language), Admission: item.Admission, Variations: []VariationStatus{}}
	for _, v := range item.Variations {
		s.Variations = append(s.Variations, VariationStatus{ID: v.ID, Name: v.Name.In(language)})
	}
	return s
}

// Add counts tickets in. Those of a product that is not among the items do not count.
func (s *Status) Add(item, variation int64, n Headcount) {
	i, known := slices.BinarySearchFunc(s.Items, item, func(i ItemStatus, id int64) int { return cmp.Compare(i.ID, id) })
	if !known {
		return
	}
	s.TotalTickets += n.Total
	s.AlreadyScanned += n.Entered
	s.Inside += n.Inside
	of := &s.Items[i]
	of.Total += n.Total
	of.Checkins += n.Entered
	for k := range of.Variations {
		if v := &of.Variations[k]; v.ID == variation {
			v.Total += n.Total
			v.Checkins += n.Entered
			return
		}
	}
}

// plus adds each count, times sign.
func (n Headcount) plus(more Headcount, sign int) Headcount {
	return Headcount{n.Total + sign*more.Total, n.Entered + sign*more.Entered, n.Inside + sign*more.Inside}
}
