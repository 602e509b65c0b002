package pretix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

// topics are the recordings whose exchanges this client could have made.
var topics = []string{
	"auth-errors", "catalog", "checkin-lists", "details", "orders", "protocol", "redeem-nonce", "redeem-questions",
	"redeem-reasons", "subevents", "treff-flow",
}

// reader makes the call that a recorded path belongs to; match[1] is the event, match[2] the object.
type reader struct {
	path *regexp.Regexp
	call func(context.Context, *pretix.Client, []string) (any, error)
}

var readers = []reader{
	{regexp.MustCompile(`^/events/([^/]+)/orders/([^/]+)/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) { return c.Order(ctx, m[1], m[2]) }},
	{regexp.MustCompile(`^/events/([^/]+)/subevents/(\d+)/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) {
		id, _ := strconv.ParseInt(m[2], 10, 64)
		return c.SubEvent(ctx, m[1], id)
	}},
	{regexp.MustCompile(`^/events/([^/]+)/subevents/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) {
		return c.SubEvents(ctx, m[1], pretix.SubEventFilter{})
	}},
	{regexp.MustCompile(`^/events/([^/]+)/checkinlists/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) { return c.CheckinLists(ctx, m[1]) }},
	{regexp.MustCompile(`^/events/([^/]+)/questions/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) { return c.Questions(ctx, m[1]) }},
	{regexp.MustCompile(`^/events/([^/]+)/items/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) { return c.Items(ctx, m[1]) }},
	{regexp.MustCompile(`^/events/([^/]+)/$`), func(ctx context.Context, c *pretix.Client, m []string) (any, error) { return c.Event(ctx, m[1]) }},
	{regexp.MustCompile(`^/events/$`), func(ctx context.Context, c *pretix.Client, _ []string) (any, error) { return c.Events(ctx) }},
	{regexp.MustCompile(`^/event_meta_properties/$`), func(ctx context.Context, c *pretix.Client, _ []string) (any, error) { return c.MetaProperties(ctx) }},
	{regexp.MustCompile(`^/api/v1/version$`), func(ctx context.Context, c *pretix.Client, _ []string) (any, error) { return c.Version(ctx) }},
}

// readerOf finds the call for a recorded GET.
func readerOf(e exchange) (func(context.Context, *pretix.Client) (any, error), bool) {
	path, query, _ := strings.Cut(e.Request.Path, "?")
	path = strings.TrimPrefix(path, "/api/v1/organizers/darc")
	if e.Request.Method != http.MethodGet || strings.Contains(query, "expand=") {
		return nil, false
	}
	for _, r := range readers {
		if m := r.path.FindStringSubmatch(path); m != nil {
			return func(ctx context.Context, c *pretix.Client) (any, error) { return r.call(ctx, c, m) }, true
		}
	}
	return nil, false
}

// Every recorded answer to a call of ours is read in its type, or is an error of the right class.
func TestRecordedReads(t *testing.T) {
	count := 0
	for _, topic := range topics {
		for _, e := range recorded(t, topic) {
			call, ok := readerOf(e)
			if !ok {
				continue
			}
			count++
			t.Run(topic+"/"+e.Name, func(t *testing.T) {
				served := false
				client := serve(t, func(w http.ResponseWriter, r *http.Request) {
					if served { // the pages after the first are not in the recording
						w.Header().Set("Content-Type", "application/json")
						fmt.Fprint(w, `{"count":0,"next":null,"previous":null,"results":[]}`)
						return
					}
					served = true
					e.replay(w, r)
				})
				got, err := call(t.Context(), client)
				checkStatus(t, e, err)
				if err == nil {
					checkIDs(t, e, got)
				}
			})
		}
	}
	if count < 50 {
		t.Errorf("only %d recorded reads were tried", count)
	}
}

// checkStatus compares an error with the recorded status.
func checkStatus(t *testing.T, e exchange, err error) {
	t.Helper()
	want, wrong := map[int]pretix.Class{
		400: pretix.Invalid, 401: pretix.Unauthorized, 403: pretix.Forbidden, 404: pretix.NotFound, 405: pretix.Invalid,
		415: pretix.Invalid, 301: pretix.Unavailable, 304: pretix.Unavailable, 412: pretix.Unavailable, 500: pretix.Unavailable,
	}[e.Response.Status]
	if wrong && e.Response.Status == 404 && strings.Contains(e.Response.Headers["Content-Type"], "html") {
		want = pretix.Unavailable
	}
	failed, ok := errors.AsType[*pretix.Error](err)
	switch {
	case !wrong && err != nil:
		t.Fatalf("%d: %v", e.Response.Status, err)
	case wrong && !ok:
		t.Fatalf("%d: got %v, want %v", e.Response.Status, err, want)
	case wrong && (failed.Class != want || failed.Detail == ""):
		t.Fatalf("%d: got %v with detail %q, want %v", e.Response.Status, err, failed.Detail, want)
	}
}

// checkIDs compares what was read with the recording, by the ids, codes and slugs in it.
func checkIDs(t *testing.T, e exchange, got any) {
	t.Helper()
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var sent, read any
	if json.Unmarshal(e.Response.Body, &sent) != nil || json.Unmarshal(data, &read) != nil {
		t.Fatal("no JSON")
	}
	if page, ok := sent.(map[string]any); ok && page["results"] != nil {
		sent = page["results"]
	}
	if err := sameWhereBoth(sent, read, ""); err != nil {
		t.Error(err)
	}
}

// sameWhereBoth compares every member that both values have; what we have no field for is skipped, and secrets, which
// print as "…", only have to be there.
func sameWhereBoth(sent, read any, at string) error {
	switch s := sent.(type) {
	case map[string]any:
		r, ok := read.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: sent an object, read %v", at, read)
		}
		for name, value := range s {
			if mine, ok := r[name]; ok {
				if err := sameWhereBoth(value, mine, at+"."+name); err != nil {
					return err
				}
			}
		}
		return nil
	case []any:
		r, _ := read.([]any)
		if len(s) != len(r) {
			return fmt.Errorf("%s: sent %d elements, read %d", at, len(s), len(r))
		}
		for i := range s {
			if err := sameWhereBoth(s[i], r[i], at+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		return nil
	}
	return sameValue(sent, read, at)
}

func sameValue(sent, read any, at string) error {
	if sent == nil && (read == nil || read == "" || read == false) || read == "…" {
		return nil
	}
	if sameInstant(sent, read) {
		return nil
	}
	if fmt.Sprint(sent) != fmt.Sprint(read) {
		return fmt.Errorf("%s: sent %v, read %v", at, sent, read)
	}
	return nil
}

// sameInstant reports whether both are the same time, which Go writes without trailing zeros.
func sameInstant(sent, read any) bool {
	a, errA := time.Parse(time.RFC3339Nano, fmt.Sprint(sent))
	b, errB := time.Parse(time.RFC3339Nano, fmt.Sprint(read))
	return errA == nil && errB == nil && a.Equal(b)
}

// Every recorded redeem is a verdict where pretix gave one, and an error where it did not.
func TestRecordedRedeems(t *testing.T) {
	count := 0
	for _, topic := range topics {
		for _, e := range recorded(t, topic) {
			if e.Request.Method != http.MethodPost || !strings.HasSuffix(e.Request.Path, "/checkinrpc/redeem/") {
				continue
			}
			count++
			t.Run(topic+"/"+e.Name, func(t *testing.T) { checkRedeem(t, e) })
		}
	}
	if count < 100 {
		t.Errorf("only %d recorded redeems were tried", count)
	}
}

func checkRedeem(t *testing.T, e exchange) {
	client := serve(t, e.replay)
	got, err := client.Redeem(t.Context(), pretix.Redeem{Secret: "s", Lists: []int64{1}})
	var want struct {
		Status, Reason string
		Position       *struct {
			ID       int64
			Checkins []any
		}
	}
	if !bytes.HasPrefix(e.Response.Body, []byte("{")) || json.Unmarshal(e.Response.Body, &want) != nil || want.Status == "" {
		checkStatus(t, e, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != want.Status || got.Reason != want.Reason {
		t.Errorf("got %s %s, want %s %s", got.Status, got.Reason, want.Status, want.Reason)
	}
	if (got.Position == nil) != (want.Position == nil) {
		t.Fatalf("position: got %v, want %v", got.Position, want.Position)
	}
	if got.Position != nil && (got.Position.ID != want.Position.ID || len(got.Position.Checkins) != len(want.Position.Checkins)) {
		t.Errorf("position: got %d with %d check-ins, want %+v", got.Position.ID, len(got.Position.Checkins), want.Position)
	}
	if got.Status == pretix.RedeemIncomplete && len(got.Questions) == 0 {
		t.Error("incomplete without a question")
	}
}
