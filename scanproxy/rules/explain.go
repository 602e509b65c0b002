package rules

import (
	"math"
	"slices"
	"strings"
)

// maxPaths bounds the disjunctive form of a rule; a rule with more ways through it gets no explanation.
const maxPaths = 2000

// Explain says why the rule does not admit this scan: it looks for the way through the rule that the guest is closest to
// and names what is missing on it. Empty when the rule admits, fails, or has parts that pretix itself cannot explain.
// The method is that of pretix (offline-check.md 9.1), the words are ours.
func (r *Rule) Explain(c Checkin, words Phrases) string {
	if ok, err := r.Admits(c); ok || err != nil {
		return ""
	}
	e := explanation{checkin: c, words: words}
	ways := e.ways(r.top, true)
	if e.unknown {
		return words.Unknown
	}
	if e.inexplicable || len(ways) == 0 {
		return ""
	}
	closest := slices.MinFunc(ways, way.compare)
	texts := make([]string, len(closest))
	for i, o := range closest {
		texts[i] = o.text
	}
	return strings.Join(texts, ", ")
}

// obstacle is a part of the rule that does not hold, and how hard it is to change: rigidity first (time passes by itself,
// the product of a ticket never changes), then the distance to where it would hold.
type obstacle struct {
	rigidity, distance float64
	text               string
}

// way is one path through the rule: all obstacles that stand on it. Fewer and softer ones sort first.
type way []obstacle

func (w way) hardest() obstacle {
	if len(w) == 0 {
		return obstacle{}
	}
	return slices.MaxFunc(w, obstacle.compare)
}

func (o obstacle) compare(p obstacle) int {
	return slices.Compare([]float64{o.rigidity, o.distance}, []float64{p.rigidity, p.distance})
}

func (w way) compare(v way) int {
	if c := w.hardest().compare(v.hardest()); c != 0 {
		return c
	}
	return len(w) - len(v)
}

// explanation walks one rule.
type explanation struct {
	checkin      Checkin
	words        Phrases
	inexplicable bool
	unknown      bool // a part asks for something that has no name, so pretix names nothing at all
}

// ways brings an expression to its disjunctive form: the ways through it, each with the obstacles on it.
func (e *explanation) ways(x expr, top bool) []way {
	c, isCall := x.(call)
	switch {
	case !isCall:
		return e.fixed(x.(constant).value)
	case c.operator == "and" && len(c.args) > 0:
		ways := []way{nil}
		for _, a := range c.args {
			ways = e.cross(ways, e.ways(a, false))
		}
		return ways
	case c.operator == "or" && len(c.args) > 0:
		var ways []way
		for _, a := range c.args {
			ways = append(ways, e.ways(a, false)...)
			e.limit(len(ways))
		}
		return ways
	case c.operator == "and" || c.operator == "or":
		e.inexplicable = e.inexplicable || !top
		return nil
	}
	return []way{e.part(c)}
}

func (e *explanation) cross(left, right []way) []way {
	if e.limit(len(left) * len(right)); e.inexplicable {
		return nil
	}
	var out []way
	for _, l := range left {
		for _, r := range right {
			out = append(out, slices.Concat(l, r))
		}
	}
	return out
}

func (e *explanation) limit(paths int) {
	e.inexplicable = e.inexplicable || paths > maxPaths
}

// fixed is a constant in place of a condition: it holds always or never.
func (e *explanation) fixed(v any) []way {
	if Truthy(v) {
		return []way{nil}
	}
	return []way{{obstacle{rigidity: math.MaxFloat64, text: e.words.Never}}}
}

// part is one comparison.
func (e *explanation) part(c call) way {
	v, err := e.checkin.eval(c)
	if err != nil {
		e.inexplicable = true
		return nil
	}
	if Truthy(v) {
		return nil
	}
	if len(c.args) == 0 {
		e.inexplicable = true
		return nil
	}
	left, isCall := c.args[0].(call)
	if !isCall {
		switch c.args[0].(constant).value.(type) {
		case string, []any:
			e.unknown = true
		default: // pretix fails
			e.inexplicable = true
		}
		return nil
	}
	return way{e.obstacle(c, left)}
}

func (e *explanation) obstacle(c, left call) obstacle {
	name := left.operator
	if len(c.args) < 2 { // a time or a number where a condition belongs
		name = ""
	}
	if name == "var" {
		name = variableName(left)
	}
	switch name {
	case "product", "variation":
		return obstacle{rigidity: 1000, text: e.words.WrongKind}
	case "gate":
		return obstacle{rigidity: 500, text: e.words.WrongGate}
	case "entry_status":
		return obstacle{rigidity: 20, text: e.presence()}
	case "now":
		return e.timeLimit(c)
	}
	if k, isCount := counted[name]; isCount {
		return e.count(c, left, name, k)
	}
	e.unknown = true
	return obstacle{}
}

func variableName(c call) string {
	if len(c.args) == 0 {
		return ""
	}
	k, _ := c.args[0].(constant)
	name, _ := k.value.(string)
	return name
}

func (e *explanation) presence() string {
	if e.checkin.Inside {
		return e.words.Inside
	}
	return e.words.NotInside
}
