package main

import "strings"

const (
	envPrefix  = "EINLASS_"
	fileSuffix = "_file" // <key>_file names a file that holds a secret
)

// table is the option table with its index.
type table struct {
	options []option
	byKey   map[string]option
}

func newTable() table {
	t := table{options: allOptions(), byKey: map[string]option{}}
	for _, o := range t.options {
		t.byKey[o.key] = o
	}
	return t
}

// lookup finds an option by its key, or by the key of its file where it may stand in one.
func (t table) lookup(key string) (o option, filed, known bool) {
	if o, known = t.byKey[key]; known {
		return o, false, true
	}
	o, known = t.byKey[strings.TrimSuffix(key, fileSuffix)]
	if !known || o.secrecy == public {
		return option{}, false, false
	}
	return o, true, true
}

// keys lists every key that lookup knows.
func (t table) keys() []string {
	var keys []string
	for _, o := range t.options {
		keys = append(keys, o.key)
		if o.secrecy != public {
			keys = append(keys, o.key+fileSuffix)
		}
	}
	return keys
}

// suggestion says which key was probably meant, in the spelling of the source, or what to read.
func (t table) suggestion(typed string, spell func(key string) string, more ...string) string {
	known := more
	for _, key := range t.keys() {
		known = append(known, spell(key))
	}
	if meant := nearest(typed, known); meant != "" {
		return "is no option; did you mean " + meant + "?"
	}
	return "is no option; `einlass help options` lists them all"
}

func inFile(key string) string { return key }

func inEnvironment(key string) string { return envPrefix + strings.ToUpper(key) }

func asFlag(key string) string { return "--" + strings.ReplaceAll(key, "_", "-") }
