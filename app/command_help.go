package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// commandNames are the first words that dispatch knows.
var commandNames = []string{"serve", "demo", "migrate", "admin", "doctor", "health", "version", "help"}

const usage = `einlass opens the door: a pretix ticket link leads into a BigBlueButton room.

  einlass serve      serve what is configured; --print-config shows what that is
  einlass demo       the whole thing on this machine, with a play shop and a play room server
  einlass migrate    bring the database to this version; --status only tells
  einlass admin      keep rooms, dates and scanners, read what was recorded
  einlass doctor     check configuration, database, pretix and BBB, with a cure for what fails
  einlass health     ask the running server whether it is well (for HEALTHCHECK)
  einlass version    version, Go version, databases

  einlass help <command>    what a command takes
  einlass help options      every option

Options come from flags (--base-url=…), the environment (EINLASS_BASE_URL=…) and a YAML file
(--config=…; base_url: …). What stands first in this list has the last word.
`

// help shows the usage, the options, or what one command takes.
func help(ctx context.Context, env environment, args []string) error {
	switch {
	case len(args) == 0:
		_, err := io.WriteString(env.Stdout, usage)
		return err
	case args[0] == "options":
		return helpOptions(env.Stdout)
	case args[0] == "help", args[0] == "version":
		return help(ctx, env, nil)
	}
	return dispatch(ctx, env, append(args[:len(args):len(args)], "--help"))
}

// helpCommand shows a command's own flags and returns errHelped.
func helpCommand(w io.Writer, own *flag.FlagSet) error {
	var b strings.Builder
	fmt.Fprintf(&b, "einlass %s\n\n", own.Name())
	own.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		if value != "" {
			value = "=<" + value + ">"
		}
		fmt.Fprintf(&b, "  --%s%s\n      %s\n", f.Name, value, text)
	})
	b.WriteString("\nEvery option can be given as a flag, too: einlass help options\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	return errHelped
}

// helpOptions shows the option table.
func helpOptions(w io.Writer) error {
	var b strings.Builder
	for _, group := range optionGroups() {
		fmt.Fprintf(&b, "%s. %s\n\n", group.title, plain(group.intro))
		for _, o := range group.options {
			fmt.Fprintf(&b, "  %s, %s%s\n%s\n", asFlag(o.key), inEnvironment(o.key), presetNote(o), wrapped(plain(o.help), "      "))
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func presetNote(o option) string {
	if o.preset == "" {
		return ""
	}
	return " (default " + o.preset + ")"
}

// plain takes the table's code marks out, for a terminal.
func plain(text string) string { return strings.ReplaceAll(text, "`", "") }

// wrapped breaks a text into lines of at most 100 characters.
func wrapped(text, indent string) string {
	const width = 100
	var lines []string
	line := indent
	for word := range strings.FieldsSeq(text) {
		if len(line)+len(word) >= width {
			lines = append(lines, line)
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}
