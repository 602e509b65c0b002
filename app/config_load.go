package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

// given is one option as one source gives it.
type given struct {
	key    string // of the option table, without _file
	filed  bool   // the value is the path of a file that holds it
	value  string
	as     string // as it was written: a key of the file, EINLASS_…, or --…
	source string // where it was written: "default", "environment", "command line", or file and line
}

// loaded is a configuration and where each of its values came from.
type loaded struct {
	Config
	settings   map[string]given // by key; the source with the last word
	complaints complaints       // everything that is wrong, in the order of the sources
	rest       []string         // arguments that are no flags
	help       bool             // --help was among them
}

// load reads the configuration from its four sources, the later ones having the last word: the table's defaults, the
// file, the environment, the flags. The flags may be mixed with a command's own.
func load(env environment, args []string, own *flag.FlagSet) loaded {
	l := &loader{table: newTable(), settings: map[string]given{}}
	flags, rest, help := l.readFlags(args, own)
	variables := l.readEnvironment(env.Environ)

	for _, o := range l.table.options {
		l.settings[o.key] = given{key: o.key, value: o.preset, as: o.key, source: sourceDefault}
	}
	l.layer(l.readFile(configPath(variables, flags)))
	l.layer(variables)
	l.layer(flags)
	return loaded{Config: l.config(), settings: l.settings, complaints: l.complaints, rest: rest, help: help}
}

const (
	sourceDefault     = "default"
	sourceEnvironment = "environment"
	sourceCommandLine = "command line"
)

// loader collects what the sources give and what is wrong with it.
type loader struct {
	table      table
	settings   map[string]given
	complaints complaints
}

// configPath finds the option that must be known before the file can be read.
func configPath(sources ...[]given) string {
	path := ""
	for _, source := range sources {
		for _, g := range source {
			if g.key == "config" {
				path = g.value
			}
		}
	}
	return path
}

// layer puts one source above those before it.
func (l *loader) layer(source []given) {
	seen := map[string]given{}
	for _, g := range source {
		if other, twice := seen[g.key]; twice {
			l.complain(g, fmt.Sprintf("stands beside %s, and only one of them can count", other.as))
			continue
		}
		seen[g.key] = g
		l.settings[g.key] = g
	}
}

// config fills the typed configuration. What cannot be parsed becomes a complaint and leaves its field empty.
func (l *loader) config() Config {
	var c Config
	for _, o := range l.table.options {
		g := l.settings[o.key]
		value, err := g.content()
		if err == nil {
			err = o.set(&c, value)
		}
		if err == nil {
			continue
		}
		wrong := err.Error()
		if o.secrecy == public && !g.filed {
			wrong = fmt.Sprintf("%q %s", o.shown(value), wrong)
		}
		l.complain(g, wrong)
	}
	return c
}

// content returns the value itself, read from its file where it stands in one.
func (g given) content() (string, error) {
	if !g.filed {
		return g.value, nil
	}
	content, err := os.ReadFile(g.value)
	if err != nil {
		return "", fmt.Errorf("the file cannot be read: %w", err)
	}
	value := strings.TrimSpace(string(content)) // editors and echo leave a line break; around no secret do blanks count
	if value == "" {
		return "", fmt.Errorf("the file %s is empty", g.value)
	}
	return value, nil
}

// complain adds a complaint about a known option, with an example in the manner of its source.
func (l *loader) complain(g given, wrong string) {
	o, _, _ := l.table.lookup(g.key)
	cure := o.spelled(g)
	l.complaints = append(l.complaints, complaint{option: g.as, source: g.source, wrong: wrong, cure: cure})
}

// spelled writes the option's example as one would write it in the source of g.
func (o option) spelled(g given) string {
	example := o.example
	if g.filed {
		example = "/run/secrets/" + o.key
	}
	switch {
	case strings.HasPrefix(g.as, "--"):
		return g.as + "=" + quoted(example)
	case strings.HasPrefix(g.as, envPrefix):
		return g.as + "=" + quoted(example)
	}
	return g.as + ": " + example
}

// quoted puts a value with blanks between quotes, for a shell.
func quoted(value string) string {
	if strings.ContainsAny(value, " \t") {
		return "'" + value + "'"
	}
	return value
}
