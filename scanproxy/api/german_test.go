package api_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// german is a proxy with a German crew.
func german(t *testing.T) *proxy {
	p := newProxy(t)
	p.server.Language = "de"
	door, _ := p.server.Door.(*scanproxy.Door)
	door.Language = p.server.Language
	return p
}

func TestAGermanCrewReadsGerman(t *testing.T) {
	p := german(t)
	android, stray, lost := p.device(androidBrand), p.device(desktopBrand, "island"), p.device(desktopBrand)
	if err := p.registry.Revoke(t.Context(), lost.id); err != nil {
		t.Fatal(err)
	}
	const check, ticket = "/proxyapi/v1/rpc/harbor/1001/check/", `{"ticketid":"secretvalid00000000000000"}`
	welcome := android.post(check, ticket)
	if welcome.object(t)["type"] != "VALID" {
		t.Fatalf("first scan: %s", welcome.body)
	}
	p.Pass(3 * time.Minute)
	for _, tt := range []struct {
		story string
		got   answer
		want  string // in the answer
	}{
		{"used", android.post(check, ticket), `"reasonExplanation":"Benutzt vor 3 Minuten am Gerät „Door of pretixSCAN Android“."`},
		{"another event", stray.post(check, ticket), `"message":"Dieses Gerät darf für die Veranstaltung harbor nicht scannen."`},
		{"a search in another event", stray.post("/proxyapi/v1/rpc/harbor/1001/search/", `{"query":"AAAAA"}`), "Dieses Gerät darf in der Veranstaltung harbor nicht suchen."},
		{"no such list", android.get("/proxyapi/v1/rpc/harbor/77/status/"), "Check-in-Liste nicht gefunden"},
		{"no list", android.get("/proxyapi/v1/rpc/harbor/0/status/"), "Keine Check-in-Liste gewählt"},
		{"revoked, for people", lost.post(check, ticket), `"title":"Dieses Gerät wurde gesperrt."`},
		{"revoked, for the app", lost.post(check, ticket), `"detail":"Device access has been revoked."`},
		{"a wrong QR code", android.post("/api/v1/device/initialize", `{"token":"x","hardware_brand":"x","hardware_model":"x","software_brand":"x","software_version":"x"}`),
			`{"token":["Dieses Initialisierungs-Token ist nicht bekannt."]}`},
	} {
		if !strings.Contains(tt.got.body, tt.want) {
			t.Errorf("%s: %d %s, want %s", tt.story, tt.got.status, tt.got.body, tt.want)
		}
	}
	p.server.Door = failing{errors.New("disk full")}
	if got := android.scan("x"); got["message"] != "Der Proxy konnte diesen Scan nicht entscheiden. Bitte erneut scannen und der Technik Bescheid geben." {
		t.Errorf("a failure: %v", got)
	}
	p.upstream = api.Upstream{}
	if got := android.scan("x"); got["message"] != "Dieser Proxy ist noch nicht mit pretix verbunden." {
		t.Errorf("not connected: %v", got)
	}
}

// The names of products are those of the crew's language wherever a scanner shows them.
func TestProductsHaveGermanNames(t *testing.T) {
	p := german(t)
	event := p.world.snapshot.Events["harbor"]
	for id, item := range event.Items {
		item.Name, item.InternalName = scanproxy.Text{"en": "Day ticket", "de": "Tageskarte"}, ""
		event.Items[id] = item
	}
	c := p.device(androidBrand)
	if got := c.scan("secretvalid00000000000000"); got["ticket"] != "Tageskarte" {
		t.Errorf("check: %v", got)
	}
	var status struct{ Items []struct{ Name string } }
	a := c.get("/proxyapi/v1/rpc/harbor/1001/status/")
	if err := json.Unmarshal([]byte(a.body), &status); err != nil || len(status.Items) == 0 || status.Items[0].Name != "Tageskarte" {
		t.Errorf("status: %s", a.body)
	}
	var hits []struct{ Ticket string }
	a = c.post("/proxyapi/v1/rpc/harbor/1001/search/", `{"query":"secretvalid"}`)
	if err := json.Unmarshal([]byte(a.body), &hits); err != nil || a.status != http.StatusOK || len(hits) == 0 || hits[0].Ticket != "Tageskarte" {
		t.Errorf("search: %s", a.body)
	}
}

// At a kiosk the guest reads why, in the language of the order; what the product is called stays the crew's affair.
func TestAKioskExplainsInTheLanguageOfTheOrder(t *testing.T) {
	p := newProxy(t)
	for i := range p.world.snapshot.Tickets {
		p.world.snapshot.Tickets[i].Order.Locale = "de-informal"
	}
	c := p.device(androidBrand)
	const english, german = `Used just now at "Door of pretixSCAN Android".`, "Benutzt gerade eben am Gerät „Door of pretixSCAN Android“."
	expectType(t, c.scan("secretvalid00000000000000"), "VALID")
	for more, want := range map[string]string{
		`"useOrderLocale":true`: german, `"useOrderLocale":false`: english, `"useOrderLocale":null`: english, `"type":"ENTRY"`: english,
	} {
		if got := c.scan("secretvalid00000000000000", more); got["reasonExplanation"] != want || got["ticket"] != "Day ticket" {
			t.Errorf("%s: %v, want %s", more, got, want)
		}
	}
}
