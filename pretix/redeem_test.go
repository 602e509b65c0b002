package pretix_test

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/pretix"
)

const ticket = "s8z6rg79rs7r2mprzttfy2kn9arw5zsr"

func TestRedeemRequest(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	cases := []struct {
		name string
		in   pretix.Redeem
		want map[string]any
	}{
		{"a ticket link", pretix.Redeem{Secret: ticket, Lists: []int64{1}, Nonce: "2026-11-23/5", At: time.Date(2026, 11, 23, 7, 6, 47, 870_000_999, berlin)},
			map[string]any{"secret": ticket, "lists": []any{1.}, "nonce": "2026-11-23/5", "datetime": "2026-11-23T07:06:47.870000+01:00",
				"type": "entry", "force": false, "ignore_unpaid": false, "questions_supported": false}},
		{"a scan that is uploaded later", pretix.Redeem{Secret: ticket, Lists: []int64{1, 5}, Type: pretix.Exit, Force: true, IgnoreUnpaid: true,
			QuestionsSupported: true, Simulate: true, Answers: map[int64]string{7: "ESSEN"}, At: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)},
			map[string]any{"secret": ticket, "lists": []any{1., 5.}, "datetime": "2026-11-23T07:00:00.000000Z", "type": "exit", "force": true,
				"ignore_unpaid": true, "questions_supported": true, "simulate": true, "answers": map[string]any{"7": "ESSEN"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var sent map[string]any
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || r.URL.Path != "/api/v1/organizers/darc/checkinrpc/redeem/" || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%s %s as %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
				}
				sent = body(t, r)
				find(t, "treff-flow", "4 check in, nonce = date").replay(w, r)
			})
			if _, err := client.Redeem(t.Context(), c.in); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, sent); d != "" {
				t.Error(d)
			}
		})
	}
}

// The answers of the way in: first use, the same day again, another day.
func TestRedeemTellsFirstUseFromRepeat(t *testing.T) {
	cases := []struct {
		exchange, status, reason string
		before                   int
	}{
		{"4 check in, nonce = date", pretix.RedeemOK, "", 0},
		{"4b reconnect on the same day", pretix.RedeemOK, "", 1},
		{"4c next day", pretix.RedeemError, pretix.ReasonAlreadyRedeemed, 1},
	}
	for _, c := range cases {
		got, err := serve(t, find(t, "treff-flow", c.exchange).replay).Redeem(t.Context(), pretix.Redeem{Secret: ticket, Lists: []int64{1}})
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != c.status || got.Reason != c.reason || len(got.Position.Checkins) != c.before || got.List.Name != "Teilnahme" || got.Position.OrderStatus != pretix.StatusPaid {
			t.Errorf("%s: %+v", c.exchange, got)
		}
	}
}

func TestNonceTooLong(t *testing.T) {
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent what pretix answers with a server error") })
	_, err := client.Redeem(t.Context(), pretix.Redeem{Secret: ticket, Lists: []int64{1}, Nonce: strings.Repeat("ä", 191)})
	if pretix.ClassOf(err) != pretix.Invalid {
		t.Errorf("got %v", err)
	}
}

// A redeem is sent once, and its error says whether pretix may have carried it out.
func TestRedeemFailures(t *testing.T) {
	html := []string{"Content-Type", "text/html"}
	cases := []struct {
		name    string
		answer  http.HandlerFunc
		class   pretix.Class
		unknown bool
	}{
		{"reset after sending", func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }, pretix.Unavailable, true},
		{"no answer in time", silence, pretix.Unavailable, true},
		{"a bug of pretix", says(500, "<html>", html...), pretix.Unavailable, true},
		{"the gateway gave up", says(504, "<html>", html...), pretix.Unavailable, true},
		{"the gateway has no pretix", says(503, "<html>", html...), pretix.Unavailable, true},
		{"success that cannot be read", says(201, `{"status":"ok","position":{"id":"x"}}`), pretix.Unavailable, true},
		{"success without a status", says(201, `{}`), pretix.Unavailable, true},
		{"success from somebody else", says(201, `<html>`, html...), pretix.Unavailable, true},
		{"a refusal that cannot be read", says(400, `{"status":"error","position":{"id":"x","attendee_name":"Anna"}}`), pretix.Unavailable, false},
		{"a redirect", says(301, "", "Location", "https://elsewhere.example/"), pretix.Unavailable, false},
		{"maintenance", says(503, "<html>", "Content-Type", "text/html", "Retry-After", "60"), pretix.RateLimited, false},
		{"too many requests", says(429, `{}`), pretix.RateLimited, false},
		{"revoked token", says(401, `{"detail":"no"}`), pretix.Unauthorized, false},
		{"unknown list", says(400, `{"lists":["Invalid pk"]}`), pretix.Invalid, false},
		{"two lists of one event", says(400, `["Selecting two"]`), pretix.Invalid, false},
		{"a path that does not exist", says(404, "<html>", html...), pretix.Unavailable, false},
		{"a 404 that is no verdict", says(404, `{"detail":"Not found."}`), pretix.NotFound, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var calls atomic.Int64
			address := listen(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				c.answer(w, r)
			})
			client := dial(t, address, func(cfg *pretix.Config) { cfg.Timeout = 200 * time.Millisecond })
			_, err := client.Redeem(t.Context(), pretix.Redeem{Secret: ticket, Lists: []int64{1}})
			got, ok := errors.AsType[*pretix.Error](err)
			if !ok || got.Class != c.class || got.OutcomeUnknown != c.unknown || calls.Load() != 1 {
				t.Errorf("got %+v after %d calls; want %v, unknown=%v", got, calls.Load(), c.class, c.unknown)
			}
			if strings.Contains(err.Error(), "Anna") {
				t.Errorf("the error names a person: %v", err)
			}
		})
	}
}

func TestRedeemNotSent(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = dial(t, address, nil).Redeem(t.Context(), pretix.Redeem{Secret: ticket, Lists: []int64{1}})
	got, ok := errors.AsType[*pretix.Error](err)
	if !ok || got.Class != pretix.Unavailable || got.OutcomeUnknown {
		t.Errorf("nobody listens: got %+v, want it known that nothing happened", got)
	}
}
