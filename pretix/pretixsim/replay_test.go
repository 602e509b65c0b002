package pretixsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The rig was seeded once; before every topic its dates were moved to that topic's minute.
var rigSeeded = time.Date(2026, 11, 23, 5, 46, 15, 240205000, time.UTC)

// topics are replayed each in its own world, in the order of the file, because exchanges build on each other.
var topics = []struct{ name, at string }{
	{"auth-errors", "05:57"},
	{"device-lifecycle", "05:57"},
	{"redeem-reasons", "05:58"},
	{"redeem-nonce", "05:59"},
	{"redeem-questions", "06:01"},
	{"redeem-exit-addon-media", "06:01"},
	{"annul", "06:02"},
	{"checkin-log", "06:02"},
	{"checkin-lists", "06:02"},
	{"orders", "06:03"},
	{"subevents", "06:04"},
	{"catalog", "06:05"},
	{"digital-content", "06:05"},
	{"protocol", "06:05"},
	{"details", "06:06"},
	{"treff-flow", "06:06"},
}

// notPlayed names the exchanges the simulator refuses on purpose. Each must be answered with its honest HTTP 500.
var notPlayed = map[string]string{
	"catalog/settings (series)":                                 "172 settings that nothing here reads",
	"catalog/seats":                                             "no seats beyond the ones in positions",
	"catalog/seats, expand orderposition":                       "as above",
	"catalog/reusable media expand":                             "the proxy reads orders for that",
	"catalog/sales channels":                                    "no sales",
	"catalog/seating plans":                                     "no seats",
	"details/patch one of two answers":                          "the bridge never changes orders",
	"details/device created now":                                "devices are made by people",
	"device-lifecycle/organizer devices list (team)":            "as above",
	"device-lifecycle/organizer device create (team)":           "as above",
	"device-lifecycle/organizer device create: unknown profile": "as above",
	"device-lifecycle/eventselection":                           "a proxy is for all events",
	"device-lifecycle/eventselection of a device with a gate":   "as above",
	"device-lifecycle/eventselection: keep the current one":     "as above",
	"device-lifecycle/eventselection with current subevent":     "as above",
	"details/voucher from an empty body":                        "no vouchers beyond their id in positions",
	"details/signed: regenerate secrets":                        "no signed secrets",
	"orders/update an answer":                                   "the bridge never changes orders",
	"orders/change the secret":                                  "as above",
	"protocol/headers of /vouchers/":                            "no vouchers beyond their id in positions",
	"protocol/OPTIONS":                                          "a description of forms",
	"subevents/clone event endpoint":                            "events are made by people",
}

// missesEffect names the exchanges that cannot agree because the world lacks what an earlier one, or a thing the
// simulator does not have, would have left in it.
var missesEffect = map[string]string{
	"orders/order after the position update": "follows \"update an answer\"",
	"details/signed: revoked secrets now":    "follows \"signed: regenerate secrets\"",
}

type recording struct {
	Exchanges []exchange `json:"exchanges"`
}

type exchange struct {
	Name    string `json:"name"`
	As      string `json:"as"`
	Request struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
		Raw     *string           `json:"raw"`
	} `json:"request"`
	Response struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    any               `json:"body"`
	} `json:"response"`
}

// TestReplay holds the simulator to what a real pretix 2026.8.0 said.
func TestReplay(t *testing.T) {
	agreed, total := 0, 0
	met := map[string]bool{}
	for _, topic := range topics {
		t.Run(topic.name, func(t *testing.T) {
			clock := newClock(t, topic.at)
			s, tokens := clock.world(), issued{}
			for _, x := range load(t, topic.name) {
				if x.Request.Method == "" {
					continue // a note, not an exchange
				}
				total++
				key := topic.name + "/" + x.Name
				met[key] = true
				got := play(s, tokens, x)
				tokens.learn(x.As, got)
				clock.tick()
				switch {
				case notPlayed[key] != "":
					if got.Code != http.StatusInternalServerError {
						t.Errorf("%s: answered %d although it is listed as not played", key, got.Code)
					}
				case missesEffect[key] != "":
				default:
					if diffs := compare(x, got); len(diffs) > 0 {
						t.Errorf("%s\n  %s", key, strings.Join(diffs, "\n  "))
						continue
					}
					agreed++
				}
			}
		})
	}
	for _, named := range []map[string]string{notPlayed, missesEffect} {
		for key := range named {
			if !met[key] {
				t.Errorf("%q is excused, but nobody recorded it", key)
			}
		}
	}
	t.Logf("%d of %d exchanges agree; %d are refused on purpose, %d depend on such",
		agreed, total, len(notPlayed), len(missesEffect))
}

func load(t *testing.T, topic string) []exchange {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", topic+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatalf("%s: %v", topic, err)
	}
	return r.Exchanges
}

// rigClock stands at the seeding first, then in the topic's minute.
type rigClock struct{ at, moved time.Time }

func newClock(t *testing.T, hhmm string) *rigClock {
	t.Helper()
	moved, err := time.Parse(time.DateTime, "2026-11-23 "+hhmm+":00")
	if err != nil {
		t.Fatal(err)
	}
	return &rigClock{at: rigSeeded, moved: moved}
}

func (c *rigClock) tick() { c.at = c.at.Add(100*time.Millisecond + time.Microsecond) }

func (c *rigClock) world() *Server {
	berlin, _ := time.LoadLocation("Europe/Berlin") // embedded
	seeding := true
	now := func() time.Time {
		if seeding {
			c.at = c.at.Add(time.Microsecond)
		}
		return c.at
	}
	s := New(Options{Now: now, Zone: berlin, PublicURL: "http://127.0.0.1:8345"})
	newRig(s, c.moved)
	seeding = false
	c.at = c.moved.Add(22*time.Second + 169*time.Microsecond)
	return s
}

var role = regexp.MustCompile(`\{\{(.+)\}\}`)

// issued are the tokens that devices were given while a topic was played, by role. The recorder called the one before
// the last device:x-old.
type issued map[string]string

func (i issued) token(role string) string {
	if token := i[role]; token != "" {
		return token
	}
	return rigToken(role)
}

// learn takes a new token out of an answer. Whoever has none yet is the spare device that the recorder began with.
func (i issued) learn(role string, got *httptest.ResponseRecorder) {
	var d struct {
		Token string `json:"api_token"`
	}
	if json.Unmarshal(got.Body.Bytes(), &d) != nil || d.Token == "" {
		return
	}
	if role == "anonymous" {
		role = "device:spare1"
	}
	if i[role] != d.Token {
		i[role+"-old"], i[role] = i[role], d.Token
	}
}

func play(s *Server, tokens issued, x exchange) *httptest.ResponseRecorder {
	var body []byte
	switch {
	case x.Request.Raw != nil:
		body = []byte(*x.Request.Raw)
	case string(x.Request.Body) != "null":
		body = x.Request.Body
	}
	r := httptest.NewRequest(x.Request.Method, x.Request.Path, bytes.NewReader(body))
	r.Host = "127.0.0.1:8345"
	for key, value := range x.Request.Headers {
		r.Header.Set(key, role.ReplaceAllStringFunc(value, func(found string) string {
			return tokens.token(role.FindStringSubmatch(found)[1])
		}))
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// comparedHeaders must be equal, after translation; markedHeaders must both be there or not.
var (
	comparedHeaders = []string{"Allow", "WWW-Authenticate", "Location", "Retry-After", "Last-Modified"}
	markedHeaders   = []string{"X-Page-Generated"}
)

func compare(x exchange, got *httptest.ResponseRecorder) []string {
	var d differ
	want := x.Response
	d.check("status", want.Status == got.Code, want.Status, got.Code)
	wantType, gotType := media(want.Headers["Content-Type"]), media(got.Header().Get("Content-Type"))
	d.check("content type", wantType == gotType, wantType, gotType)
	for _, h := range comparedHeaders {
		d.check(h, want.Headers[h] == got.Header().Get(h), want.Headers[h], got.Header().Get(h))
	}
	for _, h := range markedHeaders {
		d.check(h, (want.Headers[h] == "") == (got.Header().Get(h) == ""), want.Headers[h], got.Header().Get(h))
	}
	if wantType != "application/json" || x.Request.Method == http.MethodHead {
		return d.found
	}
	var body any
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		return append(d.found, fmt.Sprintf("body: %v: %.80s", err, got.Body))
	}
	d.values("", want.Body, body)
	return d.found
}

func media(contentType string) string { m, _, _ := strings.Cut(contentType, ";"); return m }
