package pretixsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// ruleOperators are those that pretix accepts when a list is saved. The simulator evaluates fewer: what it does not
// know becomes HTTP 500 and a problem, never a guess.
var ruleOperators = []string{
	"and", "or", "==", "!=", "<", "<=", ">", ">=", "inList", "isBefore", "isAfter", "var", "lookup", "objectList",
	"buildTime", "entries_since", "entries_before", "entries_days_since", "entries_days_before",
}

// unknownOperator returns an operator that pretix would not save, "" when there is none.
func unknownOperator(rule any) string {
	switch r := rule.(type) {
	case map[string]any:
		for _, op := range slices.Sorted(maps.Keys(r)) {
			if !slices.Contains(ruleOperators, op) {
				return op
			}
			if below := unknownOperator(r[op]); below != "" {
				return below
			}
		}
	case []any:
		for _, v := range r {
			if below := unknownOperator(v); below != "" {
				return below
			}
		}
	}
	return ""
}

// evaluation runs a list's custom rules (JSON logic) for one scan.
type evaluation struct {
	r       *redemption
	why     string // explanation of the first condition that failed
	unknown string // the first thing that cannot be evaluated
}

// holds evaluates a rule at boolean level.
func (e *evaluation) holds(rule any) bool {
	op, args := e.operator(rule)
	switch op {
	case "and":
		return !slices.ContainsFunc(args, func(a any) bool { return !e.holds(a) })
	case "or":
		return slices.ContainsFunc(args, e.holds)
	}
	ok := e.compares(op, args)
	if !ok && e.why == "" {
		e.why = e.explain(op, args)
	}
	return ok
}

// operator splits {"op": [args]}; a single argument may stand without brackets.
func (e *evaluation) operator(rule any) (string, []any) {
	m, ok := rule.(map[string]any)
	if !ok || len(m) != 1 {
		e.cannot(rule)
		return "", nil
	}
	for op, args := range m {
		if list, ok := args.([]any); ok {
			return op, list
		}
		return op, []any{args}
	}
	return "", nil
}

func (e *evaluation) cannot(rule any) {
	if e.unknown == "" {
		text, _ := json.Marshal(rule) // a rule came from JSON
		e.unknown = string(text)
	}
}

func (e *evaluation) compares(op string, args []any) bool {
	if len(args) < 2 {
		e.cannot(map[string]any{op: args})
		return false
	}
	switch op {
	case "inList":
		return e.inList(args[0], args[1])
	case "isBefore", "isAfter":
		return e.beforeOrAfter(op, args)
	case "<", "<=", ">", ">=", "==", "!=":
		a, b := e.number(args[0]), e.number(args[1])
		return map[string]bool{"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[op]
	}
	e.cannot(map[string]any{op: args})
	return false
}

// number evaluates a constant or one of the entry counters.
func (e *evaluation) number(term any) float64 {
	switch t := term.(type) {
	case float64:
		return t
	case int:
		return float64(t)
	case json.Number:
		n, _ := t.Float64() // JSON numbers are numbers
		return n
	}
	switch name := e.variable(term); name {
	case "entries_number":
		return float64(e.entries(time.Time{}))
	case "entries_today":
		return float64(e.entries(midnight(e.r.in.at.In(e.r.list.event.zone))))
	}
	e.cannot(term)
	return 0
}

func (e *evaluation) variable(term any) string {
	m, _ := term.(map[string]any)
	name, _ := m["var"].(string)
	return name
}

func (e *evaluation) entries(since time.Time) int {
	return len(filter(e.r.history(), func(ci *checkin) bool { return ci.kind == "entry" && !ci.at.Before(since) }))
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// inList: {"inList": [{"var": "product"}, {"objectList": [{"lookup": ["product", "3", "VIP"]}]}]}.
func (e *evaluation) inList(term, of any) bool {
	var have int
	switch e.variable(term) {
	case "product":
		have = e.r.ticket.Item
	case "variation":
		have = e.r.ticket.Variation
	default:
		e.cannot(term)
		return false
	}
	_, entries := e.operator(of)
	return slices.ContainsFunc(entries, func(entry any) bool {
		_, lookup := e.operator(entry)
		return len(lookup) > 1 && fmt.Sprint(lookup[1]) == fmt.Sprint(have)
	})
}

// beforeOrAfter compares the time of the scan with one of the date's times; the third argument is a tolerance in
// minutes in the guest's favour.
func (e *evaluation) beforeOrAfter(op string, args []any) bool {
	if e.variable(args[0]) != "now" {
		e.cannot(args[0])
		return false
	}
	limit := e.limit(op, args)
	if op == "isAfter" {
		return e.r.in.at.After(limit)
	}
	return e.r.in.at.Before(limit)
}

func (e *evaluation) limit(op string, args []any) time.Time {
	tolerance := time.Duration(0)
	if len(args) > 2 && args[2] != nil {
		tolerance = time.Duration(e.number(args[2])) * time.Minute
	}
	if op == "isAfter" {
		tolerance = -tolerance
	}
	return e.buildTime(args[1]).Add(tolerance)
}

// buildTime: {"buildTime": ["date_from"]} and its kin, of the ticket's date or of the event.
func (e *evaluation) buildTime(term any) time.Time {
	ev := e.r.list.event
	from, to, admission := ev.DateFrom, ev.DateTo, ev.DateAdmission
	if d := e.r.ticket.subevent(); d != nil {
		from, to, admission = d.DateFrom, d.DateTo, d.DateAdmission
	}
	op, args := e.operator(term)
	if op == "buildTime" && len(args) > 0 {
		switch args[0] {
		case "date_from":
			return from
		case "date_to":
			return orElse(to, from)
		case "date_admission":
			return orElse(admission, from)
		}
	}
	e.cannot(term)
	return time.Time{}
}

func orElse(t, other time.Time) time.Time {
	if t.IsZero() {
		return other
	}
	return t
}

// explain is what reason_explanation says about a failed condition.
func (e *evaluation) explain(op string, args []any) string {
	if e.unknown != "" || len(args) < 2 {
		return ""
	}
	switch name := e.variable(args[0]); {
	case op == "isAfter":
		return e.r.say(onlyAfter, e.r.clock(e.limit(op, args)))
	case op == "isBefore":
		return e.r.say(onlyBefore, e.r.clock(e.limit(op, args)))
	case name == "entries_today":
		return e.r.say(tooManyToday)
	case name == "entries_number":
		return e.r.say(tooManyEntries)
	}
	return e.r.say(wrongTicketType)
}
