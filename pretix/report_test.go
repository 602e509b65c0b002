package pretix_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/pretix"
)

// taken is a request as it arrived.
type taken struct {
	path, key string
	body      map[string]any
}

// mailbox takes one report and gives a fixed answer.
func mailbox(t *testing.T, status int, kind, answer string) (*pretix.Client, func() taken) {
	t.Helper()
	requests := make(chan taken, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := taken{path: r.Method + " " + r.URL.Path, key: r.Header.Get("X-Idempotency-Key")}
		if data, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(data, &got.body) != nil {
			t.Errorf("body %q: %v", data, err)
		}
		requests <- got
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	client, err := pretix.New(pretix.Config{BaseURL: server.URL, Organizer: "org", Token: "token"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client, func() taken { return <-requests }
}

func refusal() pretix.FailedCheckin {
	return pretix.FailedCheckin{
		Event: "fair", List: 3, Reason: pretix.ReasonRevoked, Barcode: "topsecret", Type: pretix.Exit, Nonce: "n1",
		At: time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC), RawItem: 10, RawSubEvent: 5,
	}
}

func TestReportFailedSendsWhatPretixReads(t *testing.T) {
	client, next := mailbox(t, http.StatusCreated, "application/json", `{}`)
	if err := client.ReportFailed(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"error_reason": "revoked", "raw_barcode": "topsecret", "type": "exit", "nonce": "n1",
		"datetime": "2026-11-24T18:00:00.000000Z", "raw_item": 10., "raw_subevent": 5.,
	}
	got := next()
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if want := "POST /api/v1/organizers/org/events/fair/checkinlists/3/failed_checkins/"; got.path != want || got.key != "n1" {
		t.Errorf("%s with key %q, want %s with n1", got.path, got.key, want)
	}
}

func TestPrintLogPassesOnWhatTheScannerSaid(t *testing.T) {
	client, next := mailbox(t, http.StatusCreated, "application/json", `{}`)
	said := json.RawMessage(`{"source":"pretixSCAN","type":"badge","info":{}}`)
	if err := client.PrintLog(t.Context(), "fair", 17, said, "k1"); err != nil {
		t.Fatal(err)
	}
	got := next()
	if want := "POST /api/v1/organizers/org/events/fair/orderpositions/17/printlog/"; got.path != want || got.key != "k1" {
		t.Errorf("%s with key %q, want %s with k1", got.path, got.key, want)
	}
	if got.body["source"] != "pretixSCAN" {
		t.Errorf("body %v", got.body)
	}
}

func TestReportThatIsNotTaken(t *testing.T) {
	for _, c := range []struct {
		story        string
		status       int
		kind, answer string
		want         pretix.Class
	}{
		{"pretix does not like it", 400, "application/json", `{"raw_barcode": ["topsecret is too long"]}`, pretix.Invalid},
		{"the list is gone", 404, "application/json", `{"detail": "Not found."}`, pretix.NotFound},
		{"a captive portal", 200, "text/html", `<h1>Welcome</h1>`, pretix.Unavailable},
		{"a captive portal that knows no such page", 404, "text/html", `<h1>Oops</h1>`, pretix.Unavailable},
		{"too many", 429, "text/html", ``, pretix.RateLimited},
	} {
		client, next := mailbox(t, c.status, c.kind, c.answer)
		err := client.ReportFailed(t.Context(), refusal())
		next()
		if got := class(t, err); got != c.want || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%s: %v, want class %s and no secret", c.story, err, c.want)
		}
	}
	client, _ := mailbox(t, 500, "", "")
	bad := refusal()
	bad.Event = "../fair"
	if got := class(t, client.ReportFailed(t.Context(), bad)); got != pretix.Invalid {
		t.Errorf("an event that is no slug: class %s", got)
	}
}

func class(t *testing.T, err error) pretix.Class {
	t.Helper()
	failed, ok := errors.AsType[*pretix.Error](err)
	if !ok {
		t.Fatalf("%v, want a *pretix.Error", err)
	}
	return failed.Class
}
