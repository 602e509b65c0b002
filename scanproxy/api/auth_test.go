package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy/api"
)

// guarded are routes that need a token, and one path that does not exist.
var guarded = []struct{ method, path string }{
	{"GET", "/api/v1/device/info"}, {"POST", "/api/v1/device/update"}, {"GET", "/api/v1/device/eventselection"},
	{"GET", "/api/v1/organizers/fjord/events/"}, {"GET", "/api/v1/organizers/fjord/subevents/"},
	{"GET", "/api/v1/organizers/fjord/events/harbor/"}, {"GET", "/api/v1/organizers/fjord/events/harbor/items/"},
	{"GET", "/api/v1/organizers/fjord/events/harbor/orders/"}, {"GET", "/api/v1/organizers/fjord/events/harbor/seubevents/2/"},
	{"POST", "/api/v1/organizers/fjord/events/harbor/orderpositions/9/printlog/"},
	{"GET", "/api/v1/organizers/other/events/"}, {"GET", "/download/badge-1.pdf"},
	{"POST", "/proxyapi/v1/rpc/check/"}, {"POST", "/proxyapi/v1/rpc/search/"}, {"POST", "/proxyapi/v1/rpc/harbor/1001/check/"},
	{"GET", "/proxyapi/v1/rpc/harbor/1001/status/"}, {"GET", "/proxyapi/v1/rpc/nothing"},
}

func TestNoTokenNoAnswer(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for _, g := range guarded {
		for header, want := range map[string]string{
			"": "Authorization required", "Basic Zm9vOmJhcg==": "Device auth required", "device " + c.token: "Device auth required",
			"Device": "Unknown device token", "Device ": "Unknown device token", "Device WRONGTOKEN": "Unknown device token",
			"Device " + strings.ToUpper(c.token): "Unknown device token", "Device " + c.token + "x": "Unknown device token",
		} {
			r := c.request(g.method, g.path, "{}")
			r.Header.Set("Authorization", header)
			if a := c.do(r); a.status != http.StatusUnauthorized || strings.TrimSpace(a.body) != want {
				t.Errorf("%s %s with %.12q: %d %q, want 401 %s", g.method, g.path, header, a.status, a.body, want)
			}
		}
		if a := c.do(c.request(g.method, g.path, "{}")); a.status == http.StatusUnauthorized {
			t.Errorf("%s %s with a good token: 401", g.method, g.path)
		}
	}
}

// The exact text makes an app forget what it has copied, so nobody else may get it.
func TestARevokedDeviceIsOutAtOnce(t *testing.T) {
	p := newProxy(t)
	out, stays := p.device(androidBrand), p.device(desktopBrand)
	if a := out.get("/api/v1/device/info"); a.status != 200 {
		t.Fatalf("before: %d %s", a.status, a.body)
	}
	if err := p.registry.Revoke(t.Context(), out.id); err != nil {
		t.Fatal(err)
	}
	for _, g := range guarded {
		a := out.do(out.request(g.method, g.path, "{}"))
		if a.status != http.StatusUnauthorized || a.object(t)["detail"] != "Device access has been revoked." {
			t.Errorf("%s %s: %d %s", g.method, g.path, a.status, a.body)
		}
	}
	if a := out.get("/api/v1/device/info"); strings.TrimSpace(a.body) != `{"detail":"Device access has been revoked."}` {
		t.Errorf("below /api/v1: %s", a.body)
	}
	if a := stays.get("/api/v1/device/info"); a.status != 200 {
		t.Errorf("the other device: %d %s", a.status, a.body)
	}
}

func TestInitialization(t *testing.T) {
	p := newProxy(t)
	c := client{proxy: p}
	initialize := func(token string) answer {
		t.Helper()
		return c.post("/api/v1/device/initialize", `{"token":"`+token+`","hardware_brand":"Linux","hardware_model":"6.1",
			"os_name":"Linux","os_version":"6.1","software_brand":"pretixSCAN","software_version":"1.23.0"}`)
	}
	token := newInvitation(t, p)
	got := initialize(token + " ") // as a keyboard leaves it
	o := got.object(t)
	if got.status != 200 || o["organizer"] != "fjord" || o["name"] != "new" || o["gate"] != nil || o["security_profile"] != "pretixscan" || len(o["unique_serial"].(string)) != 13 {
		t.Errorf("initialize: %d %s", got.status, got.body)
	}
	c.token = o["api_token"].(string)
	info := c.get("/api/v1/device/info").object(t)
	device, version := info["device"].(map[string]any), info["server"].(map[string]any)["version"].(map[string]any)
	if device["name"] != "new" || device["unique_serial"] != o["unique_serial"] || version["pretix_numeric"] != 20260080001000.0 || info["medium_key_sets"] == nil {
		t.Errorf("info: %v", info)
	}
	late := newInvitation(t, p)
	p.Pass(time.Hour)
	for story, token := range map[string]string{
		"This initialization token has already been used.": token, "This initialization token has expired.": late,
		"This initialization token is not known.": "proxy=NOBODY", "This field is required.": " ",
	} {
		a := initialize(token)
		if texts, _ := a.object(t)["token"].([]any); a.status != 400 || len(texts) != 1 || texts[0] != story {
			t.Errorf("%s: %d %s", story, a.status, a.body)
		}
	}
	if a := c.post("/api/v1/device/initialize", `{"token":"proxy=x","hardware_brand":" "}`); a.status != 400 || len(a.object(t)) != 4 {
		t.Errorf("fields are missing: %d %s", a.status, a.body)
	}
	if log := p.log.text(); strings.Contains(log, token) || strings.Contains(log, c.token) || strings.Contains(log, late) {
		t.Error("the log holds a token")
	}
}

func TestAnUpgradedAppIsRemembered(t *testing.T) {
	p := newProxy(t)
	c := p.device(desktopBrand)
	if a := c.post("/api/v1/device/update", `{"software_brand":"pretixSCAN Android","software_version":"4","info":{},"rsa_pubkey":"x"}`); a.status != 200 || a.object(t)["name"] == "" {
		t.Errorf("update: %d %s", a.status, a.body)
	}
	all, err := p.registry.List(t.Context())
	if err != nil || all[0].Hardware.SoftwareVersion != "4" || all[0].Hardware.SoftwareBrand != androidBrand {
		t.Errorf("kept %+v, %v", all, err)
	}
	if a := c.post("/api/v1/device/update", `{"software_version":"5"}`); a.status != 200 {
		t.Errorf("update of the version alone: %d %s", a.status, a.body)
	}
	if all, err = p.registry.List(t.Context()); err != nil || all[0].Hardware.SoftwareVersion != "5" || all[0].Hardware.SoftwareBrand != androidBrand {
		t.Errorf("kept %+v, %v", all[0].Hardware, err)
	}
	p.Pass(time.Minute)
	c.get("/api/v1/device/info")
	if all, err = p.registry.List(t.Context()); err != nil || !all[0].Seen.Equal(p.Now()) {
		t.Errorf("seen %s, %v, want %s", all[0].Seen, err, p.Now())
	}
}

func TestADeviceForOneEvent(t *testing.T) {
	c := newProxy(t).device(androidBrand, "island")
	if got := c.scan("secretvalid00000000000000"); got["type"] != "ERROR" || !strings.Contains(got["message"].(string), "harbor") {
		t.Errorf("scan at another event: %v", got)
	}
	for path, want := range map[string]int{
		"/api/v1/organizers/fjord/events/harbor/": 404, "/api/v1/organizers/fjord/events/harbor/items/": 404,
		"/proxyapi/v1/rpc/harbor/1001/status/": 400, "/proxyapi/v1/rpc/island/2001/status/": 200,
		"/api/v1/organizers/fjord/events/island/items/": 200,
	} {
		if a := c.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	if a := c.post("/proxyapi/v1/rpc/search/", `{"events_and_checkin_lists":{"harbor":1001},"query":"AAAAA"}`); a.status != 400 {
		t.Errorf("search: %d %s", a.status, a.body)
	}
	if got := c.get("/api/v1/organizers/fjord/events/").object(t); got["count"] != 1.0 {
		t.Errorf("events: %v", got["count"])
	}
	if got := c.get("/api/v1/organizers/fjord/subevents/").object(t); got["count"] != 0.0 {
		t.Errorf("sub-events: %v", got["count"])
	}
}

func TestBeforeTheProxyIsConnected(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	p.upstream = api.Upstream{}
	for path, want := range map[string]int{"/api/v1/device/info": 503, "/api/v1/version": 200, "/healthz": 200} {
		if a := c.get(path); a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
	}
	if got := c.scan("secretvalid00000000000000"); got["type"] != "ERROR" || got["message"] != "This proxy is not connected to pretix yet." {
		t.Errorf("check: %v", got)
	}
	if a := c.post("/api/v1/device/initialize", `{"token":"`+newInvitation(t, p)+`"}`); a.status != 503 {
		t.Errorf("initialize: %d", a.status)
	}
	if got := c.get("/api/v1/version").object(t)["pretix_numeric"]; got.(float64) < 40120001001 {
		t.Errorf("pretix_numeric %v hides exits and the choice of several events", got)
	}
}
