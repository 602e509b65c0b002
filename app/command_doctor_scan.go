package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/einlass/einlass/app/store"
)

// scan checks what a scan proxy needs from around it, and how it is doing. args are those of doctor.
func (d *checkup) scan(ctx context.Context, env environment, args []string) {
	if !d.options.Scanning() || len(d.options.complaints) > 0 {
		return // configuration has said so
	}
	serving := d.scanAddress(ctx)
	if !d.options.Bridge() { // else pretix has been looked at
		d.scanPretix(ctx)
	}
	s, known := d.askStatus(ctx, env, args)
	if !known {
		return
	}
	d.proxyDevice(s, serving)
	d.copies(s.Events, serving)
	d.uploads(s.Uploads)
	d.scanners(s.Devices)
}

const pretixClockLimit = time.Minute // more than that, and the crew would see it

// scanPretix checks whether pretix can be reached from here, and whether it is the same time there.
func (d *checkup) scanPretix(ctx context.Context) {
	if d.options.Pretix.URL == "" {
		return // configuration has said so
	}
	p, ok := d.reach(ctx, "pretix", d.options.Pretix.URL,
		"scanners are answered from the copy meanwhile; is the line up, and is pretix_url right?")
	if !ok {
		return
	}
	switch skew := p.skew.Abs(); {
	case skew <= clockBlur:
		d.good("pretix: its clock and ours agree")
	case skew <= pretixClockLimit:
		d.warn("set the clocks (NTP)", "pretix: its clock and ours are %s apart: check-ins carry our time", skew.Round(time.Second))
	default:
		d.bad("set the clocks (NTP)", "pretix: its clock and ours are %s apart: tickets become and stop being valid at the wrong time",
			skew.Round(time.Second))
	}
}

// askStatus asks what admin scan status shows: of the database, or of the einlass that holds it.
func (d *checkup) askStatus(ctx context.Context, env environment, args []string) (s scanStatus, known bool) {
	if d.wouldMigrate(ctx, env) {
		d.warn("einlass serve, then einlass doctor again", "scan: nothing is kept here yet, so nobody can be let in")
		return s, false
	}
	command, _ := adminNamed("scan status")
	var out bytes.Buffer
	asking := environment{Stdout: &out, Stderr: io.Discard, Environ: env.Environ, Now: env.Now}
	err := command.run(ctx, asking, append([]string{"--json", "--ask"}, args...))
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &s)
	}
	if err != nil {
		d.bad("the log of serve may tell more", "scan: how the proxy is doing cannot be asked: %v", err)
		return s, false
	}
	return s, true
}

// wouldMigrate: the doctor changes nothing. Databases that somebody else holds are up to date.
func (d *checkup) wouldMigrate(ctx context.Context, env environment) bool {
	for _, versions := range []func(context.Context, store.Options) (have, want int64, err error){store.Status, store.MirrorStatus} {
		have, want, err := versions(ctx, d.options.storeOptions(env))
		if isInUse(err) {
			return false
		}
		if err == nil && have < want {
			return true
		}
	}
	return false
}
