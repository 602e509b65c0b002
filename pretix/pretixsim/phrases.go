package pretixsim

import (
	"fmt"
	"time"
)

// phrase is a sentence for people in the two languages of the seed. The product may show it, never read it.
type phrase struct{ de, en string }

var (
	notYetValid     = phrase{"Erst ab %s gültig.", "This ticket is only valid after %s."}
	noLongerValid   = phrase{"Nur bis %s gültig.", "This ticket was only valid before %s."}
	wrongTicketType = phrase{"Ticketart nicht erlaubt", "Ticket type not allowed"}
	tooManyToday    = phrase{"Maximale Anzahl Eintritte heute überschritten", "Maximum number of entries today exceeded"}
	tooManyEntries  = phrase{"Maximale Anzahl Eintritte überschritten", "Maximum number of entries exceeded"}
	onlyAfter       = phrase{"Erst erlaubt ab %s", "Only allowed after %s"}
	otherEvent      = phrase{"Medium ist mit anderer Veranstaltung verbunden", "Medium connected to other event"}
	onlyBefore      = phrase{"Nur erlaubt bis %s", "Only allowed before %s"}
)

// say writes a phrase in the event's language, or the order's when the request asks for that.
func (r *redemption) say(p phrase, args ...any) string {
	if r.locale() == "en" {
		return fmt.Sprintf(p.en, args...)
	}
	return fmt.Sprintf(p.de, args...)
}

func (r *redemption) locale() string {
	switch {
	case r.ticket == nil:
		return r.list.event.Locale
	case r.in.orderLocale:
		return r.ticket.order.Locale
	}
	return r.ticket.order.event.Locale
}

// dayAndTime is in the event's zone, not the server's.
func (r *redemption) dayAndTime(t time.Time) string {
	layout := "02.01.2006 15:04"
	if r.locale() == "en" {
		layout = "2006-01-02 15:04"
	}
	return t.In(r.list.event.zone).Format(layout)
}

// clock leaves the day out when it is today.
func (r *redemption) clock(t time.Time) string {
	zone := r.list.event.zone
	if t.In(zone).Format(time.DateOnly) == r.c.at.In(zone).Format(time.DateOnly) {
		return t.In(zone).Format("15:04")
	}
	return r.dayAndTime(t)
}
