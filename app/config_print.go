package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// print shows every option's effective value and where it came from. Secrets show only whether they are set.
func (l loaded) print(w io.Writer) error {
	wrong := map[string]bool{}
	for _, c := range l.complaints {
		wrong[c.option] = true
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, group := range optionGroups() {
		fmt.Fprintf(out, "# %s\t\t\n", group.title)
		for _, o := range group.options {
			g := l.settings[o.key]
			fmt.Fprintf(out, "%s\t%s\t%s\n", o.key, o.effective(g, wrong[g.as]), g.origin())
		}
	}
	return out.Flush()
}

// effective is the value as --print-config shows it. A value that is wrong is not shown: it may be a secret that went astray.
func (o option) effective(g given, wrong bool) string {
	switch {
	case wrong:
		return "(wrong)"
	case g.filed:
		return redacted
	case g.value == "":
		return "(not set)"
	}
	return o.shown(g.value)
}

// origin says where a value came from, with the name that one would have to look for there.
func (g given) origin() string {
	switch {
	case g.source == sourceDefault:
		return sourceDefault
	case g.filed:
		return fmt.Sprintf("%s, %s: %s", g.source, g.as, g.value)
	}
	return fmt.Sprintf("%s, %s", g.source, g.as)
}
