package rules

import (
	"math"
	"strings"
)

// maxText bounds what cat may build, in bytes.
const maxText = 1 << 20

// general finds the operators of JSON logic that need nothing but their arguments. Neither the editor nor the validation
// of pretix lets them into a rule; they are here because the rule language has them.
func general(name string) Operator {
	switch name {
	case "===":
		return func(args []any) (any, error) { return strictPair(args, true) }
	case "!==":
		return func(args []any) (any, error) { return strictPair(args, false) }
	case "!":
		return func(args []any) (any, error) { return !Truthy(first(args)), nil }
	case "!!":
		return func(args []any) (any, error) { return Truthy(first(args)), nil }
	case "log":
		return func(args []any) (any, error) { return first(args), nil }
	case "if", "?:":
		return choose
	case "in":
		return in
	case "cat":
		return cat
	case "substr":
		return substr
	case "merge":
		return merge
	case "count":
		return count
	case "+", "*", "-", "/", "%", "min", "max":
		return arithmetic(name)
	}
	return nil
}

func first(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

func strictPair(args []any, want bool) (any, error) {
	if len(args) != 2 {
		return nil, ErrArguments
	}
	same := isBool(args[0]) == isBool(args[1]) && sameValue(args[0], args[1])
	return same == want, nil
}

// choose is if(condition, value, condition, value, ..., otherwise).
func choose(args []any) (any, error) {
	for len(args) > 1 {
		if Truthy(args[0]) {
			return args[1], nil
		}
		args = args[2:]
	}
	return first(args), nil
}

// in looks for a text in a text, or for an element in a list.
func in(args []any) (any, error) {
	if len(args) != 2 {
		return nil, ErrArguments
	}
	switch all := args[1].(type) {
	case string:
		return strings.Contains(all, text(args[0])), nil
	case []any:
		for _, v := range all {
			if isBool(v) == isBool(args[0]) && sameValue(v, args[0]) {
				return true, nil
			}
		}
	}
	return false, nil
}

func cat(args []any) (any, error) {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(text(a))
		if b.Len() > maxText {
			return nil, ErrTooMuchWork
		}
	}
	return b.String(), nil
}

// substr(text, start, length) counts in characters; a negative start counts from the end, a negative length leaves off.
func substr(args []any) (any, error) {
	if len(args) < 2 || len(args) > 3 {
		return nil, ErrArguments
	}
	letters := []rune(text(args[0]))
	start, ok := numeric(args[1])
	length := float64(len(letters))
	if len(args) == 3 {
		var isNumber bool
		length, isNumber = numeric(args[2])
		ok = ok && isNumber
	}
	if !ok || math.IsNaN(start) || math.IsNaN(length) {
		return nil, ErrKind
	}
	total := float64(len(letters))
	if start < 0 {
		start += total
	}
	start = min(max(start, 0), total)
	end := start + length
	if length < 0 {
		end = total + length
	}
	end = min(max(end, start), total)
	return string(letters[int(start):int(end)]), nil
}

// merge makes one list of lists and single values.
func merge(args []any) (any, error) {
	out := []any{}
	for _, a := range args {
		if list, isList := a.([]any); isList {
			out = append(out, list...)
			continue
		}
		out = append(out, a)
		if len(out) > maxSteps {
			return nil, ErrTooMuchWork
		}
	}
	return out, nil
}

// count counts the arguments that are true.
func count(args []any) (any, error) {
	var n int64
	for _, a := range args {
		if Truthy(a) {
			n++
		}
	}
	return n, nil
}

// arithmetic finds + * - / % min max. Texts that hold a number count as one; anything else, and a result that is no
// finite number, fails.
func arithmetic(name string) Operator {
	return func(args []any) (any, error) {
		numbers := make([]float64, len(args))
		for i, a := range args {
			n, ok := numeric(a)
			if !ok {
				return nil, ErrKind
			}
			numbers[i] = n
		}
		result, err := compute(name, numbers)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(result) || math.IsInf(result, 0) {
			return nil, ErrKind
		}
		if result == math.Trunc(result) && math.Abs(result) < 1<<53 {
			return int64(result), nil
		}
		return result, nil
	}
}

func compute(name string, n []float64) (float64, error) {
	switch {
	case name == "+":
		return fold(n, 0, func(a, b float64) float64 { return a + b }), nil
	case name == "-" && len(n) == 1:
		return -n[0], nil
	case name == "-" && len(n) == 2:
		return n[0] - n[1], nil
	case name == "/" && len(n) == 2:
		return n[0] / n[1], nil
	case name == "%" && len(n) == 2:
		return math.Mod(n[0], n[1]), nil
	case len(n) == 0 || name == "-" || name == "/" || name == "%":
		return 0, ErrArguments
	case name == "*":
		return fold(n[1:], n[0], func(a, b float64) float64 { return a * b }), nil
	case name == "min":
		return fold(n[1:], n[0], math.Min), nil
	default:
		return fold(n[1:], n[0], math.Max), nil
	}
}

func fold(n []float64, start float64, f func(a, b float64) float64) float64 {
	for _, x := range n {
		start = f(start, x)
	}
	return start
}
