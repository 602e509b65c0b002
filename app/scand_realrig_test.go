package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// scanRig is what the scan proxy's tests read of the rig's JSON beside the rest.
type scanRig struct {
	*rig
	ConfEvent string                                     `json:"conf_event"`
	ConfLists map[string]int64                           `json:"conf_checkin_lists"`
	Conf      map[string]struct{ Positions []rigTicket } `json:"orders_conf"`
	SigEvent  string                                     `json:"sig_event"`
	SigList   int64                                      `json:"sig_checkin_list"`
	Sig       map[string]struct{ Positions []rigTicket } `json:"orders_sig"`
	Revoked   string                                     `json:"revoked_secret"`
	SigGone   string                                     `json:"sig_revoked_secret"`
	Media     map[string]string                          `json:"reusable_media"`
	Devices   map[string]struct {
		Token string `json:"api_token"`
	}
}

func realScanRig(t *testing.T) *scanRig {
	t.Helper()
	r := &scanRig{rig: realPretix(t)}
	text, err := os.ReadFile(os.Getenv("EINLASS_PRETIX_RIG"))
	must(t, err)
	must(t, json.Unmarshal(text, r))
	return r
}

// lists are all check-in lists of the rig.
func (r *scanRig) lists() (all []scanproxy.Selection) {
	for _, id := range r.Lists {
		all = append(all, scanproxy.Selection{Event: r.Event, List: id})
	}
	for _, id := range r.ConfLists {
		all = append(all, scanproxy.Selection{Event: r.ConfEvent, List: id})
	}
	all = append(all, scanproxy.Selection{Event: r.SigEvent, List: r.SigList})
	slices.SortFunc(all, func(a, b scanproxy.Selection) int { return int(a.List - b.List) })
	return all
}

// shown is what somebody holds under a scanner.
type shown struct{ name, code, source string }

// codes are all seeded tickets but those that other tests use up, and what is no ticket.
func (r *scanRig) codes(t *testing.T) (all []shown) {
	t.Helper()
	for _, orders := range []map[string]struct{ Positions []rigTicket }{r.Orders, r.Conf, r.Sig} {
		for code, o := range orders {
			for i, p := range o.Positions {
				all = append(all, shown{fmt.Sprintf("%s-%d", code, i+1), p.Secret, scanproxy.Barcode})
			}
		}
	}
	for _, p := range r.bulk(t, 1, 8) {
		all = append(all, shown{fmt.Sprintf("%s-%d", p.Order, p.PositionID), p.Secret, scanproxy.Barcode})
	}
	slices.SortFunc(all, func(a, b shown) int { return strings.Compare(a.name, b.name) })
	all = append(all, shown{"revoked", r.Revoked, scanproxy.Barcode}, shown{"revoked, signed", r.SigGone, scanproxy.Barcode},
		shown{"nobody's", "nobody", scanproxy.Barcode})
	for what, identifier := range r.Media {
		all = append(all, shown{"medium, " + what, identifier, "nfc_uid"}, shown{"barcode of a medium, " + what, identifier, scanproxy.Barcode})
	}
	return all
}

// bulk are the tickets of the n orders from first on of those that nobody knows by name.
func (r *scanRig) bulk(t *testing.T, first, n int) (all []rigTicket) {
	t.Helper()
	for i := range n {
		var order struct {
			Code      string
			Positions []rigTicket
		}
		path := fmt.Sprintf("events/%s/orders/B%05d/", r.ConfEvent, first+i)
		if status := r.call(t, "all", http.MethodGet, path, nil, &order); status != http.StatusOK {
			t.Fatalf("%s: %d", path, status)
		}
		for _, p := range order.Positions {
			p.Order = order.Code
			all = append(all, p)
		}
	}
	return all
}

// simulate asks pretix itself, as the device that the proxy is, and writes its answer as scanners hear it.
func (r *scanRig) simulate(t *testing.T, s scanproxy.Scan, at time.Time) scanproxy.Type {
	t.Helper()
	lists := make([]int64, len(s.Selected))
	for i, selected := range s.Selected {
		lists[i] = selected.List
	}
	body, err := json.Marshal(map[string]any{
		"secret": s.Code.Reveal(), "source_type": s.Source, "lists": lists, "type": strings.ToLower(string(s.Type)), "datetime": at,
		"ignore_unpaid": s.IgnoreUnpaid, "questions_supported": true, "simulate": true,
	})
	must(t, err)
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.API+"/organizers/"+r.Organizer+"/checkinrpc/redeem/", bytes.NewReader(body))
	must(t, err)
	ask.Header.Set("Authorization", "Device "+r.Devices["ready_pretixscan"].Token)
	ask.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(ask)
	must(t, err)
	defer func() { _ = answer.Body.Close() }()
	var verdict struct{ Status, Reason string }
	if err := json.NewDecoder(answer.Body).Decode(&verdict); err != nil {
		t.Fatalf("%v: %d %v", s.Selected, answer.StatusCode, err)
	}
	return heard(verdict.Status, verdict.Reason)
}

// heard is a scanner's word for pretix' answer.
func heard(status, reason string) scanproxy.Type {
	switch {
	case status == "ok":
		return scanproxy.Valid
	case status == "incomplete":
		return scanproxy.AnswersRequired
	case reason == "already_redeemed":
		return scanproxy.Used
	}
	return scanproxy.Type(strings.ToUpper(reason))
}

// realGate is a scan proxy of a real pretix. Its rounds begin when the test says so.
type realGate struct {
	*gate
	t    *testing.T
	line *scannerLine
	log  *bytes.Buffer
}

func openRealGate(t *testing.T, r *scanRig) *realGate {
	t.Helper()
	g := &realGate{gate: &gate{}, t: t, log: &bytes.Buffer{}}
	env := environment{Stdout: g.log, Stderr: g.log, Now: time.Now, Environ: []string{
		"EINLASS_DATABASE=sqlite:" + t.TempDir(), "EINLASS_PRETIX_URL=" + r.BaseURL, "EINLASS_SCAN_URL=http://192.168.1.5:7000",
		"EINLASS_SCAN_EVENT=" + strings.Join([]string{r.ConfEvent, r.Event, r.SigEvent}, ","),
	}}
	cfg, err := configureServe(env, nil)
	must(t, err)
	g.program, err = wire(t.Context(), cfg, slog.New(slog.NewTextHandler(g.log, nil)), time.Now)
	must(t, err)
	closeAfter(t, g.program)
	must(t, g.Store.KeepPretixDevice(t.Context(), store.PretixDevice{
		URL:    cfg.Pretix.URL,
		Device: pretix.Device{Organizer: r.Organizer, ID: 12, Token: pretix.Token(r.Devices["ready_pretixscan"].Token), Profile: "pretixscan"},
	}))
	t.Cleanup(g.Scan.startJournal(t.Context()))
	server := httptest.NewServer(g.Scan.Handler)
	t.Cleanup(server.Close)
	g.line = dialScanner(t, server.Listener.Addr().String(), g.invite(t))
	return g
}

// round exchanges with pretix once, which has to succeed.
func (g *realGate) round() {
	g.t.Helper()
	g.log.Reset()
	g.Scan.round(g.t.Context())
	if len(g.Scan.said) != 0 {
		g.t.Fatalf("the exchange with pretix failed: %s", g.log)
	}
}

// ready says whether all orders of an event are here.
func (g *realGate) ready(event string) bool {
	g.t.Helper()
	state, err := g.Scan.Copy.State(g.t.Context(), mirror.Key{Resource: mirror.Orders, Event: event})
	must(g.t, err)
	return state.Ready()
}

// judge decides from the copy alone and writes nothing.
func (g *realGate) judge(s scanproxy.Scan, at time.Time) scanproxy.Type {
	g.t.Helper()
	var facts scanproxy.Facts
	must(g.t, g.Scan.Copy.Read(g.t.Context(), func(l scanproxy.Lookup, _ int64) (err error) {
		facts, err = scanproxy.Gather(g.t.Context(), l, s, at)
		return err
	}))
	return scanproxy.Decide(facts).Type
}
