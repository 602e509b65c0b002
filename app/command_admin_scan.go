package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/einlass/einlass/app/store"
)

// errNoScanProxy: neither here nor at the einlass that serves.
const errNoScanProxy = usageError("there is no scan proxy here: scan_url is not set (einlass help options)")

// withCopy calls f with the copy of pretix.
func (d adminEnv) withCopy(ctx context.Context, f func(m *store.Mirror) error) error {
	if d.scan.URL == "" {
		return errNoScanProxy
	}
	m, done, err := d.openCopy(ctx)
	if err != nil {
		return err
	}
	return errors.Join(f(m), done())
}

func scanStatusShow(own *flag.FlagSet) task {
	asJSON := jsonFlag(own)
	asked := own.Bool("ask", false, "ask pretix as well whether it accepts the proxy")
	return func(ctx context.Context, d adminEnv, _ []string) error {
		return d.withCopy(ctx, func(m *store.Mirror) error {
			s, err := d.scanStatus(ctx, m)
			if err != nil {
				return err
			}
			if *asked {
				if s.Pretix, err = d.askPretix(ctx); err != nil {
					return err
				}
			}
			if *asJSON {
				return writeJSON(d.out, s)
			}
			return d.showStatus(s)
		})
	}
}

func (d adminEnv) showStatus(s scanStatus) error {
	lines := [][]string{{"proxy", s.proxyLine()}}
	if s.Pretix != nil {
		lines = append(lines, []string{"pretix", s.Pretix.line()})
	}
	lines = append(lines, []string{"uploads", d.uploadsLine(s.Uploads)})
	if err := writeTable(d.out, nil, lines); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(d.out); err != nil {
		return err
	}
	if err := d.showEvents(s.Events); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(d.out); err != nil {
		return err
	}
	return d.showScanners(s.Devices)
}

func (d adminEnv) showScanners(devices []deviceRow) error {
	if len(devices) == 0 {
		_, err := fmt.Fprintln(d.out, "no scanner yet (einlass admin device add)")
		return err
	}
	lines := make([][]string, len(devices))
	for i, one := range devices {
		seen := "-"
		if one.Seen != nil {
			seen = d.ago(*one.Seen)
		}
		lines[i] = []string{strconv.FormatInt(one.ID, 10), one.Name, one.State, seen, one.Software}
	}
	return writeTable(d.out, []string{"ID", "SCANNER", "STATE", "SEEN", "APP"}, lines)
}

func (s scanStatus) proxyLine() string {
	if s.Proxy == nil {
		return "is no device at pretix yet (scan_device_token)"
	}
	p := s.Proxy
	return fmt.Sprintf("device %d, %s, of %s at %s", p.ID, p.Name, p.Organizer, p.URL)
}

func (a askedRow) line() string {
	if !a.Accepted {
		return "does not accept it: " + a.Detail
	}
	return fmt.Sprintf("accepts it (profile %s), version %s", a.Profile, a.Version)
}

func (d adminEnv) uploadsLine(u uploadsRow) string {
	waiting := fmt.Sprintf("%d wait", u.Queued)
	if u.Oldest != nil {
		waiting += ", the oldest for " + d.age(*u.Oldest)
	}
	line := fmt.Sprintf("%s; %d given up, %d double admissions", waiting, u.GivenUp, u.Doubles)
	if u.GivenUp+u.Doubles > 0 {
		line += " (einlass admin scan problems)"
	}
	return line
}

func (d adminEnv) showEvents(events []scanEventRow) error {
	lines := make([][]string, len(events))
	for i, e := range events {
		name, fetched := e.Event, "never"
		if name == "" {
			name = "(organizer)"
		}
		if e.AsOf != nil {
			fetched = d.ago(*e.AsOf)
		}
		lines[i] = []string{name, e.state(), strconv.FormatInt(e.Orders, 10), strconv.FormatInt(e.Lists, 10), fetched, d.failuresLine(e.Failures)}
	}
	return writeTable(d.out, []string{"EVENT", "STATE", "ORDERS", "LISTS", "AS OF", "FAILS NOW"}, lines)
}

// state is one word or two.
func (e scanEventRow) state() string {
	switch {
	case !e.Copied:
		return "not copied any more"
	case len(e.Missing) == len(needed):
		return "not copied yet"
	case len(e.Missing) > 0:
		return "without " + strings.Join(e.Missing, ", ")
	case e.Event != "" && !e.Live:
		return "ready, not live"
	}
	return "ready"
}

// failuresLine is the newest failure, and how many more there are.
func (d adminEnv) failuresLine(failures []failureRow) string {
	if len(failures) == 0 {
		return "-"
	}
	newest := newestFailure(failures)
	line := fmt.Sprintf("%s, %s: %s: %s", d.ago(newest.At), newest.List, newest.Class, newest.Detail)
	if len(failures) > 1 {
		line += fmt.Sprintf(" (and %d more)", len(failures)-1)
	}
	return line
}

func newestFailure(failures []failureRow) failureRow {
	newest := failures[0]
	for _, f := range failures {
		if f.At.After(newest.At) {
			newest = f
		}
	}
	return newest
}

// ago is an instant with how long ago that was, which is what one wants to know at the door.
func (d adminEnv) ago(at time.Time) string { return fmt.Sprintf("%s (%s ago)", d.shown(at), d.age(at)) }

func (d adminEnv) age(at time.Time) string { return d.now.Sub(at).Round(time.Second).String() }
