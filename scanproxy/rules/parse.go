package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a rule. The largest rule that the editor of pretix builds in practice has a few hundred parts.
const (
	maxDepth = 200    // nested objects and lists
	maxParts = 20_000 // scalars, lists and objects together
)

// Errors of Parse: the rule is larger than any that a person would write.
var (
	ErrTooDeep  = errors.New("rule is nested too deeply")
	ErrTooLarge = errors.New("rule has too many parts")
)

// Rule is one parsed expression. It is immutable and safe for use by many goroutines.
type Rule struct {
	top expr
}

// expr is a constant or a call.
type expr interface{ isExpr() }

// constant is a value that stands in the rule as it is.
type constant struct{ value any }

// call is {"operator": [arguments]}. The operator is "" for an object that names none: evaluating it fails.
type call struct {
	operator string
	args     []expr
}

func (constant) isExpr() {}
func (call) isExpr()     {}

// Parse reads a rule from JSON. What the operators are called and how many arguments they take is judged when the rule is
// evaluated: pretix stores any JSON, and an unknown operator in a branch must fail the scan, not the synchronisation.
// Errors: broken JSON, ErrTooDeep, ErrTooLarge.
func Parse(raw []byte) (*Rule, error) {
	p := parser{dec: json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	v, err := p.value(0)
	if err != nil {
		return nil, fmt.Errorf("parse rule: %w", err)
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("parse rule: text after the end")
	}
	return &Rule{top: compile(v)}, nil
}

// object keeps the order of keys, which decides which of several is the operator.
type object []member

type member struct {
	key   string
	value any
}

// compile turns a JSON value into an expression. Only objects are calls. A list among the arguments is taken as it
// stands: pretix evaluates nothing in it.
func compile(v any) expr {
	o, isObject := v.(object)
	if !isObject {
		return constant{plain(v)}
	}
	for _, m := range o {
		if strings.HasPrefix(m.key, "__") { // editor's notes
			continue
		}
		list, isList := m.value.([]any)
		if !isList {
			list = []any{m.value}
		}
		args := make([]expr, len(list))
		for i, a := range list {
			args[i] = compile(a)
		}
		return call{operator: m.key, args: args}
	}
	return call{}
}

// plain turns ordered objects into maps, for constants.
func plain(v any) any {
	switch v := v.(type) {
	case object:
		out := make(map[string]any, len(v))
		for _, m := range v {
			out[m.key] = plain(m.value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	default:
		return v
	}
}

// parser reads JSON token by token, so that depth and size are known before memory is spent.
type parser struct {
	dec   *json.Decoder
	parts int
}

func (p *parser) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, ErrTooDeep
	}
	if p.parts++; p.parts > maxParts {
		return nil, ErrTooLarge
	}
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return p.object(depth)
	case json.Delim('['):
		return p.list(depth)
	}
	if n, ok := token.(json.Number); ok {
		return number(n), nil
	}
	return token, nil
}

func (p *parser) object(depth int) (any, error) {
	o := object{}
	for p.dec.More() {
		key, err := p.dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o = append(o, member{key.(string), v}) // the decoder admits nothing but a text as key
	}
	_, err := p.dec.Token()
	return o, err
}

func (p *parser) list(depth int) (any, error) {
	list := []any{}
	for p.dec.More() {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := p.dec.Token()
	return list, err
}

// number keeps whole numbers whole: 5 and 5.0 are equal but read differently as texts.
func number(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil { // 1e999: beyond a float
		return n.String()
	}
	return f
}
