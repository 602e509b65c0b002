package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

const (
	syncPage     = 50     // of pretix
	syncPrepared = 50_000 // so many orders are made before they are asked for; more would fill the memory
)

// fairOffice is the pretix of the fair: the simulator, but for the orders, of which it has so many that making a page must
// not be measured. Each order is placed a second after the one before, with one ticket in it.
type fairOffice struct {
	*pretixsim.Server
	http  *httptest.Server
	count int
	rows  [][]byte // nil: they are made when they are asked for
	takes time.Duration

	mu     sync.Mutex
	asked  []string      // address of each request for a list or an object, in order
	synced chan struct{} // closed when changes are asked for, which is after all orders have come
	once   sync.Once
}

// openOffice serves until the test ends. Every answer takes so long.
func openOffice(tb testing.TB, count int, takes time.Duration) *fairOffice {
	tb.Helper()
	o := &fairOffice{Server: pretixsim.New(pretixsim.Options{}), count: count, takes: takes, synced: make(chan struct{})}
	o.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord"})
	o.AddEvent(pretixsim.Event{Slug: fairSlug, Name: pretixsim.Text{"en": "Fair"}, DateFrom: time.Now().Add(-time.Hour), DateTo: time.Now().Add(8 * time.Hour)})
	for _, name := range []string{"Day ticket", "Evening ticket"} {
		o.AddItem(fairSlug, pretixsim.Item{Name: pretixsim.Text{"en": name}})
	}
	o.AddList(fairSlug, pretixsim.List{Name: "Gate"})
	if count <= syncPrepared {
		o.rows = make([][]byte, count)
		for n := range o.rows {
			o.rows[n] = soldOrder(n)
		}
	}
	o.http = httptest.NewServer(http.HandlerFunc(o.answer))
	tb.Cleanup(o.http.Close)
	return o
}

// device makes a device known and returns its initialization token.
func (o *fairOffice) device() (token string) {
	id := o.AddDevice(pretixsim.Device{InitToken: "none yet", Profile: "pretixscan", Name: "Proxy"})
	token = fmt.Sprintf("once-%d", id)
	o.EditDevice(id, func(d *pretixsim.Device) { d.InitToken = token })
	return token
}

func (o *fairOffice) answer(w http.ResponseWriter, r *http.Request) {
	time.Sleep(o.takes)
	o.mu.Lock()
	o.asked = append(o.asked, r.URL.RequestURI())
	o.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/"+fairSlug+"/orders/") {
		o.orders(w, r.URL.Query())
		return
	}
	o.Handler().ServeHTTP(w, r)
}

// forget returns the addresses that were asked for since the last time.
func (o *fairOffice) forget() (asked []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	asked, o.asked = o.asked, nil
	return asked
}

// orders answers with those that were placed in a window, the oldest first.
func (o *fairOffice) orders(w http.ResponseWriter, query url.Values) {
	first, end := 0, o.count
	if query.Has("created_since") {
		first = o.placedSince(query.Get("created_since"))
	}
	if query.Has("created_before") {
		end = o.placedSince(query.Get("created_before"))
	}
	if query.Has("modified_since") {
		o.once.Do(func() { close(o.synced) })
		first = end // nothing ever changes
	}
	total := max(0, end-first)
	if number, err := strconv.Atoi(query.Get("page")); err == nil {
		first += (number - 1) * syncPage
	}
	next := "null"
	if first+syncPage < end {
		end, next = first+syncPage, `"http://another.example/"`
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Page-Generated", time.Now().Format(time.RFC3339Nano))
	fmt.Fprintf(w, `{"count":%d,"next":%s,"previous":null,"results":[`, total, next)
	for n := first; n < end; n++ {
		if n > first {
			_, _ = w.Write([]byte{','})
		}
		_, _ = w.Write(o.order(n)) // whoever asked may be gone
	}
	_, _ = w.Write([]byte("]}"))
}

func (o *fairOffice) order(n int) []byte {
	if o.rows != nil {
		return o.rows[n]
	}
	return soldOrder(n)
}

// soldFirst is when the first order was placed.
var soldFirst = time.Date(2026, 10, 1, 10, 0, 0, 0, time.UTC)

// soldOrder is an order of the fair, placed in its own second.
func soldOrder(n int) []byte {
	at := soldFirst.Add(time.Duration(n) * time.Second).Format(time.RFC3339)
	return bytes.Replace(fairOrder(n, ""), []byte(`"datetime":"2026-10-01T10:00:00Z"`), []byte(`"datetime":"`+at+`"`), 1)
}

// placedSince is the number of the first order that was not placed before that.
func (o *fairOffice) placedSince(text string) int {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return o.count
	}
	n := int((at.Sub(soldFirst) + time.Second - 1) / time.Second)
	return min(max(n, 0), o.count)
}
