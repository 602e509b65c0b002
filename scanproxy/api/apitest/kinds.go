package apitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// absent is what valuesAt finds where a key is missing.
const absent = "(absent)"

// valuesAt returns the values at a path such as "results[].name"; "$" is the whole, and "->" leads into JSON that stands
// in a text.
func valuesAt(root any, path string) []any {
	if path == "$" {
		return []any{root}
	}
	if outer, inner, isText := strings.Cut(path, "->"); isText {
		var values []any
		for _, v := range valuesAt(root, outer) {
			values = append(values, valuesAt(inText(v), inner)...)
		}
		return values
	}
	values := []any{root}
	for _, step := range strings.Split(path, ".") {
		name, each := strings.CutSuffix(step, "[]")
		var next []any
		for _, v := range values {
			if name != "" {
				o, _ := v.(map[string]any)
				inner, known := o[name]
				if v = inner; !known {
					v = absent
				}
			}
			if l, isList := v.([]any); each && isList {
				next = append(next, l...)
			} else if !each {
				next = append(next, v)
			}
		}
		values = next
	}
	return values
}

// inText is the JSON in a text, absent if there is none.
func inText(v any) (inner any) {
	text, _ := v.(string)
	if json.Unmarshal([]byte(text), &inner) != nil {
		return absent
	}
	return inner
}

// isKind says whether a value is of one of the kinds: "integer|null", "enum:A,B", "const:x", "array<object>".
func isKind(v any, kinds string) bool {
	if want, isConst := strings.CutPrefix(kinds, "const:"); isConst {
		return fmt.Sprint(v) == want
	}
	if words, isEnum := strings.CutPrefix(kinds, "enum:"); isEnum {
		return slices.Contains(strings.Split(words, ","), fmt.Sprint(v))
	}
	if want, isText := strings.CutPrefix(kinds, "json-string:"); isText {
		return isKind(inText(v), want)
	}
	return slices.ContainsFunc(strings.Split(kinds, "|"), func(kind string) bool { return kindOf(v, kind) })
}

func kindOf(v any, kind string) bool {
	switch x := v.(type) {
	case nil:
		return kind == "null"
	case string:
		return kind == "string" && x != absent || kind == "absent" && x == absent
	case bool:
		return kind == "boolean"
	case json.Number:
		_, err := strconv.ParseInt(x.String(), 10, 64)
		return kind == "integer" && err == nil
	case map[string]any:
		return kind == "object"
	case []any:
		inner, ofObjects := strings.CutPrefix(kind, "array<")
		all := !slices.ContainsFunc(x, func(e any) bool { return !kindOf(e, strings.TrimSuffix(inner, ">")) })
		return kind == "array" || ofObjects && all
	}
	return false
}
