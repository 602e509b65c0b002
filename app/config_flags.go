package main

import (
	"flag"
	"strings"
)

// readFlags separates options, a command's own flags, and the rest. Own flags are set at once; what is wrong with them is
// told with everything else. Written here because the standard parser stops at the first mistake.
func (l *loader) readFlags(args []string, own *flag.FlagSet) (source []given, rest []string, help bool) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			return source, append(rest, args...), help
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			rest = append(rest, arg)
		case asksForHelp(arg):
			help = true
		default:
			var option []given
			option, args = l.readFlag(arg, args, own)
			source = append(source, option...)
		}
	}
	return source, rest, help
}

// asksForHelp tells -h and --help, with or without a value.
func asksForHelp(arg string) bool {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	return name == "h" || name == "help"
}

// readFlag reads the flag arg, whose value may be the first of args. It returns the option that the flag gives, none if
// it is the command's own or wrong, and the arguments that are left.
func (l *loader) readFlag(arg string, args []string, own *flag.FlagSet) (option []given, left []string) {
	name, value, valued := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	as := "--" + name
	known, bare := l.flagKind(name, own)
	if !known {
		l.complainAboutFlag(as, l.table.suggestion(as, asFlag, ownNames(own)...))
		return nil, args
	}
	if !valued && bare {
		value, valued = "true", true
	}
	if !valued && len(args) > 0 && !strings.HasPrefix(args[0], "--") {
		value, valued = args[0], true
		args = args[1:]
	}
	if !valued {
		l.complainAboutFlag(as, "needs a value")
		return nil, args
	}
	if f := own.Lookup(name); f != nil {
		if err := f.Value.Set(value); err != nil {
			l.complainAboutFlag(as, err.Error())
		}
		return nil, args
	}
	o, filed, _ := l.table.lookup(strings.ReplaceAll(name, "-", "_"))
	return []given{{key: o.key, filed: filed, value: value, as: as, source: sourceCommandLine}}, args
}

// flagKind tells whether a flag is known, and whether it may stand without a value.
func (l *loader) flagKind(name string, own *flag.FlagSet) (known, bare bool) {
	if f := own.Lookup(name); f != nil {
		toggle, ok := f.Value.(interface{ IsBoolFlag() bool })
		return true, ok && toggle.IsBoolFlag()
	}
	if strings.Contains(name, "_") {
		return false, false
	}
	o, filed, known := l.table.lookup(strings.ReplaceAll(name, "-", "_"))
	return known, o.toggle && !filed
}

func (l *loader) complainAboutFlag(as, wrong string) {
	c := complaint{option: as, source: sourceCommandLine, wrong: wrong}
	if o, filed, known := l.table.lookup(strings.ReplaceAll(strings.TrimPrefix(as, "--"), "-", "_")); known {
		c.cure = o.spelled(given{key: o.key, filed: filed, as: as})
	}
	l.complaints = append(l.complaints, c)
}

func ownNames(own *flag.FlagSet) []string {
	var all []string
	own.VisitAll(func(f *flag.Flag) { all = append(all, "--"+f.Name) })
	return all
}
