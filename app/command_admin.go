package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/einlass/einlass/app/store"
)

// adminEnv is what an admin command works with: its own database, or that of the einlass that serves.
type adminEnv struct {
	store    *store.Store
	out      io.Writer
	zone     *time.Location // of times that are typed and shown
	now      time.Time
	baseURLs []string
	scan     ScanConfig   // of the einlass that serves, if one does
	pretix   PretixConfig // like scan
	openCopy copyOpener
}

// copyOpener opens the copy of pretix, or lends the one that is open already. Call done afterwards in either case.
type copyOpener func(ctx context.Context) (m *store.Mirror, done func() error, err error)

// task is what an admin command does once its flags are read. words are the arguments that are no flags, as many as
// adminCommand.words has.
type task func(ctx context.Context, d adminEnv, words []string) error

// adminCommand is one admin command: two words, further words, flags.
type adminCommand struct {
	name    string // "room add"
	words   string // what stands behind the name, as the usage shows it: "<slug>"
	summary string
	prepare func(own *flag.FlagSet) task // declares the flags
}

// adminCommands is the table of all admin commands, in the order of the usage.
func adminCommands() []adminCommand {
	return []adminCommand{
		{"room add", "<slug>", "make a room; the slug is the end of its participant link", roomAdd},
		{"room list", "", "all rooms", roomList},
		{"room show", "<slug>", "everything about a room, with its dates to come", roomShow},
		{"room set", "<slug>", "change what the flags name", roomSet},
		{"room remove", "<slug>", "remove a room and its dates", roomRemove},
		{"date add", "<slug>", "add a date to a room", dateAdd},
		{"date list", "<slug>", "the dates of a room", dateList},
		{"date remove", "<id>", "remove a date", dateRemove},
		{"device add", "<name>", "invite a scanner: shows the QR code that it connects with, once", deviceAdd},
		{"device list", "", "the scanners, and when they were seen last", deviceList},
		{"device revoke", "<id>", "end a scanner's access at once and for good", deviceRevoke},
		{"scan status", "", "how the scan proxy is doing: the copy of each event, uploads, scanners", scanStatusShow},
		{"scan problems", "", "double admissions, and what pretix refuses for good", scanProblems},
		{"scan acknowledge", "<id|all>", "say that such a problem has been dealt with: it is not shown any more", scanAcknowledge},
		{"audit list", "", "decisions about entries, newest first", auditList},
		{"consent list", "", "what people were shown and chose about recording, newest first", consentList},
	}
}

// admin keeps rooms and dates, and shows what was recorded.
func admin(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return adminUsage(env, len(args) > 0)
	}
	if len(args) == 1 || strings.HasPrefix(args[1], "-") {
		return unknownWord("admin command", args[0], adminNames())
	}
	name := args[0] + " " + args[1]
	if c, known := adminNamed(name); known {
		return c.run(ctx, env, args[2:])
	}
	return unknownWord("admin command", name, adminNames())
}

func adminNamed(name string) (adminCommand, bool) {
	for _, c := range adminCommands() {
		if c.name == name {
			return c, true
		}
	}
	return adminCommand{}, false
}

// run does the task with the database, or has it done by the einlass that serves from the same database files.
func (c adminCommand) run(ctx context.Context, env environment, args []string) (err error) {
	o, err := c.parse(env, args)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, o.storeOptions(env))
	if isInUse(err) {
		return o.handOver(ctx, env, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return o.do(ctx, adminEnv{
		store: s, out: env.Stdout, zone: o.Timezone, now: env.Now(), baseURLs: o.BaseURLs, scan: o.Scan, pretix: o.Pretix,
		openCopy: o.openCopy(env),
	}, o.rest)
}

// openCopy opens the copy that lies beside the database.
func (o adminCall) openCopy(env environment) copyOpener {
	return func(ctx context.Context) (*store.Mirror, func() error, error) {
		m, err := store.OpenMirror(ctx, store.MirrorOptions{Options: o.storeOptions(env)})
		if err != nil {
			return nil, nil, err
		}
		return m, m.Close, nil
	}
}

// adminCall is an admin command with its flags and configuration read. loaded.rest are its words.
type adminCall struct {
	loaded
	name  string   // "room add"
	flags []string // the command's own, as given: "--name=Morse"
	do    task
}

// parse reads flags and configuration.
func (c adminCommand) parse(env environment, args []string) (adminCall, error) {
	own := newFlags(strings.TrimSpace("admin " + c.name + " " + c.words))
	o := adminCall{name: c.name, do: c.prepare(own)}
	own.VisitAll(func(f *flag.Flag) { f.Value = recordedFlag{f.Value, f.Name, &o.flags} })
	var err error
	o.loaded, err = configure(env, own, args, len(strings.Fields(c.words)))
	return o, err
}

// recordedFlag keeps how a flag was given, so that the command can be handed to the einlass that serves.
type recordedFlag struct {
	flag.Value
	name  string
	given *[]string
}

// Set sets the flag itself.
func (n recordedFlag) Set(value string) error {
	*n.given = append(*n.given, "--"+n.name+"="+value)
	return n.Value.Set(value)
}

// IsBoolFlag tells package flag whether the flag may stand without a value: what the flag itself says.
func (n recordedFlag) IsBoolFlag() bool {
	toggle, ok := n.Value.(interface{ IsBoolFlag() bool })
	return ok && toggle.IsBoolFlag()
}

func adminNames() []string {
	var all []string
	for _, c := range adminCommands() {
		all = append(all, c.name)
	}
	return all
}

// adminUsage lists the commands: asked for, or because none was given.
func adminUsage(env environment, asked bool) error {
	var b strings.Builder
	for _, c := range adminCommands() {
		fmt.Fprintf(&b, "  einlass admin %-26s %s\n", strings.TrimSpace(c.name+" "+c.words), c.summary)
	}
	b.WriteString("\nTimes are written 2026-12-01 19:00 in the option timezone, or 2026-12-01T19:00:00+01:00.\n" +
		"Flags of each: einlass help admin room add\n")
	if asked {
		_, err := io.WriteString(env.Stdout, b.String())
		return err
	}
	_, err := io.WriteString(env.Stderr, b.String())
	return errors.Join(usageError("an admin command is missing"), err)
}
