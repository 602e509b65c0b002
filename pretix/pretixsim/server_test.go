package pretixsim

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFaults: every way to misbehave, over a real connection.
func TestFaults(t *testing.T) {
	w := newSeeded(t)
	web := httptest.NewServer(w.Handler())
	defer web.Close()
	redeem := func(ticket Ticket) (*http.Response, string, error) {
		body := strings.NewReader(`{"secret": "` + ticket.Secret + `", "lists": [1]}`)
		r, err := http.NewRequest(http.MethodPost, web.URL+api+"checkinrpc/redeem/", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Token "+w.Token)
		r.Header.Set("Content-Type", "application/json")
		resp, err := web.Client().Do(r)
		if err != nil {
			return nil, "", err
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		return resp, string(text), err
	}

	w.Fault("POST checkinrpc/redeem", Fault{Status: 429, RetryAfter: "5", Body: `{"detail": "slow down"}`, ContentType: "application/json", Times: 1})
	resp, text, err := redeem(w.Fresh[0])
	if err != nil || resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "5" || !strings.Contains(text, "slow") {
		t.Errorf("429: got %v %q %v", resp, text, err)
	}
	if resp, _, err := redeem(w.Fresh[0]); err != nil || resp.StatusCode != 201 {
		t.Errorf("after one fault: got %v %v", resp, err)
	}

	w.Fault("POST checkinrpc/redeem", Fault{AfterEffect: true, Reset: true, Times: 1})
	if _, _, err := redeem(w.Fresh[1]); err == nil {
		t.Error("a reset connection gave an answer")
	}
	last := w.Checkins(w.Event)[len(w.Checkins(w.Event))-1]
	if last.Position != w.Fresh[1].Position || !last.Successful {
		t.Errorf("the lost answer's check-in is missing, last is %+v", last)
	}

	w.Fault("GET nothing/like/it", Fault{})
	w.Fault("*", Fault{})
	if resp, _, err := redeem(w.Fresh[2]); err != nil || resp.StatusCode != 503 || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("default fault: got %v %v", resp, err)
	}
	w.ClearFaults()
	if n := w.Calls("POST", "checkinrpc/redeem"); n != 4 {
		t.Errorf("%d calls recorded, want 4", n)
	}
	if got := w.Requests()[2].Status; got != 0 {
		t.Errorf("a reset request is recorded with status %d", got)
	}
	w.ResetRequests()
	if n := w.Calls("", ""); n != 0 {
		t.Errorf("%d calls after a reset", n)
	}
}

// TestProblems: what a real pretix would refuse, ignore or crash on is noted, each with a word to recognise it by.
func TestProblems(t *testing.T) {
	long := strings.Repeat("x", 191)
	for _, c := range []struct{ name, method, path, body, want string }{
		{"missing slash on a read", "GET", ser + "orders", "", "trailing slash"},
		{"missing slash on a write", "POST", api + "checkinrpc/redeem", `{}`, "trailing slash"},
		{"misspelt field", "POST", api + "checkinrpc/redeem/", `{"secret": "x", "lists": [1], "nonse": "y"}`, `"nonse"`},
		{"time without offset", "POST", api + "checkinrpc/redeem/", `{"secret": "x", "lists": [1], "datetime": "2026-11-23T10:00:00"}`, "without offset"},
		{"nonce too long", "POST", api + "checkinrpc/redeem/", `{"secret": "x", "lists": [1], "nonce": "` + long + `"}`, "190"},
		{"filter that is none", "GET", ser + "orderpositions/?order=TRF01&positionid=1", "", `"positionid"`},
		{"meta property that is none", "GET", ser + "subevents/?attr%5BNix%5D=1", "", `"attr[Nix]"`},
		{"page size above the cap", "GET", ser + "orders/?page_size=500", "", "capped"},
		{"null as a meta value", "PATCH", ser + "subevents/3/", `{"meta_data": {"Teilnehmerlink": null}}`, "null"},
		{"filter not simulated", "GET", ser + "items/?active=true", "", "not simulated"},
		{"something not simulated", "GET", ser + "vouchers/", "", "not simulated"},
		{"badge texts", "GET", ser + "orderpositions/?pdf_data=true", "", "not simulated"},
	} {
		w := newSeeded(t)
		w.send(c.method, c.path, "Token "+w.Token, c.body)
		if got := w.Problems(); len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%s: problems are %q, want one with %s", c.name, got, c.want)
		}
	}
}

// TestUnknownRule: a rule the simulator cannot evaluate is never guessed.
func TestUnknownRule(t *testing.T) {
	w := newSeeded(t)
	list := w.AddList(w.Event, List{Name: "?", Rules: rule(`{"<": [{"var": "minutes_since_last_entry"}, 5]}`)})
	if got, stored := w.scan("Token "+w.Token, w.Plain, list, ""); !strings.HasPrefix(got, "500") || stored != "nothing" {
		t.Errorf("got %s, stored %s", got, stored)
	}
	if p := w.Problems(); len(p) != 1 || !strings.Contains(p[0], "minutes_since_last_entry") {
		t.Errorf("problems: %q", p)
	}
}

// TestPublicURL: behind a proxy, `next` may point to where the client must not send its token.
func TestPublicURL(t *testing.T) {
	s := New(Options{PublicURL: "https://tickets.example"})
	w := SeedSeries(s, s.now())
	_, page := decode(t, s.send("GET", ser+"orders/?page_size=2&include=code", "Token "+w.Token, ""))
	want := "https://tickets.example" + ser + "orders/?include=code&page=2&page_size=2"
	if page["next"] != want {
		t.Errorf("next is %v, want %s", page["next"], want)
	}
}

// TestPages: all rows come once when following pages to the end.
func TestPages(t *testing.T) {
	w := newSeeded(t)
	seen := map[any]bool{}
	path := ser + "orderpositions/?page_size=7"
	for path != "" {
		code, page := w.get(path)
		if code != http.StatusOK {
			t.Fatalf("%s: %d", path, code)
		}
		for _, row := range page["results"].([]any) {
			seen[row.(map[string]any)["id"]] = true
		}
		next, _ := page["next"].(string)
		path = strings.TrimPrefix(next, "http://example.com")
	}
	_, all := w.get(ser + "orderpositions/")
	if float64(len(seen)) != all["count"] {
		t.Errorf("%d different positions on the pages, count says %v", len(seen), all["count"])
	}
}
