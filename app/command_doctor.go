package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/einlass/einlass/app/store"
)

// doctor checks everything that einlass needs from around it and says for each failure what to do. It changes nothing.
func doctor(ctx context.Context, env environment, args []string) error {
	own := newFlags("doctor")
	l := load(env, args, own)
	if l.help {
		return helpCommand(env.Stdout, own)
	}
	if len(l.rest) > 0 {
		return complaints{wrongWords("doctor", 0)}
	}
	d := &checkup{out: env.Stdout, now: env.Now, options: l}
	d.configuration()
	d.database(ctx, env)
	d.addresses(ctx)
	d.pretix(ctx)
	d.bbb(ctx)
	d.scan(ctx, env, args)
	return d.verdict()
}

// allWell marks what is as it should be.
const allWell = "✓"

// checkup is one run of the doctor. It writes a line per finding as soon as it is known.
type checkup struct {
	out     io.Writer
	now     func() time.Time
	options loaded
	failed  int   // findings that are wrong
	warned  int   // findings that may surprise
	broken  error // of writing to out

	tell func(mark, text, cure string) // is given the findings in place of out; nil: they are written there
}

func (d *checkup) line(mark, text, cure string) {
	if d.tell != nil {
		d.tell(mark, text, cure)
		return
	}
	if cure != "" {
		text += " → " + cure
	}
	if _, err := fmt.Fprintf(d.out, "%s %s\n", mark, strings.ReplaceAll(text, "\n", " ")); err != nil {
		d.broken = err
	}
}

// good reports what is as it should be.
func (d *checkup) good(format string, args ...any) {
	d.line(allWell, fmt.Sprintf(format, args...), "")
}

// warn reports what works and may surprise.
func (d *checkup) warn(cure, format string, args ...any) {
	d.warned++
	d.line("!", fmt.Sprintf(format, args...), cure)
}

// bad reports what does not work.
func (d *checkup) bad(cure, format string, args ...any) {
	d.failed++
	d.line("✗", fmt.Sprintf(format, args...), cure)
}

func (d *checkup) verdict() error {
	switch {
	case d.broken != nil:
		return d.broken
	case d.failed > 0:
		return fmt.Errorf("%d of the checks failed", d.failed)
	}
	return nil
}

func (d *checkup) configuration() {
	problems := append(d.options.complaints, d.options.check()...)
	for _, c := range problems {
		d.bad(c.cure, "configuration: %s (%s): %s", c.option, c.source, c.wrong)
	}
	if len(problems) > 0 {
		return
	}
	set := 0
	for _, g := range d.options.settings {
		if g.source != sourceDefault {
			set++
		}
	}
	d.good("configuration: %d options set, everything that is needed is there", set)
}

// database looks at the database without bringing it up to date. That commits are durable is checked whenever it is
// opened; one that is not makes the opening fail.
func (d *checkup) database(ctx context.Context, env environment) {
	if d.options.Database == "" {
		return
	}
	engine := "SQLite, synchronous=FULL"
	if !strings.HasPrefix(d.options.Database.Reveal(), "sqlite:") {
		engine = "PostgreSQL, synchronous_commit is not off"
	}
	have, want, err := store.Status(ctx, d.options.storeOptions(env))
	switch {
	case isInUse(err):
		d.good("database: in use by a running einlass (so it is open, durable and up to date)")
	case err != nil:
		d.bad("see the option database, and whether the folder or server is there", "database: %v", err)
	case have > want:
		d.bad("start the newer einlass again, or restore a backup", "database: at version %d, newer than this program, which knows version %d", have, want)
	case have < want:
		d.warn("einlass migrate, or the next start of serve", "database: %s, at version %d, not yet at %d", engine, have, want)
	default:
		d.good("database: %s, at version %d", engine, have)
	}
	if err == nil {
		d.writable(ctx, env)
	}
	d.disk(freeSpace(d.options.Database))
}

func (d *checkup) writable(ctx context.Context, env environment) {
	if err := store.Writable(ctx, d.options.storeOptions(env)); err != nil {
		d.bad("give the user that einlass runs as the right to write there; a standby server is the wrong one", "database: %v", err)
	}
}

// disk judges what freeSpace says.
func (d *checkup) disk(free int64, known bool, err error) {
	const cure = "make room: what does not fit is refused at the door"
	switch {
	case err != nil:
		d.warn("is the folder there?", "disk: %v", err)
	case !known:
	case free < diskFull:
		d.bad(cure, "disk: only %s are free where the database is", gigabytes(free))
	case free < diskTight:
		d.warn(cure, "disk: only %s are free where the database is", gigabytes(free))
	default:
		d.good("disk: %s are free where the database is", gigabytes(free))
	}
}
