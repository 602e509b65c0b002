package rules

import (
	"fmt"
	"math"
	"time"
)

// quantity is something countable that a rule limits.
type quantity struct {
	rigidity float64
	text     string
	minutes  bool // counts minutes, -1 when there was no entry
	cutOff   bool // counted since or before a moment
}

var counted = map[string]quantity{
	"minutes_since_first_entry": {rigidity: 80, text: "minutes since the first entry", minutes: true},
	"minutes_since_last_entry":  {rigidity: 90, text: "minutes since the last entry", minutes: true},
	"entries_days":              {rigidity: 100, text: "days with an entry"},
	"entries_days_since":        {rigidity: 105, text: "days with an entry since", cutOff: true},
	"entries_days_before":       {rigidity: 105, text: "days with an entry before", cutOff: true},
	"entries_since":             {rigidity: 110, text: "entries since", cutOff: true},
	"entries_before":            {rigidity: 110, text: "entries before", cutOff: true},
	"entries_number":            {rigidity: 120, text: "entries"},
	"entries_today":             {rigidity: 140, text: "entries today"},
	"now_isoweekday":            {rigidity: 210, text: "day of the week"},
}

// strictness puts an equation behind a limit, and "not equal" behind both.
var strictness = map[string]float64{"<": 1, "<=": 1, ">": 1, ">=": 1, "==": 2, "!=": 3}

// count explains a comparison of a quantity with a number.
func (e *explanation) count(c, left call, q quantity) obstacle {
	have, err := e.checkin.eval(left)
	limit, errLimit := e.checkin.eval(c.args[1])
	x, y, comparable := bothNumbers(have, limit)
	strict := strictness[c.operator]
	if err != nil || errLimit != nil || !comparable || strict == 0 {
		e.inexplicable = true
		return obstacle{}
	}
	o := obstacle{rigidity: q.rigidity + strict, distance: math.Abs(x - y)}
	if q.minutes && asksForNoEntry(c.operator, y) {
		o.rigidity += 1000
	}
	name := q.text
	if q.cutOff {
		moment, _ := e.checkin.eval(left.args[0])
		name += " " + e.clock(moment)
	}
	o.text = complaint(c.operator, name, limit)
	return o
}

// bothNumbers demands numbers proper: pretix cannot explain a text, null or true in their place.
func bothNumbers(a, b any) (x, y float64, ok bool) {
	if !isNumber(a) || !isNumber(b) {
		return 0, 0, false
	}
	x, _ = numeric(a)
	y, _ = numeric(b)
	return x, y, true
}

// asksForNoEntry recognises comparisons of minutes that pretix takes for a mere test whether there was an entry (-1).
func asksForNoEntry(operator string, limit float64) bool {
	switch operator {
	case "==", "!=":
		return limit == -1
	case "<", ">":
		return limit <= 0
	default: // <= and >=
		return limit < 0
	}
}

func complaint(operator, name string, limit any) string {
	switch operator {
	case "<":
		return fmt.Sprintf("%s: fewer than %s allowed", name, text(limit))
	case "<=":
		return fmt.Sprintf("%s: at most %s allowed", name, text(limit))
	case ">":
		return fmt.Sprintf("%s: more than %s needed", name, text(limit))
	case ">=":
		return fmt.Sprintf("%s: at least %s needed", name, text(limit))
	case "==":
		return fmt.Sprintf("%s: must be %s", name, text(limit))
	default:
		return fmt.Sprintf("%s: must not be %s", name, text(limit))
	}
}

// timeLimit explains isBefore and isAfter of the current time.
func (e *explanation) timeLimit(c call) obstacle {
	limit, ok := e.limitOf(c)
	if !ok {
		e.inexplicable = true
		return obstacle{}
	}
	word := "only allowed before "
	if c.operator == "isAfter" {
		word = "only allowed after "
	}
	return obstacle{
		rigidity: 200,
		distance: math.Abs(limit.Sub(e.checkin.Now).Seconds()),
		text:     word + e.clock(limit),
	}
}

// limitOf is the moment from or until which the scan would be let in, tolerance included.
func (e *explanation) limitOf(c call) (time.Time, bool) {
	sign := 1.0
	switch c.operator {
	case "isAfter":
		sign = -1
	case "isBefore":
	default:
		return time.Time{}, false
	}
	v, err := e.checkin.eval(c.args[1])
	if err != nil {
		return time.Time{}, false
	}
	moment, isInstant := instantOf(v)
	if !isInstant || len(c.args) < 3 {
		return moment, isInstant
	}
	tolerance, err := e.checkin.eval(c.args[2])
	minutes, _ := numeric(tolerance)
	moment, ok := shift(moment, sign*minutes)
	return moment, ok && err == nil
}

// clock writes a moment on the event's clocks, without the date when it is near.
func (e *explanation) clock(v any) string {
	t, isInstant := instantOf(v)
	if w, isWall := v.(Wall); isWall { // counted as UTC
		t, isInstant = w.utc(), true
	}
	if !isInstant {
		return text(v)
	}
	if d := t.Sub(e.checkin.Now); d.Abs() < 12*time.Hour {
		return t.In(e.checkin.zone()).Format("15:04")
	}
	return t.In(e.checkin.zone()).Format("2006-01-02 15:04")
}
