package room

import (
	"time"

	"github.com/einlass/einlass/pretix"
)

// Window is the time in which a date admits its ticket holders, both ends included.
type Window struct {
	Opens, Closes time.Time
}

// Holds reports whether t lies in the window.
func (w Window) Holds(t time.Time) bool { return !t.Before(w.Opens) && !t.After(w.Closes) }

// WindowOf returns [date_from - doors, date_to + grace] of a SubEvent. A date without an end lasts until its calendar
// day does. Both instants are in the event's time zone.
func WindowOf(sub pretix.SubEvent, loc *time.Location, doors, grace time.Duration) Window {
	return Window{Opens: sub.From.In(loc).Add(-doors), Closes: endOf(sub, loc).In(loc).Add(grace)}
}

func endOf(sub pretix.SubEvent, loc *time.Location) time.Time {
	if sub.To != nil {
		return *sub.To
	}
	y, m, d := sub.From.In(loc).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, loc)
}

// Day returns the day that a check-in at t counts for: the day the date starts on while the window is open, so that
// nobody is locked out at midnight, else the calendar day of t. Both in the event's time zone, at midnight.
// pretix knows no such day: it is the nonce of our check-ins (see Nonce), and the way to tell an entry of today from
// one of another day.
func Day(t time.Time, w Window, starts time.Time, loc *time.Location) time.Time {
	if w.Holds(t) {
		t = starts
	}
	y, m, d := t.In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}
