package pretixsim

import (
	"slices"
	"strings"
)

// trim applies ?include= and ?exclude= (repeatable, dotted paths into lists and objects). A path keeps or drops
// everything below it.
func (c *call) trim(o object) object {
	if paths := c.query["include"]; len(paths) > 0 {
		o = keep(o, paths)
	}
	if paths := c.query["exclude"]; len(paths) > 0 {
		o = drop(o, paths)
	}
	return o
}

// crashingExclude returns the path of ?exclude= on which pretix fails before it looks at any order: it takes the second
// word out of the fields of a position without looking whether it is there, or is still there, and takes for granted that
// the first word is a list. Unknown first words, and paths of three words, it ignores. Of other lists than the positions the
// simulator does not know what fields they can have, so it fails on those, too.
func (c *call) crashingExclude() string {
	blank := &order{event: &event{org: c.org}}
	blank.positions = []*position{{order: blank}}
	order := c.orderJSON(blank)
	for _, p := range c.query["exclude"] {
		words := strings.Split(p, ".")
		value, there := order[words[0]]
		switch rows, isList := value.([]object); {
		case !there || len(words) > 2:
		case len(words) == 1:
			delete(order, p)
		case !isList:
			return p
		case !slices.ContainsFunc(rows, func(row object) bool { _, there := row[words[1]]; return there }):
			return p
		default:
			delete(rows[0], words[1])
		}
	}
	return ""
}

// excludeCrashes is pretix' answer to such a path; nil: there is none.
func (c *call) excludeCrashes() *reply {
	path := c.crashingExclude()
	if path == "" {
		return nil
	}
	c.problem("exclude=%s is a server error", path)
	no := serverError()
	return &no
}

func keep(o object, paths []string) object {
	out := object{}
	for key, value := range o {
		below, whole, named := pathsBelow(key, paths)
		switch {
		case whole:
			out[key] = value
		case named:
			out[key] = inside(value, func(o object) object { return keep(o, below) })
		}
	}
	return out
}

func drop(o object, paths []string) object {
	out := object{}
	for key, value := range o {
		below, whole, named := pathsBelow(key, paths)
		switch {
		case whole:
		case named:
			out[key] = inside(value, func(o object) object { return drop(o, below) })
		default:
			out[key] = value
		}
	}
	return out
}

// pathsBelow splits the paths that start with key: whole when key itself is one, else those below it.
func pathsBelow(key string, paths []string) (below []string, whole, named bool) {
	for _, p := range paths {
		if p == key {
			return nil, true, true
		}
		if rest, ok := strings.CutPrefix(p, key+"."); ok {
			below, named = append(below, rest), true
		}
	}
	return below, false, named
}

func inside(value any, do func(object) object) any {
	switch v := value.(type) {
	case object:
		return do(v)
	case []object:
		out := make([]object, len(v))
		for i, o := range v {
			out[i] = do(o)
		}
		return out
	}
	return value
}
