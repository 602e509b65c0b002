package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// calendar is a shop with dates. They say that they have never been changed, as after many were edited at once.
type calendar struct {
	*shop
	dates int
	from  time.Time
}

func (c *calendar) RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error) {
	page, err := c.shop.RawPage(ctx, l)
	if l.Path != "subevents/" || err != nil || l.Query.Has("modified_since") {
		return page, err
	}
	number, _ := strconv.Atoi(l.Query.Get("page"))
	first := max(number-1, 0) * perPage
	page.Count, page.More = c.dates, first+perPage < c.dates
	for id := first + 1; id <= min(first+perPage, c.dates); id++ {
		page.Rows = append(page.Rows, json.RawMessage(fmt.Sprintf(
			`{"id":%d,"event":"fair","date_from":%q,"last_modified":"2026-01-01T00:00:00Z"}`, id, c.from.Format(time.RFC3339))))
	}
	return page, nil
}

func TestDatesThatAreEditedAllAtOnceAreSeen(t *testing.T) {
	const moved = 3 * time.Hour
	for _, c := range []struct {
		story        string
		dates        int
		every        time.Duration // 0: the default
		unseen, seen time.Duration
	}{
		{"a few", 5, 0, 9 * time.Minute, 11 * time.Minute},
		{"a few, and somebody wants to know sooner", 5, 40 * time.Second, 30 * time.Second, 41 * time.Second},
		{"very many", 2000, 40 * time.Second, 100 * time.Second, 165 * time.Second},
	} {
		t.Run(c.story, func(t *testing.T) {
			p := newPulling(t)
			from := p.now
			shop := &calendar{shop: p.shop, dates: c.dates, from: from}
			p.puller.Source, p.puller.Fresh = shop, c.every
			begun := p.now
			for _, step := range []struct {
				at    time.Duration
				wants time.Time
			}{{0, from}, {c.unseen, from}, {c.seen, from.Add(moved)}} {
				p.now = begun.Add(step.at)
				p.round(t)
				rows, err := p.copy.All(t.Context(), mirror.Key{Resource: mirror.SubEvents, Event: "fair"})
				var date pretix.SubEvent
				if err != nil || len(rows) != c.dates || json.Unmarshal(rows[0], &date) != nil || !date.From.Equal(step.wants) {
					t.Errorf("after %s: %d dates, the first at %s, %v; want %d at %s", step.at, len(rows), date.From, err, c.dates, step.wants)
				}
				shop.from = from.Add(moved)
			}
			shop.dates--
			p.now = p.now.Add(c.seen)
			p.round(t)
			if s := p.state(t, mirror.SubEvents, ""); s.Rows != int64(c.dates-1) {
				t.Errorf("%d dates after one was deleted, want %d", s.Rows, c.dates-1)
			}
		})
	}
}

// A bridge beside the proxy takes what is younger than a minute.
func TestWhatSomebodyReadsIsFetchedMoreOften(t *testing.T) {
	for _, c := range []struct {
		fresh time.Duration
		want  int // requests for check-in lists, and for the event
	}{{0, 0}, {40 * time.Second, 1}, {time.Hour, 0}} {
		p := newPulling(t)
		p.puller.Fresh = c.fresh
		p.round(t)
		p.asked("")
		p.now = p.now.Add(45 * time.Second)
		p.round(t)
		event := 0
		for _, request := range p.requests {
			if request == "fair " {
				event++
			}
		}
		if lists := p.asked("fair checkinlists/"); lists != c.want || event != c.want {
			t.Errorf("wanted %s young: fetched %d and %d times after 45 s, want %d", c.fresh, event, lists, c.want)
		}
	}
}
