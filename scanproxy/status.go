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
		i, known := slices.BinarySearchFunc(s.Items, t.Item, func(i ItemStatus, id int64) int { return cmp.Compare(i.ID, id) })
		if !known || !l.Counts(t) {
			continue
		}
		var mine []OwnCheckin
		if own != nil {
			mine = own(t)
		}
		v := newVisits(t.Checkins, l.ID, mine)
		s.Items[i].count(t.Variation, len(v.entries()) > 0)
		if v.inside() {
			s.Inside++
		}
	}
	for _, i := range s.Items {
		s.TotalTickets += i.Total
		s.AlreadyScanned += i.Checkins
	}
	return s
}

func newItemStatus(item Item, language string) ItemStatus {
	s := ItemStatus{ID: item.ID, Name: item.Title(language), Admission: item.Admission, Variations: []VariationStatus{}}
	for _, v := range item.Variations {
		s.Variations = append(s.Variations, VariationStatus{ID: v.ID, Name: v.Name.In(language)})
	}
	return s
}

func (s *ItemStatus) count(variation int64, entered bool) {
	s.Total++
	if entered {
		s.Checkins++
	}
	i := slices.IndexFunc(s.Variations, func(v VariationStatus) bool { return v.ID == variation })
	if i < 0 {
		return
	}
	s.Variations[i].Total++
	if entered {
		s.Variations[i].Checkins++
	}
}
