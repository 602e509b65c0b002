package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
	"github.com/einlass/einlass/testclock"
)

var (
	_ api.Door      = (*scanproxy.Door)(nil)
	_ api.Devices   = (*scanproxy.Registry)(nil)
	_ api.PrintLogs = (*prints)(nil)
)

// proxy is a whole scan proxy with a real database and a pretix in memory.
type proxy struct {
	t        testing.TB
	world    *world
	server   *api.Server
	registry *scanproxy.Registry
	handler  http.Handler
	prints   prints
	upstream api.Upstream

	*testclock.Clock
	log lockedBuffer
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// prints keeps print logs in memory.
type prints struct {
	mu   sync.Mutex
	kept []scanproxy.PrintLog
}

func (p *prints) RecordPrintLog(_ context.Context, _ scanproxy.Device, l scanproxy.PrintLog) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = append(p.kept, l)
	return nil
}

func newProxy(t testing.TB) *proxy {
	t.Helper()
	return newProxyAt(t, storetest.SQLiteURL(t))
}

// newProxyAt is a proxy whose journal and devices are in that database.
func newProxyAt(t testing.TB, url string) *proxy {
	t.Helper()
	s := storetest.Open(t, url)
	p := &proxy{t: t, world: readWorld(t)}
	p.Clock = testclock.At(p.world.Now)
	p.upstream = api.Upstream{Organizer: p.world.Organizer, Version: "2026.8.0", Numeric: 20260080001000}
	log := slog.New(slog.NewJSONHandler(&p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p.registry = &scanproxy.Registry{Store: s, InitTTL: time.Hour, Now: p.Now}
	p.server = &api.Server{
		Door:    &scanproxy.Door{Copy: p.world, Journal: storetest.Journal(t, s), Finder: p.world, Now: p.Now},
		Devices: p.registry, Rows: p.world, Files: p.world, Badges: p.world, Prints: &p.prints,
		Upstream: func() api.Upstream { return p.upstream }, URL: "http://192.168.1.5:7000", Release: "test", Log: log, Now: p.Now,
	}
	p.handler = p.server.Handler()
	return p
}

// client is one device.
type client struct {
	*proxy
	id    int64
	token string
}

const (
	androidBrand = "pretixSCAN Android"
	desktopBrand = "pretixSCAN"
)

// device connects a device.
func (p *proxy) device(brand string, events ...string) client {
	p.t.Helper()
	i, err := p.registry.Invite(p.t.Context(), scanproxy.Profile{Name: "Door of " + brand, Events: events})
	if err != nil {
		p.t.Fatal(err)
	}
	d, token, err := p.registry.Initialize(p.t.Context(), i.Token, scanproxy.Hardware{SoftwareBrand: brand})
	if err != nil {
		p.t.Fatal(err)
	}
	return client{p, d.ID, token.Reveal()}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(a.body), &o); err != nil {
		t.Fatalf("%d %q is no object: %v", a.status, a.body, err)
	}
	return o
}

// do sends a request as it is. Nothing ever may be a redirect, or one of the codes that make apps fail or repeat.
func (p *proxy) do(r *http.Request) answer {
	p.t.Helper()
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	response := w.Result()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	a := answer{response.StatusCode, response.Header, string(body)}
	switch {
	case a.status == 429 || a.status == 408 || a.status >= 300 && a.status < 400 && a.status != 304:
		p.t.Errorf("%s %s: status %d", r.Method, r.URL.Path, a.status)
	case a.header.Get("Retry-After") != "" || a.header.Get("X-Page-Generated") != "" || a.header.Get("Location") != "":
		p.t.Errorf("%s %s: header %v", r.Method, r.URL.Path, a.header)
	case a.status == 404 && strings.HasPrefix(strings.TrimSpace(a.body), "{"):
		p.t.Errorf("%s %s: a 404 with JSON: %s", r.Method, r.URL.Path, a.body)
	}
	return a
}

func (c client) request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "http://proxy.local/", strings.NewReader(body))
	path, query, _ := strings.Cut(path, "?")
	r.URL.Path, r.URL.RawQuery = path, query
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	if c.token != "" {
		r.Header.Set("Authorization", "Device "+c.token)
	}
	return r
}

func (c client) get(path string) answer { c.t.Helper(); return c.do(c.request("GET", path, "")) }

func (c client) post(path, body string) answer {
	c.t.Helper()
	return c.do(c.request("POST", path, body))
}

// scan checks a ticket on list 1001 of harbor; more is further JSON fields.
func (c client) scan(secret string, more ...string) map[string]any {
	c.t.Helper()
	fields := append([]string{`"events_and_checkin_lists":{"harbor":1001}`, `"ticketid":"` + secret + `"`}, more...)
	a := c.post("/proxyapi/v1/rpc/check/", "{"+strings.Join(fields, ",")+"}")
	if a.status != 200 {
		c.t.Errorf("check: %d %s", a.status, a.body)
		return nil
	}
	return a.object(c.t)
}
