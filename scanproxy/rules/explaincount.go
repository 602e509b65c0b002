package rules

import (
	"fmt"
	"math"
	"time"
)

// quantity is something countable that a rule limits. Phrases has its name.
type quantity struct {
	rigidity float64
	minutes  bool // counts minutes, -1 when there was no entry
	cutOff   bool // counted since or before a moment
}

var counted = map[string]quantity{
	"minutes_since_first_entry": {rigidity: 80, minutes: true},
	"minutes_since_last_entry":  {rigidity: 90, minutes: true},
	"entries_days":              {rigidity: 100},
	"entries_days_since":        {rigidity: 105, cutOff: true},
	"entries_days_before":       {rigidity: 105, cutOff: true},
	"entries_since":             {rigidity: 110, cutOff: true},
	"entries_before":            {rigidity: 110, cutOff: true},
	"entries_number":            {rigidity: 120},
	"entries_today":             {rigidity: 140},
	"now_isoweekday":            {rigidity: 210},
}

// strictness puts an equation behind a limit, and "not equal" behind both.
var strictness = map[string]float64{"<": 1, "<=": 1, ">": 1, ">=": 1, "==": 2, "!=": 3}

// count explains a comparison of a quantity with a number.
func (e *explanation) count(c, left call, counts string, q quantity) obstacle {
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
	name := e.words.Quantities[counts]
	if q.cutOff {
		moment, _ := e.checkin.eval(left.args[0])
		name += " " + e.clock(moment)
	}
	o.text = fmt.Sprintf(e.words.Complaints[c.operator], name, text(limit))
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

// timeLimit explains isBefore and isAfter of the current time.
func (e *explanation) timeLimit(c call) obstacle {
	limit, ok := e.limitOf(c)
	if !ok {
		e.inexplicable = true
		return obstacle{}
	}
	phrase := e.words.Before
	if c.operator == "isAfter" {
		phrase = e.words.After
	}
	return obstacle{
		rigidity: 200,
		distance: math.Abs(limit.Sub(e.checkin.Now).Seconds()),
		text:     fmt.Sprintf(phrase, e.clock(limit)),
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
		return t.In(e.checkin.zone()).Format(e.words.Clock)
	}
	return t.In(e.checkin.zone()).Format(e.words.DayAndTime)
}
