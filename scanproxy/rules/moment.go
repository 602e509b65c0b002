package rules

import "time"

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

// moved returns a time that is later by d, of the same kind.
func moved(v any, d time.Duration) (any, bool) {
	switch v := v.(type) {
	case time.Time:
		return v.Add(d), true
	case Wall:
		return Wall{readingOf(v.utc().Add(d))}, true
	case Clock:
		v.reading = readingOf(v.shown().Add(d))
		return v, true
	}
	return nil, false
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

// readingOf is what a clock in the zone of t shows.
func readingOf(t time.Time) Reading {
	return Reading{
		Year: t.Year(), Month: t.Month(), Day: t.Day(),
		Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(), Micros: t.Nanosecond() / 1000,
	}
}
