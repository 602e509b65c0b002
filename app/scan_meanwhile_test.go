package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

// A first copy of a large event takes minutes; the doors of another are open.
func TestScansGoUpWhileACopyComesDown(t *testing.T) {
	shop := newDeviceDesk(t)
	shop.Sim.AddEvent(pretixsim.Event{Slug: fairSlug, Name: pretixsim.Text{"en": "Fair"}, DateFrom: time.Now().Add(-time.Hour)})
	item := shop.Sim.AddItem(fairSlug, pretixsim.Item{Name: pretixsim.Text{"en": "Day ticket"}})
	list := int64(shop.Sim.AddList(fairSlug, pretixsim.List{Name: "Gate"}))
	ticket := shop.Sim.AddOrder(fairSlug, pretixsim.Order{Code: "FAIR1", Positions: []pretixsim.Position{{Item: item, Secret: fairSecret(1)}}})

	var atTheDoor func() // what happens while orders are copied
	var once sync.Once
	uploaded := make(chan struct{})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if atTheDoor != nil && strings.HasSuffix(r.URL.Path, "/orders/") {
			once.Do(atTheDoor)
		}
		shop.Sim.Handler().ServeHTTP(w, r)
		if strings.HasSuffix(r.URL.Path, "/redeem/") {
			close(uploaded)
		}
	}))
	t.Cleanup(front.Close)

	var log bytes.Buffer
	p := scanProgram(t, t.TempDir(), front.URL, "good1", &log)
	closeAfter(t, p)
	t.Cleanup(p.Scan.startJournal(t.Context()))
	p.Scan.round(t.Context())
	if len(p.Scan.said) != 0 {
		t.Fatalf("the first round failed: %v", p.Scan.said)
	}
	if !strings.Contains(log.String(), `msg="event can be scanned" event=`+fairSlug+` orders=1`) {
		t.Errorf("the log does not say that the event is here: %s", &log)
	}
	scanner := httptest.NewServer(p.Scan.Handler)
	t.Cleanup(scanner.Close)
	line := dialScanner(t, scanner.Listener.Addr().String(), (&gate{program: p}).invite(t))

	p.Scan.Config.Every = time.Millisecond
	atTheDoor = func() {
		if answer, err := line.ask(http.MethodPost, checkPath, checkBody(fairSlug, list, ticket.Positions[0].Secret)); err != nil || !strings.Contains(string(answer), `"VALID"`) {
			t.Errorf("scan: %v %s", err, answer)
		}
		select {
		case <-uploaded:
		case <-time.After(10 * time.Second):
			t.Error("the scan waits until everything is copied")
		}
	}
	p.Scan.round(t.Context())
	select {
	case <-uploaded:
	default:
		t.Error("nothing was uploaded: were no orders copied in the second round?")
	}
}
