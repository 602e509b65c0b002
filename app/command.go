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

// errHelped is the result of a command that was asked for help, or for something else that it only had to show.
var errHelped = errors.New("helped")

// configure reads the configuration for a command that takes the given number of words beside its flags, and for which
// it is enough that single values are right. It answers --help itself and returns errHelped then.
func configure(env environment, own *flag.FlagSet, args []string, words int) (loaded, error) {
	l := load(env, args, own)
	if l.help {
		return l, helpCommand(env.Stdout, own)
	}
	problems := l.complaints
	if len(l.rest) != words {
		problems = append(problems, wrongWords(own.Name(), words))
	}
	return l, problems.orNil()
}

// configureServe reads the configuration for serve: everything that a face needs must be there.
// It answers --print-config and --help itself and returns errHelped then.
func configureServe(env environment, args []string) (Config, error) {
	own := newFlags("serve")
	printConfig := own.Bool("print-config", false, "show every option's value and where it came from, then end; secrets show as …")
	l := load(env, args, own)
	if l.help {
		return l.Config, helpCommand(env.Stdout, own)
	}
	if *printConfig {
		if err := l.print(env.Stdout); err != nil {
			return l.Config, fmt.Errorf("print the configuration: %w", err)
		}
	}
	problems := append(l.complaints, l.check()...)
	if len(l.rest) > 0 {
		problems = append(problems, wrongWords("serve", 0))
	}
	if len(problems) > 0 {
		return l.Config, problems
	}
	if *printConfig {
		return l.Config, errHelped
	}
	return l.Config, nil
}

// wrongWords complains about the number of words beside the flags, without repeating them: one may be a secret that lost
// its flag.
func wrongWords(command string, words int) complaint {
	if words > 0 {
		return complaint{option: command, source: sourceCommandLine, wrong: "a word is missing, or there are too many beside the flags"}
	}
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
