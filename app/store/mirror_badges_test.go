package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// badgeShop is a shop that prints badges.
type badgeShop struct {
	*shop
	layouts, assigned []json.RawMessage
	asked             []pretix.List // with pdf_data
	fails             error         // of what is asked with pdf_data
	orders            pretix.List   // the last request for orders without
}

func (s *badgeShop) RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error) {
	switch {
	case l.Path == "badgelayouts/":
		return pretix.RawPage{Count: len(s.layouts), Rows: s.layouts}, nil
	case l.Path == "badgeitems/":
		return pretix.RawPage{Count: len(s.assigned), Rows: s.assigned}, nil
	case l.Path != "orders/":
		return s.shop.RawPage(ctx, l)
	case l.Query.Get("pdf_data") != "true":
		s.orders = l
		return s.shop.RawPage(ctx, l)
	}
	s.asked = append(s.asked, l)
	if s.fails != nil {
		return pretix.RawPage{}, s.fails
	}
	page, err := s.shop.RawPage(ctx, l)
	rows := make([]json.RawMessage, len(page.Rows))
	for i, raw := range page.Rows {
		rows[i] = withPDFData(raw)
	}
	page.Rows = rows
	return page, err
}

// withPDFData is as much of an order as we ask for.
func withPDFData(raw json.RawMessage) json.RawMessage {
	var o struct {
		Code, Status, Datetime string
		Modified               string `json:"last_modified"`
		Positions              []struct{ ID, Item int64 }
	}
	if json.Unmarshal(raw, &o) != nil || len(o.Positions) != 1 {
		return raw
	}
	return json.RawMessage(fmt.Sprintf(`{"datetime":%q,"last_modified":%q,"positions":[{"id":%d,"item":%d,"pdf_data":{"order":%q,"status":%q}}]}`,
		o.Datetime, o.Modified, o.Positions[0].ID, o.Positions[0].Item, o.Code, o.Status))
}

// newBadges is a pull from a shop with one default layout.
func newBadges(t *testing.T, url string) (*pulling, *badgeShop) {
	t.Helper()
	p := newPulling(t)
	s := &badgeShop{shop: p.shop, layouts: []json.RawMessage{json.RawMessage(`{"id":1,"default":true}`)}}
	p.copy = openMirror(t, url, nil)
	p.puller.Source, p.puller.Keeper, p.puller.Parallel = s, p.copy, 1
	return p, s
}

// printed checks what stands on the badge of a position.
func (p *pulling) printed(t *testing.T, story string, position int64, want string) {
	t.Helper()
	got, err := p.copy.BadgeData(t.Context(), position)
	if err != nil || string(got) != want {
		t.Errorf("%s: badge of position %d is %s, %v; want %s", story, position, got, err, want)
	}
}

func (p *pulling) later(t *testing.T, d time.Duration) {
	t.Helper()
	p.now = p.now.Add(d)
	p.round(t)
}

func TestBadgesAreFetchedAfterAllElseAndALittleAtATime(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		p, s := newBadges(t, url)
		p.sell(420, time.Second)
		p.round(t)
		p.same(t)
		p.printed(t, "the first round", 1, `{"order":"C00000","status":"p"}`)
		p.printed(t, "the first round", 420, ``)
		if n := len(s.asked); n > 5 {
			t.Errorf("%d requests in one round, want one to begin with and 4", n)
		}
		list := s.asked[0].Query
		if fmt.Sprint(list["include"]) != "[datetime last_modified positions.id positions.item positions.pdf_data]" || list.Has("exclude") {
			t.Errorf("asked with %v, want the fields of a badge only", list)
		}
		if of := s.orders.Query; of.Has("include") || of.Has("pdf_data") {
			t.Errorf("orders asked with %v, want all fields and no badges", of)
		}
		for range 2 {
			p.later(t, time.Second)
		}
		p.printed(t, "the third round", 420, `{"order":"C00419","status":"p"}`)

		s.asked = nil
		p.change(7)
		p.round(t)
		p.printed(t, "changed", 8, `{"order":"C00007","status":"c"}`)
		if n := len(s.asked); n > 4 {
			t.Errorf("%d requests for one change", n)
		}
	})
}

// A pretix that is slow with badges must not keep us from what is urgent.
func TestASlowPretixMakesFewBadgesInARound(t *testing.T) {
	p, s := newBadges(t, "sqlite:"+t.TempDir())
	p.sell(420, time.Second)
	p.served = func() {
		if len(s.asked) > 0 {
			p.now = p.now.Add(8 * time.Second)
		}
	}
	p.round(t)
	if n := len(s.asked); n > 2 {
		t.Errorf("%d requests of 8 seconds in the first round", n)
	}
	p.printed(t, "the first round", 1, `{"order":"C00000","status":"p"}`)
	for n := 1; ; n++ {
		asked := len(s.asked)
		p.round(t)
		if len(s.asked)-asked > 2 || n > 10 {
			t.Fatalf("round %d: %d requests", n, len(s.asked)-asked)
		}
		if got, _ := p.copy.BadgeData(t.Context(), 420); got != nil {
			break
		}
	}
	s.asked = nil
	for i := range 400 {
		p.orders[i].modified = p.now.Add(time.Duration(i) * time.Second)
	}
	p.now = p.now.Add(time.Hour)
	p.round(t)
	if n := len(s.asked); n > 2 {
		t.Errorf("%d requests of 8 seconds for what changed", n)
	}
}

func TestBadgesOfWhatHasOne(t *testing.T) {
	assignment := func(item int, layout string) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"id":%d,"item":%d,"layout":%s}`, item, item, layout))
	}
	own := json.RawMessage(`{"id":1,"default":false}`)
	standard := json.RawMessage(`{"id":2,"default":true}`)
	for _, c := range []struct {
		story             string
		layouts, assigned []json.RawMessage
		asked, badge      bool
	}{
		{"no layout", nil, nil, false, false},
		{"a default layout", []json.RawMessage{standard}, nil, true, true},
		{"a layout that nothing has", []json.RawMessage{own}, nil, false, false},
		{"its own layout", []json.RawMessage{own}, []json.RawMessage{assignment(1, "1")}, true, true},
		{"another product's layout", []json.RawMessage{own}, []json.RawMessage{assignment(2, "1")}, true, false},
		{"a default layout, but not for this product", []json.RawMessage{standard}, []json.RawMessage{assignment(1, "null")}, true, false},
	} {
		t.Run(c.story, func(t *testing.T) {
			p, s := newBadges(t, "sqlite:"+t.TempDir())
			p.sell(1, time.Second)
			s.layouts, s.assigned = c.layouts, c.assigned
			p.round(t)
			got, err := p.copy.BadgeData(t.Context(), 1)
			if asked := len(s.asked) > 0; err != nil || asked != c.asked || (got != nil) != c.badge {
				t.Errorf("asked %v, badge %s, %v; want %v, %v", asked, got, err, c.asked, c.badge)
			}
		})
	}
}

// Somebody assigns a layout while the event is on: what was left out before is fetched now.
func TestAProductGetsItsBadgeLater(t *testing.T) {
	p, s := newBadges(t, "sqlite:"+t.TempDir())
	p.sell(3, time.Second)
	s.assigned = []json.RawMessage{json.RawMessage(`{"id":1,"item":1,"layout":null}`)}
	p.round(t)
	p.printed(t, "without", 1, "")
	s.assigned = nil
	p.later(t, time.Hour)
	p.printed(t, "with", 1, `{"order":"C00000","status":"p"}`)
	s.assigned = []json.RawMessage{json.RawMessage(`{"id":1,"item":1,"layout":null}`)}
	s.layouts = append(s.layouts, json.RawMessage(`{"id":5}`))
	s.assigned = append(s.assigned, json.RawMessage(`{"id":2,"item":2,"layout":5}`))
	p.later(t, time.Hour)
	p.printed(t, "without again", 1, "")
}

// What is wrong with badges holds nothing else up.
func TestBadgesThatCannotBeFetched(t *testing.T) {
	for _, c := range []struct {
		story string
		err   error
		class string
	}{
		{"pretix wants a pause", &pretix.Error{Class: pretix.RateLimited, Status: 429, RetryAfter: time.Minute}, mirror.Busy},
		{"pretix breaks over them", &pretix.Error{Class: pretix.Unavailable, Status: 500}, mirror.Broken},
		{"it takes too long", &pretix.Error{Class: pretix.Unavailable}, mirror.Unreachable},
	} {
		t.Run(c.story, func(t *testing.T) {
			p, s := newBadges(t, "sqlite:"+t.TempDir())
			p.sell(3, time.Second)
			s.fails = c.err
			p.round(t) // no error
			p.same(t)
			if p.slept != 0 {
				t.Errorf("waited for %v", p.slept)
			}
			if state := p.state(t, mirror.Badges, "fair"); state.Class != c.class {
				t.Errorf("%+v, want %s", state, c.class)
			}
			p.change(0)
			p.round(t)
			p.same(t)
			s.fails = nil
			p.later(t, time.Hour)
			p.printed(t, "it works again", 1, `{"order":"C00000","status":"c"}`)
		})
	}
}

// The badge of a position goes with it, and one that nobody has ever heard of goes in the end.
func TestABadgeGoesWithItsPosition(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		openFair(t, m)
		p := &pulling{copy: m}
		apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.Layouts, Event: "fair"}, Rows: raws(t, fields{"id": 1, "default": true}), Complete: true})
		badges := mirror.Key{Resource: mirror.Badges, Event: "fair"}
		of := func(position int) fields {
			return fields{"positions": []any{fields{"id": position, "item": 1, "pdf_data": fields{"item": "Day"}}}}
		}
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil), aPosition(1, 2, nil))))
		before := generation(t, m)
		apply(t, m, mirror.Batch{Key: badges, Rows: raws(t, of(11), of(12), of(99), "no order", fields{"positions": 7})})
		if now := generation(t, m); now != before {
			t.Errorf("generation %d after badges, want %d: no verdict depends on them", now, before)
		}
		for _, position := range []int64{11, 12, 99} {
			p.printed(t, "at first", position, `{"item":"Day"}`)
		}
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		p.printed(t, "the first stays", 11, `{"item":"Day"}`)
		p.printed(t, "the second is gone", 12, "")
		apply(t, m, mirror.Batch{Key: badges, Walk: 1, Sweep: true, Done: true})
		p.printed(t, "the first stays", 11, `{"item":"Day"}`)
		p.printed(t, "nobody knows this one", 99, "")
	})
}
