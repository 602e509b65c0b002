package pretixsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// rule reads a rule as it stands in a list.
func rule(text string) map[string]any {
	var r map[string]any
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil
	}
	return r
}

// seeded is a server with SeedSeries and a clock to turn.
type seeded struct {
	*Server
	Series
	t   *testing.T
	now time.Time
}

func newSeeded(t *testing.T) *seeded {
	t.Helper()
	w := &seeded{t: t, now: time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)}
	w.Server = New(Options{Now: func() time.Time { return w.now }})
	w.Series = SeedSeries(w.Server, w.now)
	if p := w.Problems(); len(p) > 0 {
		t.Fatalf("seeding: %q", p)
	}
	return w
}

const (
	api = "/api/v1/organizers/darc/"
	ser = api + "events/gutschein/"
)

// get returns the answer's status and body as the bridge's team sees it.
func (w *seeded) get(path string) (int, map[string]any) {
	return decode(w.t, w.send("GET", path, "Token "+w.Token, ""))
}

func (w *seeded) post(path, body string) (int, map[string]any) {
	return decode(w.t, w.send("POST", path, "Token "+w.Token, body))
}

func decode(t *testing.T, got *httptest.ResponseRecorder) (int, map[string]any) {
	t.Helper()
	var body map[string]any
	_ = json.Unmarshal(got.Body.Bytes(), &body) // HTML has no fields to look at
	return got.Code, body
}

// scan redeems and returns "status" or "status reason", and what was stored: one more check-in or none. Failed ones
// count, too.
func (w *seeded) scan(auth string, ticket Ticket, list int, more string) (outcome string, stored string) {
	before := len(w.Checkins(w.Event))
	body := fmt.Sprintf(`{"secret": %q, "lists": [%d]%s}`, ticket.Secret, list, more)
	code, answer := decode(w.t, w.send("POST", api+"checkinrpc/redeem/", auth, body))
	outcome = fmt.Sprintf("%d %v", code, answer["status"])
	if answer["reason"] != nil {
		outcome += fmt.Sprintf(" %v", answer["reason"])
	}
	all := w.Checkins(w.Event)
	switch {
	case len(all) == before:
		return outcome, "nothing"
	case all[len(all)-1].Successful:
		return outcome, "check-in"
	}
	return outcome, "failed"
}

// as sends one request with the credentials of a role of the rig.
func (s *Server) as(role, method, path, body string) *httptest.ResponseRecorder {
	scheme, _, _ := strings.Cut(role, ":")
	auth := map[string]string{"team": "Token ", "device": "Device "}[scheme] + rigToken(role)
	if body == "null" {
		body = ""
	}
	return s.send(method, path, auth, body)
}

func (s *Server) send(method, path, auth, body string) *httptest.ResponseRecorder {
	return serve(s, newRequest(method, path, auth, body))
}

func newRequest(method, path, auth, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func serve(s *Server, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}
