package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// newPatient is an outpost of today with a serve that answers at scan_url, for a doctor to visit.
func newPatient(t *testing.T) *outpost {
	t.Helper()
	v := newOutpost(t)
	v.env.Now = time.Now // Date headers are of today
	face := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(face.Close)
	v.set("EINLASS_SCAN_URL="+face.URL, "EINLASS_SCAN_LISTEN="+strings.TrimPrefix(face.URL, "http://"), "EINLASS_SCAN_EVENT=fair")
	return v
}

func (v *outpost) set(environ ...string) {
	v.env.Environ = lastOfEach(append(v.env.Environ, environ...))
}

// answers lets pretix answer the question about the device so.
func (v *outpost) answers(status int, device string) {
	usual := v.shop.Config.Handler
	v.shop.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/device/info") {
			usual.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"detail":"no","device":%s,"server":{"version":{"pretix":"2026.8.0"}}}`, device)
	})
}

// connectScanner makes a scanner and lets it connect.
func (v *outpost) connectScanner(p *program) {
	registry := scanproxy.Registry{Store: p.Store, InitTTL: time.Hour, Now: v.env.Now}
	invited, err := registry.Invite(v.t.Context(), scanproxy.Profile{Name: "Door"})
	must(v.t, err)
	_, _, err = registry.Initialize(v.t.Context(), invited.Token, scanproxy.Hardware{
		HardwareBrand: "a", HardwareModel: "b", SoftwareBrand: "pretixSCAN Android", SoftwareVersion: "3",
	})
	must(v.t, err)
}

func TestDoctorOfAScanProxy(t *testing.T) {
	well := func(v *outpost, p *program) { v.furnish(p); v.connectScanner(p) }
	const profile = `{"organizer":"fjord","device_id":7,"name":"Proxy","security_profile":"%s"}`
	for _, c := range []struct {
		story  string
		before func(v *outpost)             // it is furnished
		works  func(v *outpost, p *program) // nil: serve never ran
		after  func(v *outpost)
		code   int
		want   []string
	}{
		{
			"all is well", nil, well, nil, exitOK, []string{
				"✓ database: SQLite, synchronous=FULL", "✓ disk: ", "leads to einlass", "✓ pretix: its clock and ours agree",
				"✓ scan: pretix 2026.8.0 accepts the proxy as device ", "✓ scan: event fair: 1 order, 1 check-in list, as of 10m",
				"✓ scan: pretix was told every scan", "✓ scan: 1 scanner is connected", "! scan_url: 127.0.0.1 means every machine itself",
			},
		},
		{"serve never ran", nil, nil, func(v *outpost) { v.set("EINLASS_SCAN_LISTEN=127.0.0.1:1") }, exitOK, []string{
			"! scan_url: not tried", "! scan: nothing is kept here yet, so nobody can be let in → einlass serve",
		}},
		{"no token was given", nil, func(v *outpost, p *program) { v.connectScanner(p) }, nil, exitFailure, []string{
			"✗ scan: the proxy is no device at pretix, so nothing is copied and nobody is let in → make a device at pretix",
			"✗ scan: event fair is not copied yet, so every ticket is refused",
		}},
		{"the token waits for serve", nil, func(v *outpost, p *program) { v.connectScanner(p) }, func(v *outpost) {
			v.set("EINLASS_SCAN_LISTEN=127.0.0.1:1", "EINLASS_SCAN_DEVICE_TOKEN=good1")
		}, exitFailure, []string{"! scan: the proxy is no device at pretix yet", "→ start einlass serve with a line to pretix"}},
		{"another pretix is configured", nil, well, func(v *outpost) { v.set("EINLASS_PRETIX_URL=" + newDeviceDesk(v.t).URL) }, exitFailure, []string{
			"✗ scan: the proxy is a device of http://", "which is not pretix_url",
		}},
		{"the device was revoked", nil, well, func(v *outpost) { v.answers(401, "null") }, exitFailure, []string{
			"✗ scan: pretix does not accept the proxy", "→ was the device revoked at pretix? Then make a device",
		}},
		{"the device may not ask", nil, well, func(v *outpost) { v.answers(403, "null") }, exitFailure, []string{"→ set the security profile"}},
		{"the device may not read orders", nil, well, func(v *outpost) { v.answers(200, fmt.Sprintf(profile, "pretixscan_online_noorders")) }, exitFailure, []string{
			"✗ scan: the device has the security profile pretixscan_online_noorders, which may not read orders",
		}},
		{"the device is a till", nil, well, func(v *outpost) { v.answers(200, fmt.Sprintf(profile, "pretixpos")) }, exitOK, []string{"! scan: the device has the security profile pretixpos"}},
		{"there is no line", nil, well, func(v *outpost) { v.shop.goAway() }, exitFailure, []string{
			"✗ pretix: http://127.0.0.1", "cannot be reached", "✗ scan: pretix does not answer the proxy", "scanners are answered from the copy meanwhile", "✓ scan: event fair: 1 order",
		}},
		{"an event is denied", nil, well, func(v *outpost) { v.set("EINLASS_SCAN_EVENT=fair,denied") }, exitFailure, []string{
			"✗ scan: event denied is not copied yet, so every ticket is refused", "orders) → give the device access",
			"! scan: denied event cannot be fetched (denied, 3 times): pretix event: forbidden (403) → give the device access",
		}},
		{"no event is left", nil, well, func(v *outpost) {
			v.set("EINLASS_SCAN_EVENT=")
			v.env.Now = func() time.Time { return time.Now().AddDate(1, 0, 0) }
		}, exitFailure, []string{
			"✗ scan: no event is copied", "✗ pretix: its clock and ours are ",
		}},
		{"orders are on their way", func(v *outpost) { v.without = mirror.Orders }, well, nil, exitFailure, []string{"✗ scan: event fair: its orders are not complete yet, so valid tickets are refused"}},
		{"no check-in list", func(v *outpost) { v.rows = map[string]string{mirror.Lists: ""} }, well, nil, exitFailure, []string{"✗ scan: event fair has no check-in list, so no scanner can choose it"}},
		{"not live", func(v *outpost) {
			v.rows = map[string]string{mirror.Event: `{"slug":"fair","live":false,"date_from":"2026-11-24T10:00:00Z"}`}
		}, well, nil, exitOK, []string{"! scan: event fair is not live"}},
		{"an order that cannot be read", func(v *outpost) {
			v.rows = map[string]string{mirror.Orders: `{"code":"BBBBB","status":7,"positions":[{"id":1,"secret":"api-for-nobody"}]}`}
		}, well, nil, exitOK, []string{
			"! scan: event fair: 1 order cannot be read, and is judged as before: BBBBB (its status is no string) → look their guests up",
		}},
		{"an old copy", func(v *outpost) { v.stale = 3 * time.Hour }, well, nil, exitOK, []string{"! scan: event fair: the copy is 3h0m", "what was sold or canceled since is not known"}},
		{"troubles", nil, func(v *outpost, p *program) { well(v, p); v.troubles(p) }, nil, exitOK, []string{
			"✓ scan: 1 upload is under way", "! scan: pretix refuses 1 upload for good", "! scan: 1 ticket was let in here and by somebody else", "→ einlass admin scan problems",
		}},
		{"nothing goes up", nil, func(v *outpost, p *program) { well(v, p); v.admits(p, 1, nil) },
			func(v *outpost) { v.env.Now = func() time.Time { return time.Now().Add(time.Hour) } }, exitFailure, []string{"! scan: 1 upload waits for pretix, the oldest for 1h5m"}},
		{"nobody can scan", nil, func(v *outpost, p *program) { v.furnish(p) }, nil, exitOK, []string{"! scan: no scanner is connected → einlass admin device add"}},
		{"the name is unknown", nil, well, func(v *outpost) { v.set("EINLASS_SCAN_URL=http://proxy.invalid:7000") }, exitFailure, []string{"✗ scan_url: the name proxy.invalid is not known here"}},
		{"somebody else has the port", nil, well, func(v *outpost) { v.set("EINLASS_SCAN_URL=" + v.shop.URL) }, exitFailure, []string{"✗ scan_url: ", "answers 404, so this is not einlass"}},
		{"the firewall", nil, well, func(v *outpost) { v.set("EINLASS_SCAN_URL=http://127.0.0.1:1") }, exitFailure, []string{"✗ scan_url: http://127.0.0.1:1/healthz cannot be reached", "firewall"}},
	} {
		t.Run(c.story, func(t *testing.T) {
			v := newPatient(t)
			v.t, v.terminal.t = t, t
			if c.before != nil {
				c.before(v)
			}
			if c.works != nil {
				v.works(func(p *program) { c.works(v, p) })
			}
			if c.after != nil {
				c.after(v)
			}
			out, _ := v.types(c.code, "doctor")
			contains(t, out, c.want...)
			for _, secret := range []string{"good1", "api-for"} {
				if strings.Contains(out, secret) {
					t.Errorf("it shows %s", secret)
				}
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

// At the venue the proxy runs, and holds the database.
func TestDoctorBesideAScanProxy(t *testing.T) {
	v := newPatient(t)
	p := scanProgram(t, v.folder, v.shop.URL, "good1", io.Discard)
	v.furnish(p)
	v.connectScanner(p)
	stop := listensToAdmins(t, p)
	out, _ := v.types(exitOK, "doctor")
	contains(t, out, "✓ database: in use by a running einlass", "✓ scan: pretix 2026.8.0 accepts the proxy", "✓ scan: event fair: 1 order", "✓ scan: 1 scanner is connected")
	stop()
	must(t, p.Close())
}

func TestAddressesOfThisMachine(t *testing.T) {
	own := []net.Addr{&net.IPNet{IP: net.IPv4(192, 168, 1, 5), Mask: net.CIDRMask(24, 32)}, &net.IPNet{IP: net.ParseIP("fe80::1"), Mask: net.CIDRMask(64, 128)}}
	for at, want := range map[string]bool{"192.168.1.5": true, "192.168.1.6": false, "fe80::1": true, "::ffff:192.168.1.5": true} {
		if got := isOurs([]netip.Addr{netip.MustParseAddr(at)}, own); got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}

func TestDoctorAndTheDisk(t *testing.T) {
	for story, c := range map[string]struct {
		free  int64
		known bool
		want  string
	}{
		"enough":       {5e9, true, "✓ disk: 5.0 GB are free"},
		"tight":        {1e9, true, "! disk: only 1.0 GB are free"},
		"full":         {1e8, true, "✗ disk: only 0.1 GB are free"},
		"PostgreSQL's": {0, false, ""},
	} {
		var out strings.Builder
		d := &checkup{out: &out}
		d.disk(c.free, c.known, nil)
		if !strings.HasPrefix(out.String(), c.want) || (c.want == "") != (out.Len() == 0) {
			t.Errorf("%s: %q, want %q", story, out.String(), c.want)
		}
	}
}

// On PostgreSQL nothing is locked: who asks opens the same database beside the one that serves.
func TestScanStatusAndDoctorOnPostgres(t *testing.T) {
	v := newPatient(t)
	url := postgres.URL(t)
	v.set("EINLASS_DATABASE=" + url)
	cfg := load(v.env, nil, newFlags("test")).Config
	cfg.Scan.DeviceToken = "good1"
	p, err := wire(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	must(t, err)
	v.furnish(p)
	v.connectScanner(p)
	end := p.Scan.startJournal(t.Context())
	v.troubles(p)
	v.says(words("admin scan status --ask"), ", Proxy, of fjord", "accepts it", "1 wait", "fair")
	v.says(words("admin scan acknowledge all"), "checkin-2 is acknowledged", "checkin-3 is acknowledged")
	out, _ := v.types(exitOK, "doctor")
	contains(t, out, "✓ database: PostgreSQL, synchronous_commit is not off", "✓ scan: pretix 2026.8.0 accepts the proxy", "✓ scan: event fair: 1 order", "✓ scan: 1 upload is under way")
	if strings.Contains(out, "disk: ") {
		t.Error("the disk of a database server is none of ours")
	}
	end()
	must(t, p.Close())
}

// The machine got another address, and scan_url has the old one. It is named as it was written, not as ::ffff:192.0.2.7.
func TestDoctorSeesThatScanURLIsNotThisMachine(t *testing.T) {
	var out strings.Builder
	d := &checkup{out: &out}
	d.judgeScanURL(t.Context(), "http://192.0.2.7:7000")
	contains(t, out.String(), "! scan_url: 192.0.2.7 is not an address of this machine")
}
