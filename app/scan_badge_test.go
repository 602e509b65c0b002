package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

// pdfBackground is no text: a file that is read as text comes out changed.
const pdfBackground = "%PDF-1.4\n\x00\xff\xfe\x80\r\n"

// A visitor is scanned at a door that prints badges: what stands on it, and its background, come from pretix.
func TestABadgeFromPretixToThePrinter(t *testing.T) {
	shop := pretixsim.New(pretixsim.Options{})
	server := httptest.NewServer(shop.Handler())
	t.Cleanup(server.Close)
	shop.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord"})
	shop.AddDevice(pretixsim.Device{InitToken: "once", Name: "Proxy", Profile: "pretixscan"})
	shop.AddEvent(pretixsim.Event{Slug: fairSlug, Name: pretixsim.Text{"de": "Messe"}, Locale: "de", DateFrom: time.Now().Add(-time.Hour)})
	visitor := shop.AddItem(fairSlug, pretixsim.Item{Name: pretixsim.Text{"de": "Tageskarte"}})
	lunch := shop.AddItem(fairSlug, pretixsim.Item{Name: pretixsim.Text{"de": "Mittagessen"}})
	shop.AddList(fairSlug, pretixsim.List{Name: "Gate"})
	shop.AddBadgeLayout(fairSlug, pretixsim.BadgeLayout{Name: "Standard", Default: true, Background: []byte(pdfBackground)})
	shop.SetBadge(fairSlug, lunch, 0)
	shop.AddOrder(fairSlug, pretixsim.Order{Code: "BADGE", Positions: []pretixsim.Position{
		{Item: visitor, Secret: "visitor", AttendeeName: "Ada Wong"}, {Item: lunch, Secret: "lunch"},
	}})

	p := scanProgram(t, t.TempDir(), server.URL, "once", io.Discard)
	end := p.Scan.startJournal(t.Context())
	p.Scan.round(t.Context())
	token := (&gate{program: p}).invite(t)
	ask := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Device "+token)
		w := httptest.NewRecorder()
		p.Scan.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return w
	}
	badge := func(secret string) map[string]any {
		var answer struct {
			Type     string
			Position map[string]any
		}
		w := ask("POST", "/proxyapi/v1/rpc/check/", `{"events_and_checkin_lists":{"`+fairSlug+`":1},"ticketid":"`+secret+`","with_badge_data":true}`)
		must(t, json.Unmarshal(w.Body.Bytes(), &answer))
		if answer.Type != "VALID" {
			t.Fatalf("%s: %s", secret, w.Body)
		}
		data, _ := answer.Position["pdf_data"].(map[string]any)
		return data
	}
	if of := badge("visitor"); of["attendee_name"] != "Ada Wong" || of["item"] != "Tageskarte" || of["event_name"] != "Messe" {
		t.Errorf("the visitor's badge has %v", of)
	}
	if of := badge("lunch"); of["event_name"] != nil {
		t.Errorf("lunch has no badge, but pretix' texts for it are here: %v", of)
	}

	var layouts struct{ Results []struct{ Background string } }
	must(t, json.Unmarshal(ask("GET", "/api/v1/organizers/fjord/events/"+fairSlug+"/badgelayouts/", "").Body.Bytes(), &layouts))
	path, ours := strings.CutPrefix(layouts.Results[0].Background, "http://192.168.1.5:7000")
	if !ours {
		t.Fatalf("the background is at %s", layouts.Results[0].Background)
	}
	if w := ask("GET", path, ""); w.Body.String() != pdfBackground || w.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("the background is %q, %s", w.Body, w.Header().Get("Content-Type"))
	}
	end()
	must(t, p.Close())
}
