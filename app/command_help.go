package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

var commandNames = []string{"serve", "demo", "migrate", "admin", "doctor", "health", "version", "help"}

const usage = `einlass opens the door: a pretix ticket link leads into a BigBlueButton room.

  einlass serve      serve what is configured (--print-config shows what that is)
  einlass demo       the whole thing on this machine with a play shop and a play room server
  einlass migrate    bring the database to this version (--status only tells)
  einlass admin      keep rooms and dates; read what was recorded
  einlass doctor     check configuration, database, pretix and BBB, with a cure for each failure
  einlass health     ask the running server whether it is well (for HEALTHCHECK)
  einlass version    version, Go version, database engines

  einlass help <command>    its flags
  einlass help options      every option

Options come from flags (--base-url=…), the environment (EINLASS_BASE_URL=…) and a YAML file (--config=…),
in this order of precedence.
`

// help shows the usage, the options, or one command's flags.
func help(env environment, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(env.Stdout, usage)
		return nil
	}
	if args[0] == "options" {
		helpOptions(env.Stdout)
		return nil
	}
	return usageError("todo")
}

// helpCommand shows a command's own flags.
func helpCommand(w io.Writer, own *flag.FlagSet) {
	fmt.Fprintf(w, "einlass %s\n\n", own.Name())
	own.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		if value != "" {
			value = "=<" + value + ">"
		}
		fmt.Fprintf(w, "  --%s%s\n      %s\n", f.Name, value, text)
	})
	fmt.Fprint(w, "\nEvery option may stand there as a flag as well: einlass help options\n")
}

// helpOptions shows the option table.
func helpOptions(w io.Writer) {
	for _, group := range optionGroups() {
		fmt.Fprintf(w, "%s: %s\n\n", group.title, group.intro)
		for _, o := range group.options {
			preset := ""
			if o.preset != "" {
				preset = " (default " + o.preset + ")"
			}
			fmt.Fprintf(w, "  %s, %s%s\n      %s\n", asFlag(o.key), inEnvironment(o.key), preset, strings.ReplaceAll(o.help, "`", ""))
		}
		fmt.Fprintln(w)
	}
}
