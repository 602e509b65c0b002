package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// The ten rules that a server for these apps must not break, in their order. Source: wire 0.

// Rule 1: the token alone switches an app into proxy mode.
func TestInitializationTokensAskForProxyMode(t *testing.T) {
	p := newProxy(t)
	if token := newInvitation(t, p); !strings.HasPrefix(token, "proxy=") {
		t.Error("an initialization token without the prefix makes the app ask us as if we were pretix")
	}
}

// Rule 2: an app drops booleans whose name lacks "is".
func TestBooleansKeepTheirPrefix(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	check := c.scan("secretvalid00000000000000")
	hits := c.post("/proxyapi/v1/rpc/search/", `{"events_and_checkin_lists":{"harbor":1001},"query":"AAAAA","page":1}`)
	var found []map[string]any
	if err := json.Unmarshal([]byte(hits.body), &found); err != nil || len(found) == 0 {
		t.Fatalf("%v: %s", err, hits.body)
	}
	items := c.get("/proxyapi/v1/rpc/harbor/1001/status/").object(t)["items"].([]any)
	for name, o := range map[string]any{
		"isRequireAttention": check, "isCheckinAllowed": check, "isRedeemed": found[0], "isAdmission": items[0],
	} {
		if _, isBool := o.(map[string]any)[name].(bool); !isBool {
			t.Errorf("%s is missing in %v", name, o)
		}
	}
}

// Rule 3: never 429. client.do fails on any; here somebody asks too often.
func TestNobodyAsksTooOften(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for range 300 {
		if a := c.post("/proxyapi/v1/rpc/search/", `{"events_and_checkin_lists":{"harbor":1001},"query":"a"}`); a.status != 200 {
			t.Fatalf("search: %d %s", a.status, a.body)
		}
	}
	for range 100 {
		if a := c.post("/api/v1/device/initialize", `{"token":"proxy=guess","hardware_brand":"a","hardware_model":"a","software_brand":"a","software_version":"a"}`); a.status != 400 {
			t.Fatalf("initialize: %d %s", a.status, a.body)
		}
	}
}

// Rule 4: never 408 or Retry-After to a check, even when nothing works.
func TestACheckThatFailsIsAnAnswer(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	for story, door := range map[string]failing{
		"too slow": {context.DeadlineExceeded}, "no database": {errors.New("disk full of secretvalid00000000000000")}, "stopping": {scanproxy.ErrClosed},
	} {
		p.server.Door = door
		got := c.scan("secretvalid00000000000000")
		if got["type"] != "ERROR" || got["message"] == nil || got["scanType"] != "ENTRY" {
			t.Errorf("%s: %v", story, got)
		}
	}
}

// forgetful are devices whose database does not answer.
type forgetful struct{ api.Devices }

func (forgetful) Authenticate(context.Context, scanproxy.Token) (scanproxy.Device, error) {
	return scanproxy.Device{}, errors.New("connection refused")
}

// A scan is answered with a message too where it is not known who asks, and after a panic: of 500 apps show the number.
func TestACheckIsAnsweredWithoutDatabase(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	devices, door := p.server.Devices, p.server.Door
	for _, story := range []string{"no database", "a panic"} {
		p.server.Devices, p.server.Door = forgetful{devices}, door
		if story == "a panic" {
			p.server.Devices, p.server.Door = devices, nil
		}
		for typ, want := range map[string]string{"EXIT": "EXIT", "ENTRY": "ENTRY", "SIDEWAYS": "ENTRY"} {
			if story == "a panic" && typ == "SIDEWAYS" {
				continue // never comes so far
			}
			got := c.scan("secretvalid00000000000000", `"type":"`+typ+`"`)
			if message, _ := got["message"].(string); got["type"] != "ERROR" || got["scanType"] != want && story != "a panic" || !strings.Contains(message, "proxy") {
				t.Errorf("%s, %s: %v", story, typ, got)
			}
		}
		if a := c.get("/proxyapi/v1/rpc/harbor/1001/status/"); a.status != 500 || !isSentence(a) {
			t.Errorf("%s, status: %d %q", story, a.status, a.body)
		}
	}
}

// Rule 5: never a redirect, whatever the slashes. client.do fails on any.
func TestSlashesDoNotMatter(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for _, path := range []string{
		"/api/v1/device/info", "/api/v1/device/info/", "//api/v1/device/info", "/api//v1/device/info//",
		"/api/v1/organizers/fjord/events/harbor/items", "/api/v1/organizers/fjord/events/harbor/items/",
		"//api/v1/organizers/fjord/events/harbor/items/", "/proxyapi/v1/rpc/harbor/1001/status", "//proxyapi/v1/rpc/harbor/1001/status/",
	} {
		if a := c.get(path); a.status != http.StatusOK {
			t.Errorf("GET %s: %d %s", path, a.status, a.body)
		}
	}
	const body = `{"events_and_checkin_lists":{"harbor":1001},"ticketid":"nobody","query":"nobody"}`
	for _, path := range []string{
		"/proxyapi/v1/rpc/check", "/proxyapi/v1/rpc/check/", "//proxyapi/v1/rpc/check/", "/proxyapi//v1/rpc/search//",
		"/proxyapi/v1/rpc/harbor/1001/check", "//proxyapi/v1/rpc/harbor/1001/check/", "/proxyapi/v1/rpc/harbor/1001/search/",
	} {
		if a := c.post(path, body); a.status != http.StatusOK {
			t.Errorf("POST %s: %d %s", path, a.status, a.body)
		}
	}
}

// Rule 6: each app gets words that it knows.
func TestVerdictsInTheWordsOfTheApp(t *testing.T) {
	p := newProxy(t)
	android, desktop := p.device(androidBrand), p.device(desktopBrand)
	const knows = `"useOrderLocale":false`
	for _, v := range []scanproxy.Type{
		scanproxy.AlreadyExchanged, scanproxy.MediumInvalid, scanproxy.MediumExists, scanproxy.ExchangeRequired, scanproxy.ExchangeRequiredOffline,
	} {
		p.server.Door = says(v)
		for story, got := range map[string]map[string]any{
			"Android": android.scan("x", knows), "a Desktop to come": desktop.scan("x", knows), "a kiosk": android.scan("x", `"useOrderLocale":true`),
		} {
			if got["type"] != string(v) {
				t.Errorf("%s gets %v, want %s", story, got["type"], v)
			}
		}
		for story, got := range map[string]map[string]any{"Desktop": desktop.scan("x"), "an older Android": android.scan("x")} {
			if got["type"] != "ERROR" || got["message"] == nil {
				t.Errorf("%s gets %v for %s, want ERROR and a message", story, got["type"], v)
			}
		}
	}
}

// Rule 7: a 404 below /api/v1 is no JSON. client.do fails on any.
func TestNotFoundIsPlainText(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for _, path := range []string{
		"/api/v1/nothing", "/api/v1/upload", "/api/v1/device/roll", "/api/v1/organizers/fjord/nothing/", "/api/v1/organizers/other/events/",
		"/api/v1/organizers/fjord/events/nothing/", "/api/v1/organizers/fjord/events/nothing/items/",
		"/api/v1/organizers/fjord/events/harbor/seubevents/2/", "/api/v1/organizers/fjord/events/tides/subevents/999/",
		"/api/v1/organizers/fjord/events/tides/subevents/nothing/", "/download/nothing", "/download/..", "/download/a%2Fb", "/",
	} {
		r := c.request("GET", path, "")
		r.Header.Set("Accept", "application/json")
		if a := c.do(r); a.status != http.StatusNotFound || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") || a.body == "" {
			t.Errorf("GET %s: %d %s %q", path, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	for _, method := range []string{"PUT", "DELETE", "PATCH"} {
		if a := c.do(c.request(method, "/proxyapi/v1/rpc/check/", "{}")); a.status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", method, a.status)
		}
	}
}

// Rule 8: next is null, or an absolute address of ours.
func TestPagesFollowEachOtherAtTheProxy(t *testing.T) {
	p := newProxy(t)
	for id := range 1200 {
		row := strings.Replace(string(p.world.SubEvents["tides"][0]), "501", itoa(10000+id), 1)
		p.world.SubEvents["tides"] = append(p.world.SubEvents["tides"], json.RawMessage(row))
	}
	c := p.device(androidBrand)
	seen, at, pages := map[string]bool{}, "/api/v1/organizers/fjord/subevents/?ordering=date_from&active=true", 0
	for at != "" && pages < 10 {
		pages++
		var page struct {
			Count   int
			Next    *string
			Results []struct{ ID json.Number }
		}
		if err := json.Unmarshal([]byte(c.get(at).body), &page); err != nil {
			t.Fatal(err)
		}
		if page.Count != 1202 {
			t.Errorf("count %d, want 1202", page.Count)
		}
		for _, r := range page.Results {
			seen[r.ID.String()] = true
		}
		at = ""
		if page.Next != nil {
			path, ours := strings.CutPrefix(*page.Next, "http://192.168.1.5:7000")
			if !ours || !strings.Contains(path, "active=true") {
				t.Fatalf("next is %s", *page.Next)
			}
			at = path
		}
	}
	if len(seen) != 1202 || pages != 3 {
		t.Errorf("%d dates on %d pages, want 1202 on 3", len(seen), pages)
	}
}

func TestPagesAreOfTheSizeThatIsAskedFor(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for query, want := range map[string][3]string{ // rows, next, previous
		"page_size=1": {"1", "page=2", ""}, "page_size=1&page=2": {"1", "", "page=1"}, "page_size=1&page=3": {"0", "", "page=2"},
		"page_size=1&page=99999999999999999999": {"0", "", "page=2"}, "page_size=0": {"2", "", ""}, "page_size=x&page=x": {"2", "", ""},
		"page=-1": {"2", "", ""}, "page=2": {"0", "", "page=1"}, "page_size=501": {"2", "", ""},
	} {
		var page struct {
			Count          int
			Next, Previous string
			Results        []json.RawMessage
		}
		if err := json.Unmarshal([]byte(c.get("/api/v1/organizers/fjord/subevents/?"+query).body), &page); err != nil {
			t.Fatal(err)
		}
		has := func(address, part string) bool {
			return (address == "") == (part == "") && strings.Contains(address, part)
		}
		if page.Count != 2 || itoa(len(page.Results)) != want[0] || !has(page.Next, want[1]) || !has(page.Previous, want[2]) {
			t.Errorf("%s: %d rows, next %q, previous %q, want %v", query, len(page.Results), page.Next, page.Previous, want)
		}
	}
}

// Rule 9: a print log gets 2xx, or a plain 400 or 404; nothing else, or the app never syncs again.
func TestPrintLogsNeverStopADevice(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	const at = "/api/v1/organizers/fjord/events/harbor/orderpositions/"
	for _, body := range []string{``, `[]`, `null`, `"x"`, `{`, `{"a":` + strings.Repeat(`[`, 100), `{"info":"` + strings.Repeat("x", 20000) + `"}`} {
		if a := c.post(at+"9/printlog/", body); a.status != 400 || strings.HasPrefix(a.body, "{") {
			t.Errorf("body %.20q: %d %q", body, a.status, a.body)
		}
	}
	for _, position := range []string{"nine", "0", "-1", "99999999999999999999"} {
		if a := c.post(at+position+"/printlog/", `{}`); a.status != 400 {
			t.Errorf("position %s: %d", position, a.status)
		}
	}
	if a := c.post("/api/v1/organizers/fjord/events/nothing/orderpositions/9/printlog/", `{}`); a.status != 404 {
		t.Errorf("unknown event: %d", a.status)
	}
	if a := p.device(androidBrand, "island").post(at+"9/printlog/", `{}`); a.status != 404 {
		t.Errorf("an event that the device may not ask about: %d", a.status)
	}
	r := c.request("POST", at+"9/printlog/", `{"type":"badge","info":{"a":1}}`)
	r.Header.Set("X-Idempotency-Key", "k3v1q0p9s8r7u6t5o4n3m2l1k0")
	if a := c.do(r); a.status != 200 || strings.TrimSpace(a.body) != "{}" {
		t.Errorf("print log: %d %q", a.status, a.body)
	}
	if len(p.prints.kept) != 1 {
		t.Fatalf("%d print logs kept, want 1", len(p.prints.kept))
	}
	kept := p.prints.kept[0]
	events := p.world.Events
	p.world.Events = nil // the copy is being made anew
	if a := c.post("/api/v1/organizers/fjord/events/harbor/orderpositions/9/printlog/", `{}`); a.status != 200 {
		t.Errorf("before anything is copied: %d %s, and the device drops it", a.status, a.body)
	}
	p.world.Events = events
	if kept.Nonce != "k3v1q0p9s8r7u6t5o4n3m2l1k0" || kept.Event != "harbor" || kept.Position != 9 || string(kept.Body) != `{"info":{"a":1},"type":"badge"}` || !kept.At.Equal(p.Now()) {
		t.Errorf("kept %+v", kept)
	}
}

// Rule 10: what crashes an app when it is null is not null.
func TestWhatAnAppNeedsIsThere(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	p.server.Door = says(scanproxy.AnswersRequired)
	if got := c.scan("x"); got["requiredAnswers"] == nil {
		t.Error("requiredAnswers is null")
	}
	p.server.Door = answers{scanproxy.Verdict{Type: scanproxy.Valid, ScanType: scanproxy.Entry, Position: json.RawMessage(`{"id":1}`)}}
	if got := c.scan("x"); got["position"] != nil {
		t.Error("a position without eventSlug")
	}
	p = newProxy(t)
	c = p.device(androidBrand)
	got := c.scan("secretquestion00000000000")
	asked := got["requiredAnswers"].([]any)[0].(map[string]any)
	question := asked["question"].(map[string]any)
	if len(question) != 4 || question["server_id"] != 901.0 || question["required"] != true || asked["currentValue"] != "" {
		t.Errorf("question: %v", asked)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(question["json_data"].(string)), &object); err != nil || object["options"] == nil || object["type"] != "B" {
		t.Errorf("json_data: %v %v", err, question["json_data"])
	}
	p.server.Door = answers{scanproxy.Verdict{Type: scanproxy.AnswersRequired, RequiredAnswers: []scanproxy.QuestionAnswer{
		{Question: scanproxy.Question{ID: 1, Raw: json.RawMessage(`{"type":"S","options":null}`)}}, {Question: scanproxy.Question{ID: 2}},
	}}}
	for _, asked := range c.scan("x")["requiredAnswers"].([]any) {
		if data := asked.(map[string]any)["question"].(map[string]any)["json_data"].(string); !strings.Contains(data, `"options":[]`) {
			t.Errorf("json_data without options: %s", data)
		}
	}
}

// The apps follow an answer of 30 s at most, and Desktop one of 10 s: the door gets a deadline below that.
func TestADoorHasADeadline(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	door := &deadlines{}
	p.server.Door = door
	c.scan("x")
	if door.left <= 0 || door.left >= 10*time.Second {
		t.Errorf("the door had %s, want less than 10 s", door.left)
	}
}
