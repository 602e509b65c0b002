package rules

import (
	"math"
	"time"
)

// Three kinds of times meet in a rule: an instant (time.Time), a Wall without a zone, and a Clock time. Instants and
// clock times can be compared with each other, walls only with walls.

// Wall is a date and time that was written without a zone.
type Wall struct{ reading Reading }

func (w Wall) utc() time.Time { return w.reading.At(time.UTC, false) }

// Clock is a date and time on the clocks of the event. Like the server, rules move it and compare it with another one by
// what the clocks show: on the day that they change, an hour later on the clock need not be an hour later.
type Clock struct {
	reading Reading
	zone    *time.Location
	second  bool // the later one of two moments that the clocks show alike
}

func (c Clock) shown() time.Time   { return c.reading.At(time.UTC, false) }
func (c Clock) instant() time.Time { return c.reading.At(c.zone, c.second) }

// instantOf returns the moment of a value that has one.
func instantOf(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case Clock:
		return v.instant(), true
	}
	return time.Time{}, false
}

// moved returns a time that is later by so many minutes, of the same kind; false: no time, or beyond the years 1 to 9999,
// where the server's calendar ends.
func moved(v any, minutes float64) (any, bool) {
	switch v := v.(type) {
	case time.Time:
		t, ok := shift(v, minutes)
		return t, ok
	case Wall:
		t, ok := shift(v.utc(), minutes)
		return Wall{readingOf(t)}, ok
	case Clock:
		t, ok := shift(v.shown(), minutes)
		return Clock{readingOf(t), v.zone, false}, ok // which of two passes was meant is lost, as on the server
	}
	return nil, false
}

// shift goes by whole days first: a time.Duration ends at 292 years, and a shop may write 999999999 minutes for "any time".
func shift(t time.Time, minutes float64) (time.Time, bool) {
	const day, calendar = 24 * 60, 1e10 // minutes; the calendar has half as many
	if math.IsNaN(minutes) || math.Abs(minutes) > calendar {
		return t, false
	}
	days := math.Trunc(minutes / day)
	t = t.UTC().AddDate(0, 0, int(days)).Add(time.Duration((minutes - days*day) * float64(time.Minute)))
	return t, t.Year() >= 1 && t.Year() <= 9999
}

// compareTimes orders two times that can be compared.
func compareTimes(a, b any) (order int, comparable bool) {
	switch x := a.(type) {
	case Wall:
		if y, ok := b.(Wall); ok {
			return x.utc().Compare(y.utc()), true
		}
	case Clock:
		if y, ok := b.(Clock); ok {
			return x.shown().Compare(y.shown()), true
		}
	}
	x, ok := instantOf(a)
	y, okToo := instantOf(b)
	return x.Compare(y), ok && okToo
}

// sameMoment: a clock time that was skipped or comes twice equals none but the same clock time.
func sameMoment(a, b any) bool {
	x, isClock := a.(Clock)
	y, isClockToo := b.(Clock)
	if isClock != isClockToo && (isClock && x.reading.twofold(x.zone) || isClockToo && y.reading.twofold(y.zone)) {
		return false
	}
	order, comparable := compareTimes(a, b)
	return comparable && order == 0
}

// readingOf is what a clock in the zone of t shows.
func readingOf(t time.Time) Reading {
	return Reading{
		Year: t.Year(), Month: t.Month(), Day: t.Day(),
		Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(), Micros: t.Nanosecond() / 1000,
	}
}
