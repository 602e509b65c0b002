package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// deviceRow is a device in --json; instants are RFC 3339 in the option timezone, null: has not happened.
type deviceRow struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	State       string     `json:"state"` // invited, expired, active or revoked
	Serial      string     `json:"serial"`
	Gate        int64      `json:"gate"`
	GateName    string     `json:"gate_name"`
	Events      []string   `json:"events"`
	Hardware    string     `json:"hardware"`
	Software    string     `json:"software"`
	Added       *time.Time `json:"added"`
	InitExpires *time.Time `json:"init_expires"`
	Initialized *time.Time `json:"initialized"`
	Seen        *time.Time `json:"seen"`
	Revoked     *time.Time `json:"revoked"`
}

// registry keeps the scanners, by the clock of this command.
func (d adminEnv) registry() *scanproxy.Registry {
	return &scanproxy.Registry{Store: d.store, InitTTL: d.scan.InitTTL, Now: func() time.Time { return d.now }}
}

func deviceAdd(own *flag.FlagSet) task {
	gate := own.Int64("gate", 0, "`id` of the gate at pretix that it stands at; rules of check-in lists may ask for it")
	gateName := own.String("gate-name", "", "`name` of that gate, for the device's screen")
	events := own.String("events", "", "`slugs` of the events that it may scan for, separated by commas; empty: all")
	return func(ctx context.Context, d adminEnv, words []string) error {
		if d.scan.URL == "" {
			return usageError("scan_url is not set: a device would not know where to connect (einlass help options)")
		}
		allowed, err := slugs(*events)
		if err != nil {
			return complaints{{option: "--events", source: sourceCommandLine, wrong: err.Error(), cure: "--events=sommerfest,vortraege"}}
		}
		if *gate < 0 || *gate == 0 && *gateName != "" {
			return complaints{{option: "--gate", source: sourceCommandLine, wrong: "is the number of a gate at pretix, which a name needs too", cure: "--gate=3"}}
		}
		invited, err := d.registry().Invite(ctx, scanproxy.Profile{Name: words[0], Gate: *gate, GateName: *gateName, Events: allowed})
		if errors.Is(err, scanproxy.ErrDeviceName) {
			return usageError(err.Error())
		}
		if err != nil {
			return err
		}
		return d.showInvitation(invited)
	}
}

// showInvitation shows the only time what a device connects with.
func (d adminEnv) showInvitation(i scanproxy.Invitation) error {
	payload, err := i.Payload(d.scan.URL)
	if err != nil {
		return err
	}
	code, err := terminalQR(payload)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	_, err = fmt.Fprintf(d.out, `device %d, %s, can connect once, until %s. Scan this with pretixSCAN:

%s
%s

or type into the app
  address  %s
  token    %s
`, i.Device.ID, i.Device.Name, d.shown(i.Expires), code, payload, d.scan.URL, i.Token.Reveal())
	return err
}

func deviceList(own *flag.FlagSet) task {
	asJSON := jsonFlag(own)
	return func(ctx context.Context, d adminEnv, _ []string) error {
		devices, err := d.registry().List(ctx)
		if err != nil {
			return err
		}
		if *asJSON {
			rows := make([]deviceRow, len(devices))
			for i, one := range devices {
				rows[i] = d.deviceRow(one)
			}
			return writeJSON(d.out, rows)
		}
		lines := make([][]string, len(devices))
		for i, one := range devices {
			lines[i] = []string{
				strconv.FormatInt(one.ID, 10), one.Name, one.State(d.now), d.orDash(one.Seen), orAll(one.Events),
				strings.TrimSpace(one.Hardware.SoftwareBrand + " " + one.Hardware.SoftwareVersion), one.Serial,
			}
		}
		return writeTable(d.out, []string{"ID", "NAME", "STATE", "SEEN", "EVENTS", "APP", "SERIAL"}, lines)
	}
}

func (d adminEnv) deviceRow(r scanproxy.DeviceRecord) deviceRow {
	joined := func(parts ...string) string { return strings.TrimSpace(strings.Join(parts, " ")) }
	return deviceRow{
		ID: r.ID, Name: r.Name, State: r.State(d.now), Serial: r.Serial, Gate: r.Gate, GateName: r.GateName, Events: r.Events,
		Hardware: joined(r.Hardware.HardwareBrand, r.Hardware.HardwareModel),
		Software: joined(r.Hardware.SoftwareBrand, r.Hardware.SoftwareVersion),
		Added:    d.orNull(r.Added), InitExpires: d.orNull(r.InitExpires), Initialized: d.orNull(r.Initialized),
		Seen: d.orNull(r.Seen), Revoked: d.orNull(r.Revoked),
	}
}

func (d adminEnv) orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.In(d.zone)
	return &at
}

func (d adminEnv) orDash(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return d.shown(at)
}

func orAll(events []string) string {
	if len(events) == 0 {
		return "all"
	}
	return strings.Join(events, ",")
}

func deviceRevoke(*flag.FlagSet) task {
	return func(ctx context.Context, d adminEnv, words []string) error {
		id, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return usageError(fmt.Sprintf("%q is not the id of a device; einlass admin device list shows them", words[0]))
		}
		err = d.registry().Revoke(ctx, id)
		if errors.Is(err, scanproxy.ErrNoDevice) {
			return fmt.Errorf("there is no device %d; einlass admin device list shows which there are", id)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(d.out, "device %d is revoked: its next request is refused.\n", id)
		return err
	}
}
