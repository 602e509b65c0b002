package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// Bridge and scan proxy in one process, with one copy of a real pretix.
func TestBothFacesOfARealPretix(t *testing.T) {
	r := realScanRig(t)
	f := openFaces(t, r)
	f.round()
	t.Run("the copy says what the bridge would hear", func(t *testing.T) { sameConfiguration(t, f) })
	t.Run("a date comes, is moved, and goes", func(t *testing.T) { movedDate(t, f) })
	t.Run("one enters, another is scanned", func(t *testing.T) { enteredAndScanned(t, f) })
}

// twoFaces is a program that makes its rounds when the test says so.
type twoFaces struct {
	*door
	gate  *realGate
	asked *teamCalls
}

func openFaces(t *testing.T, r *scanRig) *twoFaces {
	t.Helper()
	line := newTeamCalls(t, r.BaseURL)
	d := newDoor(t, r.rig, r.begins(t, "running").Add(40*time.Minute), "--pretix-url="+line.url,
		"--scan-url=http://192.168.1.5:7000", "--scan-event="+r.Event)
	must(t, d.program.Store.KeepPretixDevice(t.Context(), store.PretixDevice{
		URL:    d.program.Config.Pretix.URL,
		Device: pretix.Device{Organizer: r.Organizer, ID: 12, Token: pretix.Token(r.Devices["ready_pretixscan"].Token), Profile: "pretixscan"},
	}))
	pages := &httptest.Server{Listener: d.entrance, Config: d.program.pagesServer()}
	pages.Start()
	closeAfter(t, d.stage)
	t.Cleanup(pages.Close)
	t.Cleanup(d.program.Scan.startJournal(t.Context()))
	g := &realGate{gate: &gate{program: d.program}, t: t, log: &bytes.Buffer{}}
	scanners := httptest.NewServer(d.program.Scan.Handler)
	t.Cleanup(scanners.Close)
	g.line = dialScanner(t, scanners.Listener.Addr().String(), g.invite(t))
	return &twoFaces{door: d, gate: g, asked: line}
}

// round exchanges with pretix; a moment later the bridge has seen it.
func (f *twoFaces) round() {
	f.t.Helper()
	f.gate.round()
	f.Pass(2 * time.Second)
}

// noShop is a pretix that the bridge cannot reach.
type noShop struct{ mirror.Source }

var errNoShop = errors.New("the copy does not hold it")

func (noShop) Event(context.Context, string) (pretix.Event, error) { return pretix.Event{}, errNoShop }
func (noShop) SubEvent(context.Context, string, int64) (pretix.SubEvent, error) {
	return pretix.SubEvent{}, errNoShop
}
func (noShop) SubEvents(context.Context, string, pretix.SubEventFilter) ([]pretix.SubEvent, error) {
	return nil, errNoShop
}
func (noShop) CheckinLists(context.Context, string) ([]pretix.CheckinList, error) {
	return nil, errNoShop
}
func (noShop) Questions(context.Context, string) ([]pretix.Question, error) { return nil, errNoShop }
func (noShop) Items(context.Context, string) ([]pretix.Item, error)         { return nil, errNoShop }

// sameConfiguration reads everything with a device's eyes, from the copy, and with those of the bridge's team.
func sameConfiguration(t *testing.T, f *twoFaces) {
	shop, err := newPretix(f.program.Config.Pretix)
	must(t, err)
	team, err := mirror.New(shop, mirror.Options{Now: f.Now})
	must(t, err)
	device, err := mirror.New(noShop{}, mirror.Options{Copy: f.program.Scan.copyFor(f.rig.Organizer), Now: f.Now})
	must(t, err)
	reads := map[string]func(mirror.Reader) (any, error){
		"event":          func(m mirror.Reader) (any, error) { return m.Event(t.Context(), f.rig.Event) },
		"dates":          func(m mirror.Reader) (any, error) { return m.SubEvents(t.Context(), f.rig.Event) },
		"check-in lists": func(m mirror.Reader) (any, error) { return m.CheckinLists(t.Context(), f.rig.Event) },
		"questions":      func(m mirror.Reader) (any, error) { return m.Questions(t.Context(), f.rig.Event) },
		"products":       func(m mirror.Reader) (any, error) { return m.Items(t.Context(), f.rig.Event) },
	}
	for key, id := range f.rig.SubEvents {
		reads["date "+key] = func(m mirror.Reader) (any, error) { return m.SubEvent(t.Context(), f.rig.Event, id) }
	}
	for what, read := range reads {
		heard, err := read(team)
		must(t, err)
		copied, err := read(device)
		if err != nil || !reflect.DeepEqual(heard, copied) {
			t.Errorf("%s: the copy says\n%+v, %v\nand the bridge hears\n%+v", what, copied, err, heard)
		}
	}
	t.Logf("%d things are the same", len(reads))
}

// enteredAndScanned: each way in knows of the other after an exchange with pretix.
func enteredAndScanned(t *testing.T, f *twoFaces) {
	list := scanproxy.Selection{Event: f.rig.Event, List: f.rig.Lists["series"]}
	f.in(t)
	f.asked.forget()
	online := f.rig.unused(t)
	_, entered := f.came(f.token(online.Order, 1))
	f.expect(entered, http.StatusSeeOther)
	if n := f.asked.since(); n != 3 {
		t.Errorf("looking and entering cost %d calls to pretix, want 3: the order twice, the check-in", n)
	}
	atDoor := f.rig.unused(t)
	if verdict := f.gate.show(list, atDoor); verdict != scanproxy.Valid {
		t.Errorf("the ticket at the door: %s, want VALID", verdict)
	}
	f.round()
	if verdict := f.gate.show(list, online); verdict != scanproxy.Used {
		t.Errorf("who entered online, at the door: %s, want USED", verdict)
	}
	_, turnedDown := f.came(f.token(atDoor.Order, 1))
	f.expect(turnedDown, http.StatusForbidden, number(room.UsedToday))
	f.round()
	all := f.rig.checkins(t)
	for _, ticket := range []rigTicket{online, atDoor} {
		if found := checkinsOf(all, ticket.ID); len(found) != 1 || found[0].Type != "entry" {
			t.Errorf("%s: pretix has %+v, want one entry", ticket.Order, found)
		}
	}
}

// movedDate makes a date of its own. What becomes of it is seen after a round, without a call of the bridge.
func movedDate(t *testing.T, f *twoFaces) {
	f.in(t)
	change := func(method, path string, body any, want int) (made struct{ ID int64 }) {
		t.Helper()
		if status := f.rig.call(t, "all", method, "events/"+f.rig.Event+"/subevents/"+path, body, &made); status != want {
			t.Fatalf("%s a date: %d", method, status)
		}
		return made
	}
	begins := f.Now().Add(48 * time.Hour).Truncate(time.Minute)
	made := change(http.MethodPost, "", map[string]any{
		"name": map[string]string{"de": "Zusatztermin"}, "active": true, "date_from": begins, "meta_data": map[string]string{},
	}, http.StatusCreated)
	path := fmt.Sprintf("%d/", made.ID)
	gone := false
	defer func() {
		if !gone {
			f.rig.call(t, "all", http.MethodDelete, "events/"+f.rig.Event+"/subevents/"+path, nil, nil)
		}
	}()
	f.asked.forget()
	sees := func(what string, want time.Time) {
		t.Helper()
		f.round()
		all, err := f.program.Catalog.SubEvents(t.Context(), f.rig.Event)
		must(t, err)
		var got time.Time
		for _, date := range all {
			if date.ID == made.ID {
				got = date.From
			}
		}
		if !got.Equal(want) || f.asked.since() != 0 {
			t.Errorf("%s: the bridge sees it at %s after %d calls of its own, want %s", what, got, f.asked.since(), want)
		}
	}
	sees("new", begins)
	change(http.MethodPatch, path, map[string]any{"date_from": begins.Add(time.Hour)}, http.StatusOK)
	sees("moved", begins.Add(time.Hour))
	f.rig.call(t, "all", http.MethodDelete, "events/"+f.rig.Event+"/subevents/"+path, nil, nil)
	gone = true
	f.Pass(f.program.Scan.fresh)
	sees("deleted", time.Time{})
}
