package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// form finds the operators of JSON logic that evaluate their second argument themselves, once for each element of a list.
func (r run) form(name string) func(args []expr) (any, error) {
	switch name {
	case "map":
		return r.mapped
	case "filter":
		return r.filtered
	case "reduce":
		return r.reduced
	case "all":
		return func(args []expr) (any, error) {
			truths, err := r.truths(args)
			return len(truths) > 0 && !has(truths, false), err
		}
	case "some":
		return func(args []expr) (any, error) {
			truths, err := r.truths(args)
			return has(truths, true), err
		}
	case "none":
		return func(args []expr) (any, error) {
			truths, err := r.truths(args)
			return !has(truths, true), err
		}
	}
	return nil
}

func has(truths []bool, want bool) bool {
	for _, t := range truths {
		if t == want {
			return true
		}
	}
	return false
}

// list evaluates the first argument of a form; what is no list counts as an empty one.
func (r run) list(args []expr, want int) ([]any, error) {
	if len(args) != want {
		return nil, ErrArguments
	}
	v, err := r.eval(args[0])
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	return list, nil
}

func (r run) mapped(args []expr) (any, error) {
	list, err := r.list(args, 2)
	if err != nil {
		return nil, err
	}
	out := make([]any, 0, len(list))
	for _, element := range list {
		v, err := r.over(element).eval(args[1])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// truths is the second argument over each element, as true or false.
func (r run) truths(args []expr) ([]bool, error) {
	values, err := r.mapped(args)
	if err != nil {
		return nil, err
	}
	out := []bool{}
	for _, v := range values.([]any) {
		out = append(out, Truthy(v))
	}
	return out, nil
}

func (r run) filtered(args []expr) (any, error) {
	list, err := r.list(args, 2)
	if err != nil {
		return nil, err
	}
	truths, err := r.truths(args)
	out := []any{}
	for i, keep := range truths {
		if keep {
			out = append(out, list[i])
		}
	}
	return out, err
}

func (r run) reduced(args []expr) (any, error) {
	list, err := r.list(args, 3)
	if err != nil {
		return nil, err
	}
	total, err := r.eval(args[2])
	for _, element := range list {
		if err != nil {
			return nil, err
		}
		total, err = r.over(map[string]any{"current": element, "accumulator": total}).eval(args[1])
	}
	return total, err
}

// reading finds the operators that look at the data.
func (r run) reading(name string) Operator {
	switch name {
	case "var":
		return r.variable
	case "missing":
		return func(args []any) (any, error) { return r.missing(args), nil }
	case "missing_some":
		return r.missingSome
	}
	return nil
}

// variable is {"var": path} or {"var": [path, default]}; an empty path is the data itself.
func (r run) variable(args []any) (any, error) {
	if len(args) > 2 {
		return nil, ErrArguments
	}
	var given [2]any
	copy(given[:], args)
	path, fallback := given[0], given[1]
	if path == nil || path == "" {
		return r.data, nil
	}
	switch path.(type) {
	case string, int64, float64:
	default:
		return nil, fmt.Errorf("path: %w", ErrKind)
	}
	if v, ok := find(r.data, path); ok {
		return v, nil
	}
	return fallback, nil
}

// find walks a path like "pie.0.filling".
func find(data, path any) (any, bool) {
	for _, step := range strings.Split(text(path), ".") {
		switch d := data.(type) {
		case map[string]any:
			v, ok := d[step]
			if !ok {
				return nil, false
			}
			data = v
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(d) {
				return nil, false
			}
			data = d[i]
		default:
			return nil, false
		}
	}
	return data, true
}

// missing lists which of the paths have no value; the paths may be given as one list.
func (r run) missing(args []any) []any {
	if len(args) > 0 {
		if list, isList := args[0].([]any); isList {
			args = list
		}
	}
	out := []any{}
	for _, path := range args {
		if v, ok := find(r.data, path); !ok || v == nil || v == "" {
			out = append(out, path)
		}
	}
	return out
}

// missingSome is empty when at least so many of the paths have a value, else it lists those that have none.
func (r run) missingSome(args []any) (any, error) {
	if len(args) != 2 {
		return nil, ErrArguments
	}
	need, isNumber := numeric(args[0])
	paths, isList := args[1].([]any)
	if !isNumber || !isList {
		return nil, ErrKind
	}
	missing := r.missing(paths)
	if float64(len(paths)-len(missing)) >= need {
		return []any{}, nil
	}
	return missing, nil
}
