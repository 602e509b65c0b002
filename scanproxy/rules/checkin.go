package rules

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Checkin is all that a rule may look at when one ticket is scanned on one list. Zero values mean "not there".
type Checkin struct {
	Now  time.Time
	Zone *time.Location // of the event, also for the dates of a series; nil is UTC

	// When the ticket's date takes place, else the event. DateTo and DateAdmission fall back to DateFrom.
	DateFrom, DateTo, DateAdmission time.Time

	Product, Variation int64 // of the ticket; no variation matches nothing
	Gate               int64 // of the device; no gate matches nothing

	Entries []time.Time // entries of this ticket on this list, ascending
	Inside  bool        // the last check-in on the list was an entry
}

// Admits says whether the rule lets this scan in. An error (see Eval) means that nobody is let in.
func (r *Rule) Admits(c Checkin) (bool, error) {
	v, err := c.eval(r.top)
	return Truthy(v), err
}

func (c Checkin) eval(e expr) (any, error) {
	steps := maxSteps
	return run{extra: c.operator, data: c.variables(), steps: &steps}.eval(e)
}

func (c Checkin) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// variables are the values that {"var": name} finds.
func (c Checkin) variables() map[string]any {
	local := c.Now.In(c.zone())
	midnight := Reading{Year: local.Year(), Month: local.Month(), Day: local.Day()}.At(c.zone(), isSecond(local))
	weekday := (int64(local.Weekday())+6)%7 + 1
	status := "absent"
	if c.Inside {
		status = "present"
	}
	v := map[string]any{
		"now":                       c.Now.UTC(),
		"now_isoweekday":            weekday,
		"product":                   id(c.Product),
		"variation":                 id(c.Variation),
		"gate":                      id(c.Gate),
		"entry_status":              status,
		"entries_number":            int64(len(c.Entries)),
		"entries_today":             int64(len(c.since(midnight))),
		"entries_days":              c.days(c.Entries),
		"minutes_since_last_entry":  int64(-1),
		"minutes_since_first_entry": int64(-1),
	}
	if n := len(c.Entries); n > 0 {
		v["minutes_since_first_entry"] = c.minutesSince(c.Entries[0])
		v["minutes_since_last_entry"] = c.minutesSince(c.Entries[n-1])
	}
	return v
}

// minutesSince counts whole minutes, rounded down. pretix has them as a float, which shows when compared with a text.
func (c Checkin) minutesSince(entry time.Time) float64 {
	return math.Floor(c.Now.Sub(entry).Minutes())
}

func id(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func (c Checkin) since(t time.Time) []time.Time {
	return c.where(func(e time.Time) bool { return !e.Before(t) })
}
func (c Checkin) before(t time.Time) []time.Time {
	return c.where(func(e time.Time) bool { return e.Before(t) })
}

func (c Checkin) where(holds func(time.Time) bool) []time.Time {
	var out []time.Time
	for _, e := range c.Entries {
		if holds(e) {
			out = append(out, e)
		}
	}
	return out
}

// days counts the different dates of these entries on the event's calendar.
func (c Checkin) days(entries []time.Time) int64 {
	dates := map[string]bool{}
	for _, e := range entries {
		dates[e.In(c.zone()).Format(time.DateOnly)] = true
	}
	return int64(len(dates))
}

// operator finds the operators that pretix adds to JSON logic.
func (c Checkin) operator(name string) Operator {
	switch name {
	case "objectList":
		return func(args []any) (any, error) { return args, nil }
	case "lookup":
		return lookup
	case "inList":
		return inList
	case "buildTime":
		return c.buildTime
	case "isAfter":
		return isAfter
	case "isBefore":
		return isBefore
	case "entries_since":
		return c.counting(func(t time.Time) any { return int64(len(c.since(t))) })
	case "entries_before":
		return c.counting(func(t time.Time) any { return int64(len(c.before(t))) })
	case "entries_days_since":
		return c.counting(func(t time.Time) any { return c.days(c.since(t)) })
	case "entries_days_before":
		return c.counting(func(t time.Time) any { return c.days(c.before(t)) })
	}
	return nil
}

// counting reads the one argument, a time, for the operators that count entries. A time without zone is UTC there, the
// zone of the server, not of the event.
func (c Checkin) counting(count func(time.Time) any) Operator {
	return func(args []any) (any, error) {
		if len(args) != 1 {
			return nil, ErrArguments
		}
		if w, isWall := args[0].(Wall); isWall {
			return count(w.utc()), nil
		}
		if t, isInstant := instantOf(args[0]); isInstant {
			return count(t), nil
		}
		return nil, ErrKind
	}
}

// lookup(kind, id, label) is the id as a whole number; the rest is for the editor.
func lookup(args []any) (any, error) {
	if len(args) != 3 {
		return nil, ErrArguments
	}
	switch v := args[1].(type) {
	case int64:
		return v, nil
	case string:
		if n, ok := parseInt(v); ok {
			return n, nil
		}
	case float64, bool:
		if f, _ := numeric(v); math.Abs(f) < 1<<53 {
			return int64(f), nil
		}
	}
	return nil, ErrKind
}

// inList(x, list) looks for x without conversion: 101 is 101.0, "101" is not. A text in place of the list is searched for
// the text x.
func inList(args []any) (any, error) {
	if len(args) != 2 {
		return nil, ErrArguments
	}
	if isText(args[0]) && isText(args[1]) {
		return strings.Contains(text(args[1]), text(args[0])), nil
	}
	list, ok := args[1].([]any)
	if !ok {
		return nil, ErrKind
	}
	for _, v := range list {
		if sameValue(args[0], v) {
			return true, nil
		}
	}
	return false, nil
}

// isAfter(a, b, tolerance): b < a + tolerance minutes.
func isAfter(args []any) (any, error) {
	if len(args) != 2 && len(args) != 3 {
		return nil, ErrArguments
	}
	a, err := later(args[0], args[2:])
	if err != nil {
		return nil, err
	}
	return earlier(args[1], a)
}

// isBefore(a, b, tolerance): a < b + tolerance minutes.
func isBefore(args []any) (any, error) {
	if len(args) != 2 && len(args) != 3 {
		return nil, ErrArguments
	}
	b, err := later(args[1], args[2:])
	if err != nil {
		return nil, err
	}
	return earlier(args[0], b)
}

// later adds the tolerance, in minutes, if there is one that is not null, zero or empty.
func later(t any, tolerance []any) (any, error) {
	if len(tolerance) == 0 || !Truthy(tolerance[0]) {
		return t, nil
	}
	minutes, ok := numeric(tolerance[0])
	if !ok {
		return nil, fmt.Errorf("tolerance: %w", ErrKind)
	}
	if later, isTime := moved(t, minutes); isTime {
		return later, nil
	}
	return nil, ErrKind
}

// earlier compares two times, two numbers (true is one) or two texts, strictly.
func earlier(a, b any) (any, error) {
	if !isText(a) && !isText(b) {
		x, ok := numeric(a)
		y, okToo := numeric(b)
		if ok && okToo {
			return x < y, nil
		}
	}
	order, err := ordered(a, b)
	return order < 0, err
}
