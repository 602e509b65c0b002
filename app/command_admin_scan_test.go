package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// outpost is a folder that a scan proxy has worked in: one event is copied, one is denied, one is over.
type outpost struct {
	*terminal
	folder string
	shop   *deviceDesk

	stale   time.Duration     // age of the copy; 0 is ten minutes
	without string            // list of the fair that was never fetched
	rows    map[string]string // in place of the usual ones, by list of the fair
}

func newOutpost(t *testing.T) *outpost {
	t.Helper()
	v := &outpost{folder: t.TempDir(), shop: newDeviceDesk(t)}
	v.terminal = newTerminal(t, "EINLASS_DATABASE=sqlite:"+v.folder, "EINLASS_PRETIX_URL="+v.shop.URL,
		"EINLASS_SCAN_URL=http://127.0.0.1:7000", "EINLASS_SCAN_LISTEN=127.0.0.1:1", "EINLASS_SCAN_EVENT=fair,denied,unheard")
	v.env.Environ = append(v.env.Environ[:5], v.env.Environ[6:]...) // newTerminal's own folder
	return v
}

// works lets the proxy do something in the folder, then end.
func (v *outpost) works(do func(p *program)) {
	v.t.Helper()
	p := scanProgram(v.t, v.folder, v.shop.URL, "good1", io.Discard)
	p.Scan.now = v.env.Now
	end := p.Scan.startJournal(v.t.Context())
	do(p)
	end()
	must(v.t, p.Close())
}

// furnish connects the proxy and fills the copy.
func (v *outpost) furnish(p *program) {
	t := v.t
	must(t, p.Scan.connect(t.Context()))
	if v.stale == 0 {
		v.stale = 10 * time.Minute
	}
	at := v.env.Now().Add(-v.stale)
	row := func(text string) []json.RawMessage {
		if text == "" {
			return nil
		}
		return []json.RawMessage{json.RawMessage(text)}
	}
	for _, b := range []mirror.Batch{
		{Key: mirror.Key{Resource: mirror.Events}, Rows: row(`{"slug":"fair","date_from":"2026-11-24T10:00:00Z"}`)},
		{Key: mirror.Key{Resource: mirror.SubEvents}},
		{Key: mirror.Key{Resource: mirror.Event, Event: "fair"}, Rows: row(`{"slug":"fair","live":true,"date_from":"2026-11-24T10:00:00Z"}`)},
		{Key: mirror.Key{Resource: mirror.Settings, Event: "fair"}, Rows: row(`{}`)},
		{Key: mirror.Key{Resource: mirror.Items, Event: "fair"}, Rows: row(`{"id":1}`)},
		{Key: mirror.Key{Resource: mirror.Questions, Event: "fair"}},
		{Key: mirror.Key{Resource: mirror.Lists, Event: "fair"}, Rows: row(`{"id":1,"name":"Gate","all_products":true}`)},
		{Key: mirror.Key{Resource: mirror.Orders, Event: "fair"}, Rows: row(`{"code":"AAAAA","status":"p","positions":[{"id":1,"positionid":1,"item":1,"secret":"secret"}]}`)},
		{Key: mirror.Key{Resource: mirror.Event, Event: "old"}, Rows: row(`{"slug":"old","live":true,"date_from":"2026-10-01T10:00:00Z"}`)},
	} {
		if b.Event == "fair" && b.Resource == v.without {
			continue
		}
		if other, changed := v.rows[b.Resource]; changed && b.Event == "fair" {
			b.Rows = row(other)
		}
		b.At, b.Done, b.Complete = at, true, b.Resource != mirror.Orders
		must(t, p.Scan.Copy.Apply(t.Context(), b))
	}
	must(t, p.Scan.Copy.Failed(t.Context(), mirror.Key{Resource: mirror.Event, Event: "denied"},
		mirror.Failure{Class: mirror.Denied, Detail: "pretix event: forbidden (403)", At: at, RetryAt: at, Failures: 3}))
}

// admits journals an accepted scan that became of this.
func (v *outpost) admits(p *program, id int64, r *scanproxy.Result) {
	t := v.t
	admit := scanproxy.Admit{
		Subject: scanproxy.Subject{Event: "fair", List: 1, Position: id, Secret: "secret"}, Type: scanproxy.Entry,
		At: v.env.Now().Add(-5 * time.Minute),
	}
	c := scanproxy.Case{Subject: admit.Subject, Device: scanproxy.Device{ID: 1, Name: "North"}}
	_, err := p.Scan.Journal.Judge(t.Context(), c, func(scanproxy.History) (scanproxy.Verdict, error) {
		return scanproxy.Verdict{Type: scanproxy.Valid, Admit: &admit}, nil
	})
	must(t, err)
	if r != nil {
		r.At = v.env.Now()
		must(t, p.Scan.Journal.End(t.Context(), scanproxy.Checkins, id, *r))
	}
}

// troubles leaves an upload that waits, one that was given up, and a double admission.
func (v *outpost) troubles(p *program) {
	v.admits(p, 1, nil)
	v.admits(p, 2, &scanproxy.Result{Outcome: scanproxy.GivenUp, Reason: "pretix: error ambiguous"})
	v.admits(p, 3, &scanproxy.Result{Outcome: scanproxy.Done, Other: &scanproxy.Checkin{At: v.env.Now(), Device: 9}})
}

func TestScanStatus(t *testing.T) {
	v := newOutpost(t)
	v.says(words("admin scan status"), "is no device at pretix yet", "0 wait; 0 given up, 0 double admissions", "fair", "not copied yet", "no scanner yet")
	v.works(func(p *program) {
		v.furnish(p)
		v.troubles(p)
	})
	v.types(exitOK, words("admin device add Door")...)
	out, _ := v.types(exitOK, words("admin scan status --ask")...)
	contains(t, out, ", Proxy, of fjord at "+v.shop.URL, "accepts it (profile ", "version 2026.8.0",
		"1 wait, the oldest for 5m0s; 1 given up, 1 double admissions (einlass admin scan problems)", "(10m0s ago)",
		"denied: pretix event: forbidden (403)", "not copied any more", "Door")
	for _, secret := range []string{"good1", "api-for", "secret"} {
		if strings.Contains(strings.ReplaceAll(out, "scan_device_token", ""), secret) {
			t.Errorf("it shows %s", secret)
		}
	}

	out, _ = v.types(exitOK, words("admin scan status --json")...)
	var s scanStatus
	must(t, json.Unmarshal([]byte(out), &s))
	if s.Pretix != nil || s.Proxy == nil || s.Proxy.ID == 0 || s.Uploads.Queued != 1 || len(s.Devices) != 1 {
		t.Errorf("%+v", s)
	}
	type brief struct {
		Event, State string
		Orders       int64
	}
	var got []brief
	for _, e := range s.Events {
		got = append(got, brief{e.Event, e.state(), e.Orders})
	}
	want := []brief{
		{"", "ready", 0}, {"denied", "not copied yet", 0}, {"fair", "ready", 1}, {"old", "not copied any more", 0}, {"unheard", "not copied yet", 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	v.shop.goAway()
	v.says(words("admin scan status --ask"), "does not accept it: pretix device info: unavailable")
	v.says(words("admin scan status"), ", Proxy, of fjord")
	none := newTerminal(t)
	none.refuses(exitUsage, words("admin scan status"), "scan_url is not set")
}

// The technician asks while the proxy runs, which holds the database and the copy.
func TestScanStatusWhileServing(t *testing.T) {
	v := newOutpost(t)
	p := scanProgram(t, v.folder, v.shop.URL, "good1", io.Discard)
	p.now, p.Scan.now = v.env.Now, v.env.Now
	v.furnish(p)
	end := p.Scan.startJournal(t.Context())
	v.troubles(p)
	stop := listensToAdmins(t, p)
	v.says(words("admin scan status --ask"), ", Proxy, of fjord", "accepts it", "1 wait", "fair", "(10m0s ago)")
	v.says(words("admin scan problems"), "checkin-2", "checkin-3")
	v.says(words("admin scan acknowledge all"), "checkin-2 is acknowledged", "checkin-3 is acknowledged")
	v.says(words("admin scan problems"), "none")
	stop()
	end()
	must(t, p.Close())

	bridge := newTerminal(t)
	bridge.env.Environ = append(bridge.env.Environ, "EINLASS_SCAN_URL=http://127.0.0.1:7000")
	newHolder(t, bridge, nil)
	bridge.refuses(exitUsage, words("admin scan status"), "there is no scan proxy here")
}

// listensToAdmins is what serve does for admin commands. stop returns when that has ended.
func listensToAdmins(t *testing.T, p *program) (stop func()) {
	t.Helper()
	socket := p.openAdminSocket(t.Context())
	if socket == nil {
		t.Fatal("there is no socket")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); socket.run(ctx) }()
	return func() { cancel(); <-ended }
}

func TestScanProblems(t *testing.T) {
	v := newOutpost(t)
	v.says(words("admin scan problems"), "none")
	v.works(v.troubles)
	v.says(words("admin scan problems"), "checkin-3", "double admission", "by device 9 of pretix", "checkin-2", "given up", "pretix: error ambiguous", "North")
	v.says(words("admin scan problems --json"), `"id": "checkin-3"`, `"what": "given up"`)
	v.refuses(exitFailure, words("admin scan acknowledge checkin-1"), "there is no problem checkin-1")
	v.refuses(exitUsage, words("admin scan acknowledge ticket-2"), "is not the id of a problem")
	v.refuses(exitUsage, words("admin scan acknowledge checkin-x"), "is not the id of a problem")
	v.says(words("admin scan acknowledge checkin-2"), "checkin-2 is acknowledged")
	v.refuses(exitFailure, words("admin scan acknowledge checkin-2"), "there is no problem checkin-2")
	out, _ := v.types(exitOK, words("admin scan problems")...)
	if strings.Contains(out, "checkin-2") || !strings.Contains(out, "checkin-3") {
		t.Errorf("after one is acknowledged:\n%s", out)
	}
	v.says(words("admin scan acknowledge all"), "checkin-3 is acknowledged")
	v.says(words("admin scan acknowledge all"), "none")
}
