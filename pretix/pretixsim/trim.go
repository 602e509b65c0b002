package pretixsim

import "strings"

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
