package recorded

import (
	"fmt"
	"maps"
	"slices"
)

// find returns the object of a fixture of that kind and id (slug, code), nil if there is none.
func find(base Object, kind, id string) Object {
	if kind == "settings" {
		of, _ := base[kind].(Object)
		o, _ := of[id].(Object)
		return o
	}
	place := map[string]string{
		"event": "events", "item": "items", "variation": "items", "checkinlist": "checkinlists", "order": "orders",
		"position": "orders", "medium": "reusablemedia", "subevent": "subevents",
	}[kind]
	inner := map[string]string{"variation": "variations", "position": "positions"}[kind]
	for _, o := range objects(base[place]) {
		if inner == "" && isNamed(o, id) {
			return o
		}
		for _, x := range objects(o[inner]) {
			if isNamed(x, id) {
				return x
			}
		}
	}
	return nil
}

func isNamed(o Object, id string) bool {
	for _, key := range []string{"id", "code", "slug"} {
		if o[key] != nil && fmt.Sprint(o[key]) == id {
			return true
		}
	}
	return false
}

// objects are those of a list, or of lists by event.
func objects(v any) (all []Object) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if o, ok := x.(Object); ok {
				all = append(all, o)
			}
		}
	case Object:
		for _, event := range slices.Sorted(maps.Keys(v)) {
			all = append(all, objects(v[event])...)
		}
	}
	return all
}

func add(base Object, kind, event string, rows ...any) {
	of, _ := base[kind].(Object)
	if of == nil {
		of = Object{}
		base[kind] = of
	}
	old, _ := of[event].([]any)
	of[event] = append(old, rows...)
}
