package store_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// shop is pretix as a Puller sees it: lists that can be changed, and that fail on demand.
type shop struct {
	mu       sync.Mutex
	now      time.Time
	orders   []sold                         // of the event fair
	requests []string                       // "<event> <path>"
	fails    func(event, path string) error // nil: nothing does
	served   func()                         // after each page of orders, while others wait
	media    []json.RawMessage
}

type sold struct {
	code             string
	placed, modified time.Time
	status           string
	late             bool // its transaction is not committed yet
	timeless         bool // its row does not say when
}

func (o sold) json(n int) json.RawMessage {
	if o.timeless {
		return json.RawMessage(fmt.Sprintf(`{"code":%q,"event":"fair","status":%q}`, o.code, o.status))
	}
	return json.RawMessage(fmt.Sprintf(`{"code":%q,"event":"fair","status":%q,"datetime":%q,"last_modified":%q,"positions":[{"id":%d,"positionid":1,"item":1,"secret":%q}]}`,
		o.code, o.status, o.placed.Format(time.RFC3339Nano), o.modified.Format(time.RFC3339Nano), n, "secret-"+o.code))
}

const perPage = 50

func (s *shop) RawPage(_ context.Context, l pretix.List) (pretix.RawPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, l.Event+" "+l.Path)
	if s.fails != nil {
		if err := s.fails(l.Event, l.Path); err != nil {
			return pretix.RawPage{}, err
		}
	}
	rows := []json.RawMessage{}
	switch {
	case l.Path == "orders/" && l.Event == "fair":
		rows = s.ordersFor(l)
	case l.Path == "checkinlists/":
		rows = append(rows, json.RawMessage(`{"id":7,"name":"Door","all_products":true}`))
	case l.Path == "items/":
		rows = append(rows, json.RawMessage(`{"id":1,"name":{"en":"Day"}}`))
	case l.Path == "reusablemedia/":
		rows = s.media
	}
	number := 1
	if text := l.Query.Get("page"); text != "" {
		number, _ = strconv.Atoi(text)
	}
	size := perPage
	if text := l.Query.Get("page_size"); text != "" {
		size, _ = strconv.Atoi(text)
	}
	first := min((number-1)*size, len(rows))
	page := pretix.RawPage{
		Count: len(rows), Rows: rows[first:min(first+size, len(rows))], More: first+size < len(rows),
		Generated: s.now.Format(time.RFC3339Nano),
	}
	if l.Path == "orders/" && s.served != nil {
		s.served()
	}
	return page, nil
}

func (s *shop) ordersFor(l pretix.List) []json.RawMessage {
	instant := func(name string) time.Time {
		t, _ := time.Parse(time.RFC3339Nano, l.Query.Get(name))
		return t
	}
	changed, since, before := instant("modified_since"), instant("created_since"), instant("created_before")
	var found []int
	for i, o := range s.orders {
		if !o.late && !o.modified.Before(changed) && !o.placed.Before(since) && (before.IsZero() || o.placed.Before(before)) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int {
		if l.Query.Get("ordering") == "last_modified" {
			return s.orders[a].modified.Compare(s.orders[b].modified)
		}
		return cmp.Or(s.orders[a].placed.Compare(s.orders[b].placed), cmp.Compare(a, b))
	})
	rows := []json.RawMessage{}
	for _, i := range found {
		rows = append(rows, s.orders[i].json(i+1))
	}
	return rows
}

func (s *shop) RawObject(_ context.Context, event, path string) (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, event+" "+path)
	if s.fails != nil {
		if err := s.fails(event, path); err != nil {
			return nil, err
		}
	}
	if path == "settings/" {
		return json.RawMessage(`{}`), nil
	}
	return json.RawMessage(`{"slug":"` + event + `","timezone":"Europe/Berlin","date_from":"2030-06-01T09:00:00Z"}`), nil
}

func (s *shop) File(context.Context, string) (pretix.File, error) {
	return pretix.File{Data: []byte("%PDF\x00\xff"), ContentType: "application/pdf"}, nil
}

func (s *shop) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// sell adds n orders, placed one after the other every step.
func (s *shop) sell(n int, step time.Duration) {
	for range n {
		at := s.now.Add(-time.Hour).Add(time.Duration(len(s.orders)) * step)
		s.orders = append(s.orders, sold{code: fmt.Sprintf("C%05d", len(s.orders)), placed: at, modified: at, status: "p"})
	}
}

// change changes an order now.
func (s *shop) change(i int) {
	s.now = s.now.Add(time.Second)
	s.orders[i].status, s.orders[i].modified = "c", s.now
}

// pulling is a shop with its copy.
type pulling struct {
	*shop
	copy   *store.Mirror
	puller *mirror.Puller
	slept  time.Duration
}

func newPulling(t testing.TB, events ...string) *pulling {
	t.Helper()
	p := &pulling{shop: &shop{now: doorsOpen}, copy: openMirror(t, storetest.SQLiteURL(t), nil)}
	if len(events) == 0 {
		events = []string{"fair"}
	}
	p.puller = &mirror.Puller{
		Source: p.shop, Keeper: p.copy, Pause: -1, Now: p.clock,
		Events: func(context.Context) ([]string, error) { return events, nil },
		Sleep:  func(_ context.Context, d time.Duration) error { p.slept += d; return nil },
	}
	return p
}

func (p *pulling) round(t testing.TB) {
	t.Helper()
	if err := p.puller.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// same checks that the copy has every order as it is in the shop, and no other.
func (p *pulling) same(t testing.TB) {
	t.Helper()
	want := map[string]string{}
	for _, o := range p.orders {
		want[o.code] = o.status
	}
	got := map[string]string{}
	for after := ""; ; {
		rows, next, err := p.copy.Rows(t.Context(), mirror.Orders, "fair", after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range rows {
			var o struct{ Code, Status string }
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			got[o.Code] = o.Status
		}
		if after = next; after == "" {
			break
		}
	}
	for code, status := range want {
		if got[code] != status {
			t.Errorf("%s is %q in the copy, want %q", code, got[code], status)
		}
		delete(got, code)
	}
	for code := range got {
		t.Errorf("%s is in the copy only", code)
	}
}

func (p *pulling) state(t testing.TB, resource, event string) mirror.State {
	t.Helper()
	s, err := p.copy.State(t.Context(), mirror.Key{Resource: resource, Event: event})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asked counts the requests for a path since the last call, and forgets them.
func (p *pulling) asked(what string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.requests {
		if strings.HasPrefix(r, what) {
			n++
		}
	}
	p.requests = nil
	return n
}

func TestFirstPull(t *testing.T) {
	for name, step := range map[string]time.Duration{"one order a second": time.Second, "all at once": 0, "in waves": 0} {
		t.Run(name, func(t *testing.T) {
			p := newPulling(t)
			p.sell(1003, step)
			if name == "in waves" {
				for i := range p.orders {
					p.orders[i].placed = doorsOpen.Add(time.Duration(i/170) * time.Minute)
				}
			}
			p.round(t)
			p.same(t)
			// 21 pages, each with the last row of the one before; and three to find out where to cut.
			if n := p.asked("fair orders/"); n > 30 {
				t.Errorf("%d requests for 1003 orders", n)
			}
			if s := p.state(t, mirror.Orders, "fair"); !s.Ready() || s.Rows != 1003 || s.Class != "" {
				t.Errorf("state %+v", s)
			}
			p.round(t)
			if n := p.asked("fair orders/"); n != 1 {
				t.Errorf("%d requests when nothing has changed, want 1", n)
			}
		})
	}
}

// While a list by time of change is read, a changed order moves to its end, and what is behind it moves forward.
func TestNoRowSlipsThroughWhileOthersChange(t *testing.T) {
	p := newPulling(t)
	p.sell(400, time.Second)
	p.round(t)
	for i := range p.orders {
		p.change(i)
	}
	next := 0
	p.served = func() {
		if next < 300 {
			for range 7 {
				p.change(next)
				next++
			}
		}
	}
	p.round(t)
	p.served = nil
	p.now = p.now.Add(time.Minute)
	p.round(t)
	p.same(t)
}

func TestDeletedOrdersAreFoundTheNextDay(t *testing.T) {
	p := newPulling(t)
	p.sell(700, time.Second)
	p.round(t)
	p.orders = slices.Delete(p.orders, 100, 120)
	p.now = p.now.Add(23 * time.Hour)
	p.round(t)
	if s := p.state(t, mirror.Orders, "fair"); s.Rows != 700 {
		t.Errorf("%d orders in the copy, want 700 still", s.Rows)
	}
	p.now = p.now.Add(2 * time.Hour)
	for range 3 {
		p.round(t)
	}
	p.same(t)
}

// An order gets its time of change before it is committed.
func TestAnOrderThatIsCommittedLate(t *testing.T) {
	p := newPulling(t)
	p.sell(10, time.Second)
	p.orders[3].late, p.orders[3].modified = true, p.now.Add(-3*time.Second)
	p.round(t)
	p.orders[3].late = false
	p.now = p.now.Add(time.Minute)
	p.round(t)
	p.same(t)
}

// A list that need not be there is empty where it is not there.
func TestAnEventWithoutBadges(t *testing.T) {
	p := newPulling(t)
	p.fails = func(_, path string) error {
		if strings.HasPrefix(path, "badge") {
			return &pretix.Error{Class: pretix.Unavailable, Status: 404, Detail: "HTML"}
		}
		return nil
	}
	p.round(t)
	if s := p.state(t, mirror.Layouts, "fair"); s.Class != "" || !s.Ready() {
		t.Errorf("state %+v", s)
	}
}

// The first pull is long: a pause that pretix asks for is taken, and from then on requests keep their distance.
func TestTheFirstPullTakesThePauseThatPretixAsksFor(t *testing.T) {
	p := newPulling(t)
	p.sell(200, time.Second)
	n := 0
	p.fails = func(_, path string) error {
		if n++; path == "orders/" && n%5 == 0 {
			return &pretix.Error{Class: pretix.RateLimited, Status: 429, RetryAfter: 7 * time.Second}
		}
		return nil
	}
	p.round(t)
	p.same(t)
	if p.slept < 7*time.Second {
		t.Errorf("paused for %v, want what pretix asked for", p.slept)
	}
}

// A list whose pages do not belong together deletes nothing.
func TestAListThatMovesWhileItIsRead(t *testing.T) {
	p := newPulling(t)
	for i := range 60 {
		p.media = append(p.media, json.RawMessage(fmt.Sprintf(`{"id":%d,"type":"barcode","identifier":"m%d","active":true,"updated":"2030-01-01T00:00:00Z"}`, i+1, i)))
	}
	p.fails = func(_, path string) error {
		if path == "reusablemedia/" && len(p.media) == 60 {
			defer func() { p.media = p.media[1:] }()
		}
		return nil
	}
	p.round(t)
	if s := p.state(t, mirror.Media, ""); s.Class != "" || s.Rows != 59 {
		t.Errorf("state %+v, want 59 media", s)
	}
}
