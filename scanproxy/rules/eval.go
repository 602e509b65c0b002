package rules

import (
	"errors"
	"fmt"
)

// Errors of Eval. All of them mean: the rule does not admit anybody.
var (
	ErrUnknownOperator = errors.New("unknown operator")
	ErrArguments       = errors.New("wrong number of arguments")
	ErrKind            = errors.New("wrong kind of value")
	ErrTooMuchWork     = errors.New("rule takes too many steps")
)

// maxSteps bounds reduce and map inside each other; an ordinary rule takes some ten steps.
const maxSteps = 100_000

// Operator computes a result from arguments that are computed already.
type Operator func(args []any) (any, error)

// Operators finds the operator of that name, nil when there is none. It is asked before the general operators of JSON
// logic, so it can replace them; it lives as long as one evaluation.
type Operators func(name string) Operator

// Eval computes the rule over data with the given additional operators (nil: none). Results and data are nil, bool,
// int64, float64, string, []any, map[string]any, time.Time, Wall or Clock. All arguments are computed before their operator,
// also those of and, or and if: an error anywhere fails the whole rule.
func (r *Rule) Eval(extra Operators, data any) (any, error) {
	steps := maxSteps
	return run{extra: extra, data: data, steps: &steps}.eval(r.top)
}

// run is one evaluation; a part of it (the body of a map) runs over other data with the same account of steps.
type run struct {
	extra Operators
	data  any
	steps *int
}

func (r run) over(data any) run {
	r.data = data
	return r
}

func (r run) eval(e expr) (any, error) {
	if *r.steps--; *r.steps < 0 {
		return nil, ErrTooMuchWork
	}
	c, isCall := e.(call)
	if !isCall {
		return e.(constant).value, nil
	}
	if form := r.form(c.operator); form != nil {
		return named(c.operator)(form(c.args))
	}
	operator := r.operator(c.operator)
	if operator == nil {
		return nil, fmt.Errorf("%w %q", ErrUnknownOperator, c.operator)
	}
	args := make([]any, len(c.args))
	for i, a := range c.args {
		v, err := r.eval(a)
		if err != nil {
			return nil, err
		}
		args[i] = v
	}
	return named(c.operator)(operator(args))
}

func (r run) operator(name string) Operator {
	if r.extra != nil {
		if op := r.extra(name); op != nil {
			return op
		}
	}
	if op := r.reading(name); op != nil {
		return op
	}
	if op := comparison(name); op != nil {
		return op
	}
	return general(name)
}

// named says in the error which operator it was.
func named(operator string) func(any, error) (any, error) {
	return func(v any, err error) (any, error) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", operator, err)
		}
		return v, nil
	}
}
