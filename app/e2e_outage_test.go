package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb/bbbsim"
)

// outages: what breaks on the way to pretix or BBB costs nobody an entry, and gives nobody two.
func outages(t *testing.T, r *rig, begins time.Time) *door {
	line := newBadLine(t, r.BaseURL)
	d := openDoor(t, r, begins.Add(40*time.Minute), "--pretix-url="+line.url)
	ticket := r.unused(t)
	token := d.token(ticket.Order, 1)
	b := d.browser()
	looked := b.look(token)
	kept := func(want int) {
		t.Helper()
		if n := len(checkinsOf(r.checkins(t), ticket.ID)); n != want {
			t.Fatalf("pretix has %d check-ins, want %d", n, want)
		}
	}

	d.bbb.Fault("getMeetingInfo", bbbsim.Fault{Status: http.StatusBadGateway})
	d.expect(d.enter(b, token, looked), http.StatusServiceUnavailable, number(room.RoomDown))
	d.bbb.ClearFaults()
	kept(0) // nothing is checked in for a room that may be closed

	line.cut.Store(cutRequest)
	d.expect(d.enter(b, token, looked), http.StatusServiceUnavailable, number(room.PretixDown))
	kept(0)

	d.Pass(time.Minute)
	line.cut.Store(cutAnswer)
	d.expect(d.enter(b, token, looked), http.StatusSeeOther)
	if n := line.redeems.Load(); n != 4 {
		t.Errorf("pretix was asked %d times to check in, want two tries of two visits", n)
	}
	kept(1)
	return d
}

// badLine stands between einlass and pretix and cuts the connection of check-ins.
type badLine struct {
	url     string
	cut     atomic.Int32
	redeems atomic.Int32
}

const (
	cutNothing int32 = iota
	cutRequest       // every check-in is lost on its way
	cutAnswer        // the next check-in arrives, its answer does not
)

func newBadLine(t *testing.T, to string) *badLine {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	w := &badLine{}
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/checkinrpc/redeem/") {
			w.redeems.Add(1)
			if w.cut.Load() == cutRequest {
				panic(http.ErrAbortHandler)
			}
			if w.cut.CompareAndSwap(cutAnswer, cutNothing) {
				through.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
		}
		through.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}
