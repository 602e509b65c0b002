package rules

import (
	"cmp"
	"slices"
)

// comparison finds the operators that combine and compare as pretix does. pretix decides by the kinds of both sides,
// not by JavaScript's conversions; these functions are the tables of offline-check.md section 9.
func comparison(name string) Operator {
	switch name {
	case "and":
		return and
	case "or":
		return or
	case "==":
		return func(args []any) (any, error) { return equalPair(args, true) }
	case "!=":
		return func(args []any) (any, error) { return equalPair(args, false) }
	case "<":
		return ascending
	case "<=":
		return neverFalling
	case ">":
		return func(args []any) (any, error) { return turned(args, less) }
	case ">=":
		return func(args []any) (any, error) { return turned(args, lessOrEqual) }
	}
	return nil
}

// and returns the last value or the first that is false; without arguments true.
func and(args []any) (any, error) {
	var last any = true
	for _, last = range args {
		if !Truthy(last) {
			break
		}
	}
	return last, nil
}

// or returns the last value or the first that is true; without arguments false.
func or(args []any) (any, error) {
	var last any = false
	for _, last = range args {
		if Truthy(last) {
			break
		}
	}
	return last, nil
}

func equalPair(args []any, want bool) (any, error) {
	if len(args) != 2 {
		return nil, ErrArguments
	}
	return softEqual(args[0], args[1]) == want, nil
}

// softEqual compares as texts when either side is a text, else by truthiness when either side is a boolean, else by value.
func softEqual(a, b any) bool {
	if isText(a) || isText(b) {
		return text(a) == text(b)
	}
	if isBool(a) || isBool(b) {
		return Truthy(a) == Truthy(b)
	}
	return sameValue(a, b)
}

// sameValue compares without conversion between kinds, except that numbers are one kind and true is the number 1.
func sameValue(a, b any) bool {
	if isText(a) || isText(b) {
		return isText(a) && isText(b) && a == b
	}
	x, xIsNumber := numeric(a)
	y, yIsNumber := numeric(b)
	if xIsNumber || yIsNumber {
		return xIsNumber && yIsNumber && x == y
	}
	switch a := a.(type) {
	case nil:
		return b == nil
	case []any:
		list, ok := b.([]any)
		return ok && slices.EqualFunc(a, list, sameValue)
	}
	return sameMoment(a, b)
}

func isText(v any) bool { _, ok := v.(string); return ok }
func isBool(v any) bool { _, ok := v.(bool); return ok }

// ascending is a < b < c: pair by pair, up to the first pair that does not hold. A text that was read as a number goes
// into the next pair as that number.
func ascending(args []any) (any, error) {
	if len(args) < 2 {
		return nil, ErrArguments
	}
	a := args[0]
	for _, b := range args[1:] {
		if ok, err := less(a, b); !ok || err != nil {
			return false, err
		}
		if n, ok := numeric(b); ok && (isNumber(a) || isNumber(b)) {
			b = n
		}
		a = b
	}
	return true, nil
}

// neverFalling is a <= b <= c; here each pair is compared as it was written.
func neverFalling(args []any) (any, error) {
	if len(args) < 2 {
		return nil, ErrArguments
	}
	for i := range len(args) - 1 {
		if ok, err := lessOrEqual(args[i], args[i+1]); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// turned is > and >=: two arguments, exchanged. Three fail at pretix.
func turned(args []any, holds func(a, b any) (bool, error)) (any, error) {
	if len(args) != 2 {
		return nil, ErrArguments
	}
	return holds(args[1], args[0])
}

// less compares as numbers when either side is a number: what cannot be read as one makes the comparison false.
func less(a, b any) (bool, error) {
	if isNumber(a) || isNumber(b) {
		x, ok := numeric(a)
		y, okToo := numeric(b)
		return ok && okToo && x < y, nil
	}
	order, err := ordered(a, b)
	return order < 0, err
}

// lessOrEqual is less or equal in the soft sense, so 2 <= true holds.
func lessOrEqual(a, b any) (bool, error) {
	smaller, err := less(a, b)
	if err != nil {
		return false, err
	}
	return smaller || softEqual(a, b), nil
}

// ordered compares two values of one kind that has an order: times, texts (by code point), booleans, lists (by their first
// elements that differ).
func ordered(a, b any) (int, error) {
	switch a := a.(type) {
	case string:
		if s, ok := b.(string); ok {
			return cmp.Compare(a, s), nil
		}
	case bool:
		if _, ok := b.(bool); ok {
			x, _ := numeric(a)
			y, _ := numeric(b)
			return cmp.Compare(x, y), nil
		}
	case []any:
		if list, ok := b.([]any); ok {
			return orderedLists(a, list)
		}
	}
	if order, comparable := compareTimes(a, b); comparable {
		return order, nil
	}
	return 0, ErrKind
}

func orderedLists(a, b []any) (int, error) {
	for i := range min(len(a), len(b)) {
		if sameValue(a[i], b[i]) {
			continue
		}
		x, isNumber := numeric(a[i])
		y, isNumberToo := numeric(b[i])
		if isNumber && isNumberToo && !isText(a[i]) && !isText(b[i]) {
			return cmp.Compare(x, y), nil
		}
		return ordered(a[i], b[i])
	}
	return cmp.Compare(len(a), len(b)), nil
}
