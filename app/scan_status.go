package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// scanStatus is how the scan proxy is doing: what admin scan status shows, what doctor judges, and what the log says at
// start. It holds no secrets. Instants are in the option timezone, null: never.
type scanStatus struct {
	Proxy   *proxyRow      `json:"proxy"`            // null: it is no device at pretix yet
	Pretix  *askedRow      `json:"pretix,omitempty"` // what pretix says to that, if it was asked
	Events  []scanEventRow `json:"events"`
	Uploads uploadsRow     `json:"uploads"`
	Devices []deviceRow    `json:"devices"`
}

// proxyRow is the device that the proxy is at pretix.
type proxyRow struct {
	URL       string `json:"url"`
	Organizer string `json:"organizer"`
	ID        int64  `json:"device_id"`
	Name      string `json:"name"`
	Profile   string `json:"security_profile"`
}

// askedRow is what pretix answers to that device.
type askedRow struct {
	Accepted bool   `json:"accepted"`
	Class    string `json:"class"`  // of the failure
	Detail   string `json:"detail"` // of the failure
	Profile  string `json:"security_profile"`
	Version  string `json:"version"`
}

// scanEventRow is how the copy of an event is doing. That without a name is what belongs to the organizer.
type scanEventRow struct {
	Event    string       `json:"event"`
	Copied   bool         `json:"copied"` // selected, and so kept up to date
	Live     bool         `json:"live"`
	Missing  []string     `json:"missing"` // lists of pretix that were never fetched to their end, but are needed to scan
	Orders   int64        `json:"orders"`
	Lists    int64        `json:"checkin_lists"`
	AsOf     *time.Time   `json:"as_of"` // when its orders were fetched last
	Failures []failureRow `json:"failures"`
}

// failureRow is a list of pretix that cannot be fetched at present.
type failureRow struct {
	List   string    `json:"list"`
	Class  string    `json:"class"`
	Detail string    `json:"detail"`
	Times  int       `json:"times"`
	At     time.Time `json:"at"`
}

// uploadsRow is what pretix is still to be told. All zero is good.
type uploadsRow struct {
	Queued  int64      `json:"queued"`
	Oldest  *time.Time `json:"oldest"`
	GivenUp int64      `json:"given_up"`
	Doubles int64      `json:"double_admissions"`
}

// What must have been fetched before anybody can be scanned.
var (
	needed          = []string{mirror.Event, mirror.Settings, mirror.Items, mirror.Questions, mirror.Lists, mirror.Orders}
	neededInGeneral = []string{mirror.Events, mirror.SubEvents}
)

// scanStatus reads all of it from the database and the copy, without asking pretix.
func (d adminEnv) scanStatus(ctx context.Context, m *store.Mirror) (s scanStatus, err error) {
	kept, known, err := d.store.PretixDevice(ctx)
	if err != nil {
		return s, err
	}
	if known {
		s.Proxy = &proxyRow{kept.URL, kept.Organizer, kept.ID, kept.Name, kept.Profile}
	}
	if s.Events, err = d.scanEvents(ctx, m); err != nil {
		return s, err
	}
	backlog, err := d.store.Journal().Backlog(ctx)
	if err != nil {
		return s, err
	}
	s.Uploads = uploadsRow{backlog.Queued, d.orNull(backlog.Oldest), backlog.GivenUp, backlog.Doubles}
	devices, err := d.registry().List(ctx)
	if err != nil {
		return s, err
	}
	s.Devices = make([]deviceRow, len(devices))
	for i, one := range devices {
		s.Devices[i] = d.deviceRow(one)
	}
	return s, nil
}

// scanEvents looks at every event that is selected or still in the copy, by name.
func (d adminEnv) scanEvents(ctx context.Context, m *store.Mirror) ([]scanEventRow, error) {
	states, err := m.States(ctx)
	if err != nil {
		return nil, err
	}
	selected, err := selectedEvents(ctx, d.scan, m, d.now)
	if err != nil {
		return nil, err
	}
	names := append([]string{""}, selected...)
	of := map[string][]mirror.State{}
	for _, state := range states {
		names = append(names, state.Event)
		of[state.Event] = append(of[state.Event], state)
	}
	slices.Sort(names)
	var rows []scanEventRow
	for _, event := range slices.Compact(names) {
		row := d.scanEvent(event, of[event])
		row.Copied = event == "" || slices.Contains(selected, event)
		illegible, err := d.illegible(ctx, m, event)
		if err != nil {
			return nil, err
		}
		row.Failures = append(row.Failures, illegible...)
		if row.Live, err = isLive(ctx, m, event); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// scanEvent makes the row of one event from the states of its lists. An empty event stands for the organizer.
func (d adminEnv) scanEvent(event string, states []mirror.State) scanEventRow {
	row := scanEventRow{Event: event, Missing: []string{}, Failures: []failureRow{}}
	want, freshest := needed, mirror.Orders
	if event == "" {
		want, freshest = neededInGeneral, mirror.Events
	}
	ready := map[string]bool{}
	for _, s := range states {
		ready[s.Resource] = s.Ready()
		switch s.Resource {
		case mirror.Orders:
			row.Orders = s.Rows
		case mirror.Lists:
			row.Lists = s.Rows
		}
		if s.Resource == freshest {
			row.AsOf = d.orNull(s.Succeeded)
		}
		if s.Class != "" {
			row.Failures = append(row.Failures, failureRow{s.Resource, s.Class, s.Detail, s.Failures, s.At.In(d.zone)})
		}
	}
	for _, list := range want {
		if !ready[list] {
			row.Missing = append(row.Missing, list)
		}
	}
	return row
}

// illegible is one row about all orders of an event that einlass cannot read, with the codes of the first three. No row
// if there are none.
func (d adminEnv) illegible(ctx context.Context, m *store.Mirror, event string) ([]failureRow, error) {
	const named = 3
	orders, err := m.Unreadable(ctx, event)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	row := failureRow{List: mirror.Orders, Class: mirror.Illegible, Times: len(orders)}
	var texts []string
	for i, o := range orders {
		if i < named {
			texts = append(texts, cmp.Or(o.Code, "one without a code")+" ("+o.Detail+")")
		}
		if o.At.After(row.At) {
			row.At = o.At.In(d.zone)
		}
	}
	if more := len(orders) - named; more > 0 {
		texts = append(texts, fmt.Sprintf("%d more", more))
	}
	row.Detail = counted(int64(len(orders)), "order cannot be read, and is", "orders cannot be read, and are") +
		" judged as before: " + strings.Join(texts, ", ")
	return []failureRow{row}, nil
}

// isLive says whether the shop of an event is open. One that is not copied yet is not.
func isLive(ctx context.Context, m *store.Mirror, event string) (bool, error) {
	rows, err := m.All(ctx, mirror.Key{Resource: mirror.Event, Event: event})
	if err != nil || event == "" || len(rows) == 0 {
		return false, err
	}
	var e struct {
		Live bool `json:"live"`
	}
	if err := json.Unmarshal(rows[0], &e); err != nil {
		return false, fmt.Errorf("event %s: %w", event, err)
	}
	return e.Live, nil
}

// askPretix lets pretix say whether it still knows the device.
func (d adminEnv) askPretix(ctx context.Context) (*askedRow, error) {
	kept, known, err := d.store.PretixDevice(ctx)
	if err != nil || !known {
		return nil, err
	}
	client, err := pretix.New(deviceConfig(d.pretix, kept.Device))
	if err != nil {
		return nil, fmt.Errorf("pretix: %w", err)
	}
	defer client.Close()
	info, err := client.DeviceInfo(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, errors.Join(ctx.Err(), err)
		}
		return &askedRow{Class: pretix.ClassOf(err).String(), Detail: err.Error()}, nil
	}
	return &askedRow{Accepted: true, Profile: info.Device.Profile, Version: info.Server.Version.Pretix}, nil
}
