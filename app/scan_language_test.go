package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

// The operator's choice reaches all that speak to scanners: the door, the server around it, and the copy, as pretix names seats
// in one language only.
func TestScanLanguage(t *testing.T) {
	shop := pretixsim.New(pretixsim.Options{})
	var seats atomic.Value // the language in which orders were asked for last
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/orders/") {
			seats.Store(r.Header.Get("Accept-Language"))
		}
		shop.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	shop.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord"})
	shop.AddEvent(pretixsim.Event{Slug: fairSlug, Name: pretixsim.Text{"de": "Messe"}, DateFrom: time.Now().Add(-time.Hour)})
	day := shop.AddItem(fairSlug, pretixsim.Item{Name: pretixsim.Text{"de": "Tageskarte", "de-informal": "Dein Tag", "en": "Day ticket"}})
	shop.AddList(fairSlug, pretixsim.List{Name: "Gate"})
	shop.AddOrder(fairSlug, pretixsim.Order{Code: "DAY", Positions: []pretixsim.Position{{Item: day, Secret: "ada"}}})

	for _, tt := range []struct{ chosen, seats, ticket, noList, photo string }{
		{"", "en", "Day ticket", "Check-in list not found", "Photos cannot be sent"},
		{"en", "en", "Day ticket", "Check-in list not found", "Photos cannot be sent"},
		{"de", "de", "Tageskarte", "Check-in-Liste nicht gefunden", "Fotos lassen sich"},
		{"DE-informal", "de-informal", "Dein Tag", "Check-in-Liste nicht gefunden", "Fotos lassen sich"},
	} {
		shop.AddDevice(pretixsim.Device{InitToken: "for-" + tt.chosen, Name: "Proxy", Profile: "pretixscan"})
		p := scanProgram(t, t.TempDir(), server.URL, "for-"+tt.chosen, io.Discard, "EINLASS_SCAN_LANGUAGE="+tt.chosen)
		end := p.Scan.startJournal(t.Context())
		p.Scan.round(t.Context())
		token := (&gate{program: p}).invite(t)
		check := func(list, more string) (answer struct{ Ticket, Message string }) {
			body := `{"events_and_checkin_lists":{"` + fairSlug + `":` + list + `},"ticketid":"ada"` + more + `}`
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/proxyapi/v1/rpc/check/", strings.NewReader(body))
			r.Header.Set("Authorization", "Device "+token)
			w := httptest.NewRecorder()
			p.Scan.Handler.ServeHTTP(w, r)
			must(t, json.Unmarshal(w.Body.Bytes(), &answer))
			return answer
		}
		if got := seats.Load(); got != tt.seats {
			t.Errorf("%q: seats are asked for in %v, want %s", tt.chosen, got, tt.seats)
		}
		if got := check("1", ""); got.Ticket != tt.ticket {
			t.Errorf("%q: the ticket is %q, want %q", tt.chosen, got.Ticket, tt.ticket)
		}
		if got := check("9", ""); got.Message != tt.noList {
			t.Errorf("%q: the door says %q, want %q", tt.chosen, got.Message, tt.noList)
		}
		if got := check("1", `,"answers":[{"question":{"server_id":1},"value":"file:///photo.jpg"}]`); !strings.HasPrefix(got.Message, tt.photo) {
			t.Errorf("%q: the server says %q, want %q", tt.chosen, got.Message, tt.photo)
		}
		end()
		must(t, p.Close())
	}
}
