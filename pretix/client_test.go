package pretix_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

const emptyPage = `{"count":0,"next":null,"previous":null,"results":[]}`

// says answers with a status and a JSON body, and header fields as name, value, ….
func says(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// oldPositionFields are those that pretix has had since long before 2026.
var oldPositionFields = []string{
	"positions.attendee_email", "positions.company", "positions.street", "positions.zipcode", "positions.city",
	"positions.country", "positions.state", "positions.downloads",
}

func TestOrderRequest(t *testing.T) {
	var asked *http.Request
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r
		find(t, "orders", "order TRF02: two dates").replay(w, r)
	})
	got, err := client.Order(t.Context(), "gutschein", "trf02")
	if err != nil {
		t.Fatal(err)
	}
	if asked.URL.Path != "/api/v1/organizers/darc/events/gutschein/orders/TRF02/" {
		t.Errorf("asked %s", asked.URL.Path)
	}
	for name, want := range map[string]string{
		"Authorization": "Token " + testToken, "Accept-Language": "en", "Accept": "application/json", "User-Agent": "einlass",
	} {
		if got := asked.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	query := asked.URL.Query()
	if query.Has("include") || !slices.Contains(query["exclude"], "invoice_address") || query.Get("include_canceled_positions") != "true" {
		t.Errorf("query %v: trim with exclude, never with include; canceled positions are wanted", query)
	}
	for _, needed := range []string{"url", "positions.secret", "positions.answers", "positions.checkins", "positions.blocked"} {
		if slices.Contains(query["exclude"], needed) {
			t.Errorf("%s is excluded", needed)
		}
	}
	for _, field := range query["exclude"] {
		if strings.HasPrefix(field, "positions.") && !slices.Contains(oldPositionFields, field) {
			t.Errorf("%s is excluded: a pretix that does not know it answers 500", field)
		}
	}
	if got.Status != pretix.StatusPaid || !strings.HasSuffix(got.URL.Reveal(), "/order/TRF02/4nvsx93pjphf457g/") || len(got.Positions) != 2 {
		t.Fatalf("got %+v", got)
	}
	second := got.Positions[1]
	answer, ok := second.Answer("RUFZEICHEN")
	if second.ID != 3 || second.PositionID != 2 || *second.SubEvent != 6 || second.Secret.Reveal() != "4egu3bynngg3xtazfs3ebjy9c9axquxj" ||
		second.AttendeeName != "Max Mustermann" || !ok || answer.Text != "DK2XY" || second.IsBlocked() {
		t.Errorf("second position: %+v", second)
	}
}

// What can be no order code or slug is not sent at all.
func TestNonsenseIsNotSent(t *testing.T) {
	client := serve(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked %s", r.URL) })
	for _, code := range []string{"", "../x", "A B", "ÄÖ", "ABCDEFGHIJKLMNOPQ", "TRF01/"} {
		if _, err := client.Order(t.Context(), "gutschein", code); pretix.ClassOf(err) != pretix.NotFound {
			t.Errorf("order %q: %v", code, err)
		}
	}
	for _, slug := range []string{"", ".", "..", "a/b", "a?b"} {
		if _, err := client.Event(t.Context(), slug); pretix.ClassOf(err) != pretix.Invalid {
			t.Errorf("event %q: %v", slug, err)
		}
		if _, err := client.Items(t.Context(), slug); pretix.ClassOf(err) != pretix.Invalid {
			t.Errorf("items of %q: %v", slug, err)
		}
	}
}

func TestSubEventsFilter(t *testing.T) {
	var query string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		says(200, emptyPage)(w, r)
	})
	yes := true
	berlin := time.FixedZone("", 3600)
	got, err := client.SubEvents(t.Context(), "gutschein", pretix.SubEventFilter{EndsAfter: time.Date(2026, 11, 24, 9, 0, 0, 0, berlin), Active: &yes})
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("got %v, %v; want an empty list", got, err)
	}
	if query != "active=true&ends_after=2026-11-24T08%3A00%3A00Z" {
		t.Errorf("query %s", query)
	}
}

// The next page is asked of the configured server, whatever host pretix believes to be.
func TestPagesStayAtTheConfiguredHost(t *testing.T) {
	elsewhere := listen(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked, with %q", r.Header.Get("Authorization"))
	})
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/organizers/darc/events/gutschein/subevents/" {
			t.Errorf("asked %s", r.URL.Path)
		}
		if r.URL.Query().Get("page") == "2" && r.URL.Query().Get("active") == "true" {
			says(200, `{"next":null,"results":[{"id":2}]}`)(w, r)
			return
		}
		says(200, fmt.Sprintf(`{"next":"%s/elsewhere/?active=true&page=2","results":[{"id":1}]}`, elsewhere))(w, r)
	})
	yes := true
	got, err := client.SubEvents(t.Context(), "gutschein", pretix.SubEventFilter{Active: &yes})
	if err != nil || len(got) != 2 || got[1].ID != 2 {
		t.Errorf("got %v, %v; want both pages", got, err)
	}
}

func TestPagesThatLeadNowhere(t *testing.T) {
	for _, next := range []string{"https://pretix.example/?page=2", "://"} {
		calls := 0
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			calls++
			says(200, fmt.Sprintf(`{"next":%q,"results":[]}`, next))(w, r)
		})
		if _, err := client.Items(t.Context(), "conf"); pretix.ClassOf(err) != pretix.Unavailable || err == nil || calls > 2 {
			t.Errorf("next %q: %v after %d calls", next, err, calls)
		}
	}
}

func TestClasses(t *testing.T) {
	html := []string{"Content-Type", "text/html; charset=utf-8"}
	cases := []struct {
		name   string
		answer http.HandlerFunc
		want   pretix.Error
	}{
		{"unknown token", says(401, `{"detail":"Invalid token."}`), pretix.Error{Class: pretix.Unauthorized, Detail: "Invalid token."}},
		{"no right", says(403, `{"detail":"no"}`), pretix.Error{Class: pretix.Forbidden, Detail: "no"}},
		{"unknown object", says(404, `{"detail":"No Event matches the given query."}`), pretix.Error{Class: pretix.NotFound, Detail: "No Event matches the given query."}},
		{"a field is wrong", says(400, `{"b":["no"],"a":["x","y"]}`), pretix.Error{Class: pretix.Invalid, Detail: "a: x y; b: no"}},
		{"a bare array", says(400, `["no list"]`), pretix.Error{Class: pretix.Invalid, Detail: "no list"}},
		{"locked", says(409, `{"detail":"wait"}`, "Retry-After", "5"), pretix.Error{Class: pretix.Conflict, Detail: "wait", RetryAfter: 5 * time.Second}},
		{"too many requests", says(429, `{"detail":"slow"}`, "Retry-After", "17"), pretix.Error{Class: pretix.RateLimited, Detail: "slow", RetryAfter: 17 * time.Second}},
		{"too many, does not say how long", says(429, ``, html...), pretix.Error{Class: pretix.RateLimited, Detail: "an answer that is no JSON; is this the address of a pretix, and does it have this endpoint?"}},
		{"maintenance until a date", says(503, `x`, "Content-Type", "text/html", "Date", "Tue, 24 Nov 2026 08:00:00 GMT", "Retry-After", "Tue, 24 Nov 2026 08:01:30 GMT"), pretix.Error{Class: pretix.RateLimited, Detail: "server error", RetryAfter: 90 * time.Second}},
		{"a bug of pretix", says(500, `<h1>Server Error</h1>`, html...), pretix.Error{Class: pretix.Unavailable, Detail: "server error"}},
		{"a path that does not exist", says(404, `<html>`, html...), pretix.Error{Class: pretix.Unavailable, Detail: "an answer that is no JSON; is this the address of a pretix, and does it have this endpoint?"}},
		{"a login page of the guest network", says(200, `<html>`, html...), pretix.Error{Class: pretix.Unavailable, Detail: "an answer that is no JSON; is this the address of a pretix, and does it have this endpoint?"}},
		{"a wall in front says 403", says(403, `<html>`, html...), pretix.Error{Class: pretix.Unavailable, Detail: "an answer that is no JSON; is this the address of a pretix, and does it have this endpoint?"}},
		{"broken JSON", says(200, `{"slug":`), pretix.Error{Class: pretix.Unavailable, Detail: "the answer cannot be read"}},
		{"garbage after the JSON", says(200, `{"slug":"a"} x`), pretix.Error{Class: pretix.Unavailable, Detail: "the answer cannot be read"}},
		{"a field of another type", says(200, `{"slug":7}`), pretix.Error{Class: pretix.Unavailable, Detail: "the answer cannot be read"}},
		{"empty", says(200, ``), pretix.Error{Class: pretix.Unavailable, Detail: "the answer cannot be read"}},
		{"a long story", says(400, `["`+strings.Repeat("ä", 400)+`"]`), pretix.Error{Class: pretix.Invalid, Detail: strings.Repeat("ä", 150) + "…"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := serve(t, c.answer).Event(t.Context(), "gutschein")
			got, ok := errors.AsType[*pretix.Error](err)
			if !ok || got.Class != c.want.Class || got.Detail != c.want.Detail || got.RetryAfter != c.want.RetryAfter || got.OutcomeUnknown {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := listen(t, func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed, with %q", r.Header.Get("Authorization"))
	})
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere+"/?"+r.Header.Get("Authorization"), http.StatusFound)
	})
	_, err := client.Event(t.Context(), "gutschein")
	if pretix.ClassOf(err) != pretix.Unavailable || err == nil || strings.Contains(err.Error(), elsewhere) {
		t.Errorf("got %v", err)
	}
}

// Each case gives the answers in order; the last one repeats.
func TestGetIsRepeated(t *testing.T) {
	good := says(200, `{"slug":"gutschein"}`)
	reset := func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }
	cases := []struct {
		name    string
		answers []http.HandlerFunc
		calls   int64
		ok      bool
	}{
		{"at once", []http.HandlerFunc{good}, 1, true},
		{"after a reset", []http.HandlerFunc{reset, good}, 2, true},
		{"after 502 and 504", []http.HandlerFunc{says(502, ""), says(504, ""), good}, 3, true},
		{"three times 503", []http.HandlerFunc{says(503, "")}, 3, false},
		{"503 with Retry-After asks for patience", []http.HandlerFunc{says(503, "", "Retry-After", "1")}, 1, false},
		{"429", []http.HandlerFunc{says(429, "{}")}, 1, false},
		{"500 is a bug, not a moment", []http.HandlerFunc{says(500, "")}, 1, false},
		{"404", []http.HandlerFunc{says(404, "{}")}, 1, false},
		{"broken JSON", []http.HandlerFunc{says(200, "{")}, 1, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var calls atomic.Int64
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				n := int(calls.Add(1))
				c.answers[min(n, len(c.answers))-1](w, r)
			})
			_, err := client.Event(t.Context(), "gutschein")
			if (err == nil) != c.ok || calls.Load() != c.calls {
				t.Errorf("got %v after %d calls, want ok=%v after %d", err, calls.Load(), c.ok, c.calls)
			}
		})
	}
}

// hangUp breaks the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// silence never answers. It reads the request first: only then does the server notice that the client is gone.
func silence(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestTimeoutIsNotRepeated(t *testing.T) {
	var calls atomic.Int64
	address := listen(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		silence(w, r)
	})
	client := dial(t, address, func(c *pretix.Config) { c.Timeout = 50 * time.Millisecond })
	_, err := client.Event(t.Context(), "gutschein")
	if timeout, ok := errors.AsType[net.Error](err); !ok || !timeout.Timeout() || calls.Load() != 1 {
		t.Errorf("got %v after %d calls, want a time-out after 1", err, calls.Load())
	}
	if failed, ok := errors.AsType[*pretix.Error](err); !ok || !failed.TooMuch {
		t.Error("it does not say that less may be asked for")
	}
}

func TestContextEndsTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		silence(w, r)
	})
	if _, err := client.Event(ctx, "gutschein"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestEndlessAnswer(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		blanks := []byte(strings.Repeat(" ", 1<<20))
		for range 33 {
			if _, err := w.Write(blanks); err != nil {
				return
			}
		}
	})
	_, err := client.Event(t.Context(), "gutschein")
	if err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got %v", err)
	}
}

func TestDeviceScheme(t *testing.T) {
	var sent string
	address := listen(t, func(w http.ResponseWriter, r *http.Request) {
		sent = r.Header.Get("Authorization")
		says(200, emptyPage)(w, r)
	})
	client := dial(t, address, func(c *pretix.Config) { c.AuthScheme = "Device" })
	if _, err := client.Events(t.Context()); err != nil || sent != "Device "+testToken {
		t.Errorf("sent %q, %v", sent, err)
	}
}
