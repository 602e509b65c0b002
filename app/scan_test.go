package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
)

// deviceDesk is a pretix in which somebody has made devices; good1 and good2 are the tokens to initialize them.
type deviceDesk struct {
	Sim *pretixsim.Server
	*httptest.Server
}

func newDeviceDesk(t *testing.T) *deviceDesk {
	s := &deviceDesk{Sim: pretixsim.New(pretixsim.Options{})}
	s.Sim.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord"})
	for _, token := range []string{"good1", "good2"} {
		s.Sim.AddDevice(pretixsim.Device{InitToken: token, Name: "Proxy", Profile: "pretixscan"})
	}
	s.Server = httptest.NewServer(s.Sim.Handler())
	t.Cleanup(s.Close)
	return s
}

// goAway breaks every connection from now on. The address stays taken: a server that is closed leaves it to whoever comes,
// and that may be the pretix of another test.
func (s *deviceDesk) goAway() { s.Sim.Fault("*", pretixsim.Fault{Reset: true}) }

// used are the tokens that were used, and which of them the device was made from that has this one now.
func (s *deviceDesk) used(now string) (used []string, from string) {
	for _, d := range s.Sim.Devices() {
		if d.Token != "" {
			used = append(used, d.InitToken)
		}
		if d.Token == now && now != "" {
			from = d.InitToken
		}
	}
	return used, from
}

// scanProgram is a scan proxy on a database that lasts as long as the test, configured as an operator would; more
// are further variables of the environment.
func scanProgram(t *testing.T, folder, pretix, token string, log io.Writer, more ...string) *program {
	t.Helper()
	return scanProgramAt(t, time.Now, folder, pretix, token, log, more...)
}

// scanProgramAt is one with another clock.
func scanProgramAt(t *testing.T, now func() time.Time, folder, pretix, token string, log io.Writer, more ...string) *program {
	t.Helper()
	env := environment{Stdout: io.Discard, Stderr: log, Now: now, Environ: []string{
		"EINLASS_DATABASE=sqlite:" + folder, "EINLASS_PRETIX_URL=" + pretix, "EINLASS_SCAN_URL=http://192.168.1.5:7000",
		"EINLASS_SCAN_LISTEN=127.0.0.1:0", "EINLASS_SCAN_DEVICE_TOKEN=" + token, "EINLASS_SCAN_SYNC=1h",
	}}
	env.Environ = append(env.Environ, more...)
	cfg, err := configureServe(env, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := wire(t.Context(), cfg, cfg.Log.logger(log), now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A technician changes the token and starts again, several times.
func TestTheProxyBecomesADeviceOnce(t *testing.T) {
	shop, folder := newDeviceDesk(t), t.TempDir()
	var log bytes.Buffer
	for _, step := range []struct {
		story, token string
		fails        bool
		used         string // at pretix by then
		from         string // which of them the device was made from that the proxy then is
	}{
		{"without a token", "", true, "", ""},
		{"with a wrong one", "wrong", true, "", ""},
		{"with a good one", "good1", false, "good1", "good1"},
		{"started again", "good1", false, "good1", "good1"},
		{"started again without", "", false, "good1", "good1"},
		{"a wrong one instead", "wrong", false, "good1", "good1"},
		{"another good one", "good2", false, "good1 good2", "good2"},
		{"and back", "good1", false, "good1 good2", "good2"}, // used up: the device that is kept stays
	} {
		p := scanProgram(t, folder, shop.URL, step.token, &log)
		err := p.Scan.connect(t.Context())
		kept, _, failed := p.Store.PretixDevice(t.Context())
		must(t, failed)
		used, from := shop.used(kept.Token.Reveal())
		if (err != nil) != step.fails || strings.Join(used, " ") != step.used || from != step.from {
			t.Errorf("%s: %v, used %v, and is the device of %q, want %s, %q", step.story, err, used, from, step.used, step.from)
		}
		if p.Scan.tokenRefused != (step.token == "wrong" || step.story == "and back") {
			t.Errorf("%s: token refused for good: %v", step.story, p.Scan.tokenRefused)
		}
		if step.token == "" && step.fails && !errors.Is(err, errNotConnected) {
			t.Errorf("%s: %v, want errNotConnected", step.story, err)
		}
		if up := p.Scan.upstream.Load(); !step.fails && (up.Organizer != "fjord" || up.Numeric < 20260000000000) {
			t.Errorf("%s: upstream %+v", step.story, *up)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, d := range shop.Sim.Devices() {
		if strings.Contains(log.String(), d.InitToken) || strings.Contains(log.String(), d.Token) {
			t.Errorf("the log holds a token:\n%s", &log)
		}
	}

	other := newDeviceDesk(t)
	p := scanProgram(t, folder, other.URL, "good1", &log)
	err := p.Scan.connect(t.Context())
	if used, _ := other.used(""); err != nil || len(used) != 1 {
		t.Errorf("at another pretix: %v, used %v", err, used)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// The proxy starts without internet, as it may on the morning of the day.
func TestScannersAreAnsweredBeforePretixIs(t *testing.T) {
	shop, folder := newDeviceDesk(t), t.TempDir()
	p := scanProgram(t, folder, shop.URL, "good1", io.Discard)
	if err := errors.Join(p.Scan.connect(t.Context()), p.Close()); err != nil {
		t.Fatal(err)
	}
	shop.goAway()

	p = scanProgram(t, folder, shop.URL, "good1", io.Discard)
	at, err := p.listen(t.Context())
	if err != nil || at.pages != nil {
		t.Fatalf("%+v, %v", at, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.run(ctx, at) }()

	registry := scanproxy.Registry{Store: p.Store, InitTTL: time.Hour, Now: time.Now}
	invited, err := registry.Invite(t.Context(), scanproxy.Profile{Name: "Door"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, token, body string) map[string]any {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+at.scan.Addr().String()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Device "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		var o map[string]any
		if err := json.NewDecoder(answer.Body).Decode(&o); answer.StatusCode != http.StatusOK || err != nil {
			t.Fatalf("%s %s: %d, %v", method, path, answer.StatusCode, err)
		}
		return o
	}
	made := ask("POST", "/api/v1/device/initialize", "", `{"token":"`+invited.Token.Reveal()+`","hardware_brand":"a","hardware_model":"b","software_brand":"pretixSCAN Android","software_version":"3.3.4"}`)
	if made["organizer"] != "fjord" || made["name"] != "Door" {
		t.Errorf("initialize: %v", made)
	}
	if version := ask("GET", "/api/v1/version", "", ""); version["pretix"] != "2026.8.0" || version["pretix_numeric"] != 20260080005000.0 {
		t.Errorf("the version that pretix had when it was there last: %v", version)
	}
	token, _ := made["api_token"].(string)
	verdict := ask("POST", "//proxyapi/v1/rpc/check/", token, `{"events_and_checkin_lists":{"harbor":1},"ticketid":"nobody"}`)
	if verdict["type"] != "ERROR" { // nobody knows yet whose ticket it is
		t.Errorf("check: %v", verdict)
	}
	if hits := ask("GET", "/api/v1/organizers/fjord/events/", token, ""); hits["count"] != 0.0 {
		t.Errorf("events: %v", hits)
	}
	stop()
	if err := errors.Join(<-ended, p.Close()); err != nil {
		t.Error(err)
	}
}

// Apps keep a connection for five minutes, and send a scan a second time if it is closed under them.
func TestIdleConnectionsOutliveThoseOfTheApps(t *testing.T) {
	if server := (&scanFace{Log: slog.New(slog.DiscardHandler)}).server(); server.IdleTimeout <= 5*time.Minute {
		t.Errorf("idle time-out %s", server.IdleTimeout)
	}
}

func TestWhatIsKeptOfAnEventThatIsOverIsErased(t *testing.T) {
	var log bytes.Buffer
	p := scanProgram(t, t.TempDir(), newDeviceDesk(t).URL, "", &log)
	ends := time.Now().Add(time.Hour)
	for resource, row := range map[string]string{
		mirror.Event:  `{"slug":"fair","timezone":"UTC","date_from":"` + ends.Format(time.RFC3339) + `"}`,
		mirror.Orders: `{"code":"AAAAA","status":"p","positions":[{"id":1,"positionid":1,"item":1,"secret":"secret"}]}`,
	} {
		b := mirror.Batch{
			Key: mirror.Key{Resource: resource, Event: "fair"}, Rows: []json.RawMessage{json.RawMessage(row)},
			Complete: resource == mirror.Event, At: time.Now(), Done: true,
		}
		if err := p.Scan.Copy.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	orders := func() int {
		t.Helper()
		rows, _, err := p.Scan.Copy.Rows(t.Context(), mirror.Orders, "fair", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	defer p.Scan.startJournal(t.Context())()
	report := scanproxy.Report{Event: "fair", List: 1, Type: scanproxy.Entry, Reason: "invalid", At: ends, RawBarcode: "secret"}
	_, err := p.Scan.Journal.Judge(t.Context(), scanproxy.Case{}, func(scanproxy.History) (scanproxy.Verdict, error) {
		return scanproxy.Verdict{Report: &report}, nil
	})
	must(t, err)
	must(t, p.Scan.Journal.End(t.Context(), scanproxy.Refusals, 1, scanproxy.Result{Outcome: scanproxy.GivenUp, At: ends}))
	if _, err := p.Scan.Journal.Acknowledge(t.Context(), scanproxy.Refusals, 1, ends); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		days, want int
		log        string
	}{{13, 1, ""}, {15, 0, "refusals=1"}} {
		log.Reset()
		p.Scan.now = func() time.Time { return ends.AddDate(0, 0, step.days) }
		p.Scan.forget(t.Context())
		if got := orders(); got != step.want {
			t.Errorf("%d days after the end: %d orders, want %d", step.days, got, step.want)
		}
		if !strings.Contains(log.String(), step.log) || (log.Len() > 0) != (step.want == 0) {
			t.Errorf("%d days after the end, the log says %q", step.days, log.String())
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
