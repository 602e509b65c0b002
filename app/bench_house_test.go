package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
)

// house is the demo's cast and the program, set up for counting and measuring.
type house struct {
	*stage
	tb      testing.TB
	visitor *http.Client // one browser; follows nothing
	team    atomic.Int64 // requests of the bridge that have reached pretix
}

// houseOptions are what measurements differ in. The zero value is the demo's bridge.
type houseOptions struct {
	now      func() time.Time                // nil: time.Now
	upstream func(http.Handler) http.Handler // stands in front of pretix and of BBB; nil: nothing does
	args     []string                        // of serve
	play     faces
}

// openHouse serves until the test ends.
func openHouse(tb testing.TB, o houseOptions) *house {
	tb.Helper()
	if o.now == nil {
		o.now = time.Now
	}
	if o.upstream == nil {
		o.upstream = func(h http.Handler) http.Handler { return h }
	}
	h := &house{tb: tb, visitor: newVisitor(tb), stage: &stage{folder: tb.TempDir()}}
	must(tb, h.open(tb.Context(), o))
	h.round()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.play(ctx) }()
	tb.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, h.Close()); err != nil {
			tb.Errorf("the program ended with %v", err)
		}
	})
	return h
}

func (h *house) open(ctx context.Context, o houseOptions) (err error) {
	if h.entrance, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if o.play == bothFaces {
		if h.door, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
	}
	h.club = cast.New(h.base(), o.now)
	if h.shop, err = startServer(o.upstream(h.countTeam(h.club.Pretix.Handler()))); err != nil {
		return err
	}
	if h.conference, err = startServer(o.upstream(h.club.BBB.Handler())); err != nil {
		return err
	}
	env := environment{Stdout: io.Discard, Stderr: io.Discard, Now: o.now, Environ: h.options()}
	cfg, err := configureServe(env, append([]string{"--log-level=info"}, o.args...)) // as much is written as in earnest
	if err != nil {
		return err
	}
	if h.program, err = wire(ctx, cfg, cfg.Log.logger(env.Stderr), o.now); err != nil {
		return err
	}
	return h.club.Furnish(ctx, h.program.Store)
}

// countTeam counts what is asked with the bridge's token: the scan proxy has another one.
func (h *house) countTeam(pretix http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Authorization"), "Token ") {
			h.team.Add(1)
		}
		pretix.ServeHTTP(w, r)
	})
}

// round brings the scan proxy's copy up to date, if there is one. Nothing else may be doing that.
func (h *house) round() {
	h.tb.Helper()
	if h.door == nil {
		return
	}
	h.program.Scan.round(h.tb.Context())
	if said := h.program.Scan.said; len(said) != 0 {
		h.tb.Fatalf("the exchange with pretix failed: %v", said)
	}
}

// warm reads what the mirror keeps: its price is paid once a minute, not by every visitor.
func (h *house) warm() {
	h.tb.Helper()
	_, err := h.program.Catalog.CheckinLists(h.tb.Context(), cast.Event)
	must(h.tb, err)
	_, err = h.program.Catalog.Items(h.tb.Context(), cast.Event)
	must(h.tb, err)
	for _, key := range []string{"running", "closed"} {
		h.look(key)
	}
	h.forgetCalls()
}

// look fetches the ticket link of a story.
func (h *house) look(key string) (status int) {
	h.tb.Helper()
	return h.fetch(http.MethodGet, h.club.Link(h.club.Story(key).Token), nil)
}

// enter sends the form of a story.
func (h *house) enter(key string) (status int) {
	h.tb.Helper()
	return h.fetch(http.MethodPost, h.base()+"/ticket", url.Values{"token": {h.club.Story(key).Token}})
}

func (h *house) fetch(method, address string, form url.Values) (status int) {
	h.tb.Helper()
	status, _, err := visit(h.tb.Context(), h.visitor, method, address, form)
	must(h.tb, err)
	return status
}

// calls counts what the bridge has asked of pretix and BBB since forgetCalls.
func (h *house) calls() calls {
	return calls{pretix: int(h.team.Load()), bbb: len(h.club.BBB.Requests())}
}

// forgetPasses makes the visitor one who has not been here before, in the same browser.
func (h *house) forgetPasses() {
	h.tb.Helper()
	at, err := url.Parse(h.base())
	must(h.tb, err)
	var passes []*http.Cookie
	for _, c := range h.visitor.Jar.Cookies(at) {
		if strings.HasPrefix(c.Name, "einlass_wait_") {
			passes = append(passes, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1})
		}
	}
	h.visitor.Jar.SetCookies(at, passes)
}

func (h *house) forgetCalls() {
	h.team.Store(0)
	h.club.Pretix.ResetRequests()
	h.club.BBB.ResetRequests()
}

// calls are requests to the two worlds behind einlass.
type calls struct{ pretix, bbb int }

func (c calls) plus(o calls) calls { return calls{c.pretix + o.pretix, c.bbb + o.bbb} }

// newVisitor is a browser that keeps cookies and follows nothing.
func newVisitor(tb testing.TB) *http.Client {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	must(tb, err)
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Jar: jar, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// visit sends one request of a browser and reads the answer to its end.
func visit(ctx context.Context, c *http.Client, method, address string, form url.Values) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := c.Do(r)
	if err != nil {
		return 0, "", err
	}
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), errors.Join(err, answer.Body.Close())
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
