package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/testclock"
)

const otherSlug = "party" // it is fetched after the fair

// venue is a scan proxy that is a device of a simulated pretix with two events. One clock serves both, and stands still
// until a test turns it.
type venue struct {
	t      *testing.T
	pretix *pretixsim.Server
	office *httptest.Server // where pretix answers
	device int              // of the proxy, at pretix
	items  map[string]int   // product of each event
	lists  map[string]int64
	door   *gate
	line   *scannerLine
	log    strings.Builder
	*testclock.Clock
}

func newVenue(t *testing.T) *venue {
	t.Helper()
	v := &venue{t: t, Clock: testclock.At(time.Date(2030, 6, 1, 9, 0, 0, 0, time.UTC)), items: map[string]int{}, lists: map[string]int64{}}
	v.pretix = pretixsim.New(pretixsim.Options{Now: v.Now})
	v.pretix.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord"})
	for _, slug := range []string{fairSlug, otherSlug} {
		v.pretix.AddEvent(pretixsim.Event{Slug: slug, Name: pretixsim.German(slug), DateFrom: v.Now().Add(-time.Hour), DateTo: v.Now().Add(8 * time.Hour)})
		v.items[slug] = v.pretix.AddItem(slug, pretixsim.Item{Name: pretixsim.German("Day")})
		v.lists[slug] = int64(v.pretix.AddList(slug, pretixsim.List{Name: "Gate"}))
	}
	v.device = v.pretix.AddDevice(pretixsim.Device{InitToken: "once", Name: "Proxy", Profile: "pretixscan"})
	v.open()
	return v
}

// open starts the program and its door. Rounds with pretix happen when a test wants them.
func (v *venue) open() {
	v.office = httptest.NewServer(v.pretix.Handler())
	v.t.Cleanup(v.office.Close)
	env := environment{Stdout: &v.log, Stderr: &v.log, Now: v.Now, Environ: []string{
		"EINLASS_DATABASE=sqlite:" + v.t.TempDir(), "EINLASS_PRETIX_URL=" + v.office.URL,
		"EINLASS_SCAN_URL=http://192.168.1.5:7000", "EINLASS_SCAN_DEVICE_TOKEN=once",
	}}
	cfg, err := configureServe(env, nil)
	must(v.t, err)
	v.door = &gate{}
	v.door.program, err = wire(v.t.Context(), cfg, slog.New(slog.NewTextHandler(&v.log, nil)), v.Now)
	must(v.t, err)
	closeAfter(v.t, v.door.program)
	v.t.Cleanup(v.door.Scan.startJournal(v.t.Context()))
	door := httptest.NewServer(v.door.Scan.Handler)
	v.t.Cleanup(door.Close)
	v.line = dialScanner(v.t, door.Listener.Addr().String(), v.door.invite(v.t))
}

// exchange talks to pretix once, two minutes later, when every list is due again.
func (v *venue) exchange() {
	v.Pass(2 * time.Minute)
	v.door.Scan.round(v.t.Context())
}

// sell adds an order with one ticket, whose secret is its code in lower case.
func (v *venue) sell(slug, code string) pretixsim.Position {
	return v.pretix.AddOrder(slug, pretixsim.Order{Code: code, Positions: []pretixsim.Position{
		{Item: v.items[slug], AttendeeName: "Guest " + code, Secret: strings.ToLower(code)},
	}}).Positions[0]
}

// show shows a code at the gate of an event and returns what the scanner says.
func (v *venue) show(slug, code string) scanproxy.Type {
	v.t.Helper()
	answer, err := v.line.ask("POST", checkPath, checkBody(slug, v.lists[slug], code))
	must(v.t, err)
	var heard struct{ Type scanproxy.Type }
	must(v.t, json.Unmarshal(answer, &heard))
	return heard.Type
}

func (v *venue) says(story, slug, code string, want scanproxy.Type) {
	v.t.Helper()
	if got := v.show(slug, code); got != want {
		v.t.Errorf("%s: the scanner says %s, want %s", story, got, want)
	}
}

func (v *venue) state(resource, event string) mirror.State {
	v.t.Helper()
	s, err := v.door.Scan.Copy.State(v.t.Context(), mirror.Key{Resource: resource, Event: event})
	must(v.t, err)
	return s
}

// faultless checks that pretix found nothing wrong with what it was asked.
func (v *venue) faultless() {
	v.t.Helper()
	for _, p := range v.pretix.Problems() {
		v.t.Errorf("pretix complains: %s", p)
	}
}

// The whole program is a device of a pretix: it fetches all there is, lets people in, and tells pretix about it once.
func TestADayAtTheDoor(t *testing.T) {
	v := newVenue(t)
	ticket := v.sell(fairSlug, "ANNA1")
	v.pretix.AddMedium(pretixsim.Medium{Identifier: "wristband-7", Positions: []int{v.sell(fairSlug, "BODO1").ID}})
	v.pretix.SetBadge(fairSlug, v.items[fairSlug], v.pretix.AddBadgeLayout(fairSlug, pretixsim.BadgeLayout{Name: "Badge", Default: true, Background: []byte("%PDF\x00\xff")}))
	v.exchange()
	for _, resource := range mirror.Resources() {
		event := ""
		if resource.PerEvent {
			event = fairSlug
		}
		if s := v.state(resource.Name, event); !s.Ready() || s.Class != "" {
			t.Errorf("%s: %s %s", resource.Name, s.Class, s.Detail)
		}
	}
	badge := strings.Replace(checkBody(fairSlug, v.lists[fairSlug], "anna1"), `"with_badge_data":false`, `"with_badge_data":true`, 1)
	answer, err := v.line.ask("POST", checkPath, badge)
	must(t, err)
	if !strings.Contains(string(answer), `"type":"VALID"`) || !strings.Contains(string(answer), `"order_positionid":"ANNA1-1"`) {
		t.Errorf("a ticket with its badge: %s", answer)
	}
	v.says("the same again", fairSlug, "anna1", scanproxy.Used)
	v.says("a wristband", fairSlug, "wristband-7", scanproxy.Valid)
	v.says("a ticket of another event", otherSlug, "anna1", scanproxy.Invalid)
	at := v.Now()
	v.exchange()
	v.exchange()

	var entries []pretixsim.Checkin
	for _, c := range v.pretix.Checkins(fairSlug) {
		if c.Position == ticket.ID && c.Successful {
			entries = append(entries, c)
		}
	}
	if len(entries) != 1 || !entries[0].At.Equal(at) || entries[0].Device != v.device || entries[0].Nonce == "" || entries[0].Type != "entry" {
		t.Errorf("pretix has %+v, want one entry at %s by device %d", entries, at, v.device)
	}
	refused := func(c pretixsim.Checkin) bool { return c.Reason == "already_redeemed" }
	if !slices.ContainsFunc(v.pretix.Checkins(fairSlug), refused) {
		t.Error("pretix was not told of the second try")
	}
	v.says("the ticket, which pretix shows used now", fairSlug, "anna1", scanproxy.Used)
	v.faultless()
}

// Somebody changes things at pretix while the doors are open.
func TestTheDoorFollowsPretix(t *testing.T) {
	v := newVenue(t)
	gate := int(v.lists[fairSlug])
	onlyOf := func(item int) map[string]any {
		return map[string]any{"inList": []any{map[string]any{"var": "product"}, map[string]any{"objectList": []any{
			map[string]any{"lookup": []any{"product", fmt.Sprint(item), "x"}},
		}}}}
	}
	ids := map[string]int{}
	for _, code := range []string{"CARL1", "DORA1", "EMIL1", "FINN1", "GINA1", "HANS1", "IRIS1", "JENS1"} {
		ids[code] = v.sell(fairSlug, code).ID
	}
	v.exchange()
	for _, step := range []struct {
		story, code string
		change      func()
		want        scanproxy.Type
	}{
		{"an order is canceled", "carl1", func() { v.pretix.SetOrderStatus("CARL1", "c") }, scanproxy.CanceledOrder},
		{"a ticket is canceled", "dora1", func() { v.pretix.CancelPosition(ids["DORA1"]) }, scanproxy.Invalid},
		{"a ticket is blocked", "emil1", func() { v.pretix.BlockPosition(ids["EMIL1"], "admin") }, scanproxy.Blocked},
		{"it is not any more", "emil1", func() { v.pretix.BlockPosition(ids["EMIL1"]) }, scanproxy.Valid},
		{"an order is not paid any more", "finn1", func() { v.pretix.SetOrderStatus("FINN1", "n") }, scanproxy.Unpaid},
		{"a secret is replaced, and revoked", "gina-old", func() { v.pretix.AddRevokedSecret(fairSlug, "gina-old", ids["GINA1"]) }, scanproxy.Revoked},
		{"a rule is made for the list", "gina1", func() {
			v.pretix.EditList(fairSlug, gate, func(l *pretixsim.List) { l.Rules = onlyOf(v.items[otherSlug]) })
		}, scanproxy.Rules},
		{"the list gets other products", "gina1", func() {
			v.pretix.EditList(fairSlug, gate, func(l *pretixsim.List) { l.Rules, l.LimitProducts = nil, []int{v.items[otherSlug]} })
		}, scanproxy.Product},
		{"all is as it was", "gina1", func() {
			v.pretix.EditList(fairSlug, gate, func(l *pretixsim.List) { l.LimitProducts = nil })
		}, scanproxy.Valid},
		{"a ticket is sold at the box office", "kim01", func() { v.sell(fairSlug, "KIM01") }, scanproxy.Valid},
		{"somebody is checked in elsewhere", "hans1", func() { v.pretix.AddCheckin(pretixsim.Checkin{Position: ids["HANS1"], List: gate}) }, scanproxy.Used},
		{"an order is deleted, which nothing tells", "iris1", func() { v.pretix.DeleteOrder("IRIS1") }, scanproxy.Valid},
		{"one more, and a day passes", "jens1", func() { v.pretix.DeleteOrder("JENS1"); v.Pass(25 * time.Hour) }, scanproxy.Invalid},
	} {
		step.change()
		v.exchange()
		v.says(step.story, fairSlug, step.code, step.want)
	}
	v.faultless()
}

// The device stays the same from release to release; pretix shows in its list which one runs.
func TestPretixIsToldOfANewRelease(t *testing.T) {
	v := newVenue(t)
	v.exchange()
	v.pretix.EditDevice(v.device, func(d *pretixsim.Device) { d.Software = "0.1" })
	v.exchange()
	if got := v.software(); got != "0.1" {
		t.Errorf("told again without a new start: %s", got)
	}
	v.door.Scan.link.close()
	v.door.Scan.link = nil // as after a start
	v.exchange()
	if got := v.software(); got != releaseName() {
		t.Errorf("pretix knows release %s, want %s", got, releaseName())
	}
	v.faultless()
}

// software is the release that pretix shows for the proxy.
func (v *venue) software() string {
	i := slices.IndexFunc(v.pretix.Devices(), func(d pretixsim.Device) bool { return d.ID == v.device })
	return v.pretix.Devices()[i].Software
}
