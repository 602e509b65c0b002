package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// usageError is a mistake in what was typed: it was not tried.
type usageError string

// Error returns the sentence.
func (e usageError) Error() string { return string(e) }

// errReported is the error of a command that has already shown what went wrong.
var errReported = errors.New("reported")

// newFlags returns an empty set for a command's own flags; readFlags fills it together with the options.
func newFlags(command string) *flag.FlagSet {
	own := flag.NewFlagSet(command, flag.ContinueOnError)
	own.SetOutput(io.Discard)
	return own
}

// configure reads the configuration for a command that needs only values that are right by themselves.
// It answers --help itself and returns flag.ErrHelp then.
func configure(env environment, own *flag.FlagSet, args []string) (loaded, error) {
	l := load(env, args, own)
	if l.help {
		helpCommand(env.Stdout, own)
		return l, flag.ErrHelp
	}
	return l, l.complaints.orNil()
}

// configureServe reads the configuration for serve: everything that a face needs must be there.
// It answers --print-config and --help itself and returns flag.ErrHelp then.
func configureServe(env environment, args []string) (Config, error) {
	own := newFlags("serve")
	printConfig := own.Bool("print-config", false, "show every option's value and where it came from, then end; secrets show as …")
	l := load(env, args, own)
	if l.help {
		helpCommand(env.Stdout, own)
		return l.Config, flag.ErrHelp
	}
	if *printConfig {
		if err := l.print(env.Stdout); err != nil {
			return l.Config, fmt.Errorf("print the configuration: %w", err)
		}
	}
	problems := append(l.complaints, l.check()...)
	if len(l.rest) > 0 {
		problems = append(problems, unexpected("serve"))
	}
	if len(problems) > 0 {
		return l.Config, problems
	}
	if *printConfig {
		return l.Config, flag.ErrHelp
	}
	return l.Config, nil
}

// unexpected complains about words that a command does not take, without repeating them: one may be a secret that lost
// its flag. The usual reason is a toggle written without "=".
func unexpected(command string) complaint {
	return complaint{
		option: command, source: sourceCommandLine,
		wrong: "takes flags only, but there is a word that belongs to none; on and off are written with an equals sign",
		cure:  "--date-window=off",
	}
}

// unknownWord complains about a command that does not exist and names the one that was probably meant.
func unknownWord(kind, typed string, known []string) error {
	if meant := nearest(typed, known); meant != "" {
		return usageError(fmt.Sprintf("there is no %s %q; did you mean %q?", kind, typed, meant))
	}
	return usageError(fmt.Sprintf("there is no %s %q; there are %s", kind, typed, strings.Join(known, ", ")))
}
