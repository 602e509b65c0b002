package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// oddPretix is a shop with a line that changes what is asked and answered.
type oddPretix struct {
	*shop
	answers func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error)
}

func (o *oddPretix) RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error) {
	page, err := o.shop.RawPage(ctx, l)
	return o.answers(l, page, err)
}

func (p *pulling) oddly(answers func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error)) {
	p.puller.Source = &oddPretix{p.shop, answers}
}

// The daily comparison of a large event takes several rounds. What is sold meanwhile lies behind the part that has been
// compared already.
func TestAnOrderThatIsSoldDuringTheDailyComparison(t *testing.T) {
	p := newPulling(t)
	p.sell(120, time.Second)
	p.round(t)
	p.now = p.now.Add(25 * time.Hour)
	halfway := p.state(t, mirror.Orders, "fair").Progress
	cut := p.orders[60].placed
	halfway.Walk = &mirror.Walk{ID: p.now.UnixMicro(), Since: p.now, Windows: []mirror.Window{{To: cut}, {From: cut, Done: true}}}
	if err := p.copy.Apply(t.Context(), mirror.Batch{Key: mirror.Key{Resource: mirror.Orders, Event: "fair"}, Walk: halfway.Walk.ID, Progress: halfway, At: p.now,
		Rows: p.ordersFor(pretix.List{Query: map[string][]string{"created_since": {cut.Format(time.RFC3339Nano)}}})}); err != nil {
		t.Fatal(err)
	}
	p.now = p.now.Add(time.Minute)
	p.orders = append(p.orders, sold{code: "NEW01", placed: p.now, modified: p.now, status: "p"})
	p.now = p.now.Add(time.Minute)
	p.round(t)
	if s := p.state(t, mirror.Orders, "fair"); s.Progress.Walk != nil || s.Class != "" {
		t.Errorf("the comparison has not come to its end: %+v", s)
	}
	p.same(t)
}

// An order that was changed while pretix' clock was ahead says so for ever. What is changed after it must come all the same.
func TestAnOrderOfTheFuture(t *testing.T) {
	p := newPulling(t)
	p.sell(10, time.Second)
	p.round(t)
	p.orders[3].status, p.orders[3].modified = "e", p.now.Add(5*time.Hour)
	p.round(t)
	for i := range 4 { // and the one of the future itself
		p.now = p.now.Add(time.Minute)
		p.change(i)
		p.round(t)
		p.same(t)
	}
}

// pretix' clock was ahead, and is put right.
func TestPretixClockIsSetBack(t *testing.T) {
	p := newPulling(t)
	p.sell(10, time.Second)
	ahead := 5 * time.Hour
	p.oddly(func(_ pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
		page.Generated = p.now.Add(ahead).Format(time.RFC3339Nano)
		return page, err
	})
	p.round(t)
	p.now = p.now.Add(time.Minute)
	p.round(t)
	ahead = 0
	p.round(t)
	p.change(1)
	p.round(t)
	p.same(t)
}

// X-Page-Generated only helps: where it is missing or says nothing, the rows say how new they are.
func TestOddTimesOfAPage(t *testing.T) {
	for _, odd := range []string{"", "now", "2026-13-45T00:00:00Z", "Tue, 24 Nov 2026 15:16:27 GMT", "2030-06-01T10:00:00", "0001-01-01T00:00:00Z"} {
		t.Run(odd, func(t *testing.T) {
			p := newPulling(t)
			p.sell(120, time.Second)
			p.oddly(func(_ pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
				page.Generated = odd
				return page, err
			})
			p.round(t)
			p.same(t)
			for i := range 3 {
				p.now = p.now.Add(time.Hour)
				p.change(i)
				p.round(t)
				p.same(t)
			}
			for _, r := range mirror.Resources() {
				if r.PerEvent {
					if s := p.state(t, r.Name, "fair"); s.Class != "" {
						t.Errorf("%s: %s %s", r.Name, s.Class, s.Detail)
					}
				}
			}
		})
	}
}

// The last rows of a list are deleted while it is read: its last page is gone.
func TestTheLastPageIsGone(t *testing.T) {
	invalidPage := &pretix.Error{Class: pretix.NotFound, Status: 404, Detail: "Invalid page."}
	t.Run("of a short list", func(t *testing.T) {
		p := newPulling(t)
		for range 60 {
			p.media = append(p.media, aMedium(len(p.media)+1))
		}
		p.oddly(func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
			if l.Path == "reusablemedia/" && l.Query.Get("page") == "2" {
				return pretix.RawPage{}, invalidPage
			}
			return page, err
		})
		p.round(t)
		if s := p.state(t, mirror.Media, ""); s.Class != mirror.Moving || s.RetryAt.Sub(p.now) > 10*time.Second {
			t.Errorf("%s, again in %s, want it to be read again soon", s.Class, s.RetryAt.Sub(p.now))
		}
	})
	t.Run("of orders of one instant", func(t *testing.T) {
		p := newPulling(t)
		p.sell(120, 0)
		p.oddly(func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
			if l.Query.Get("page") == "3" {
				p.orders = p.orders[:90]
				return pretix.RawPage{}, invalidPage
			}
			return page, err
		})
		p.round(t)
		if s := p.state(t, mirror.Orders, "fair"); s.Class != mirror.Moving {
			t.Errorf("%s: %s, want it to be read again", s.Class, s.Detail)
		}
		p.now = p.now.Add(10 * time.Second)
		p.round(t)
		p.now = p.now.Add(25 * time.Hour) // what went during the first comparison is found in the next
		p.round(t)
		p.same(t)
	})
}

func rowCode(row json.RawMessage) string {
	var o struct{ Code string }
	_ = json.Unmarshal(row, &o)
	return o.Code
}

func aMedium(id int) json.RawMessage {
	row, _ := json.Marshal(map[string]any{"id": id, "type": "barcode", "identifier": "m", "active": true, "updated": "2030-01-01T00:00:00Z"})
	return row
}

// fullDisk is a Keeper that can store no orders.
type fullDisk struct {
	mirror.Keeper
	full bool
}

var errFull = errors.New("no space left on device")

func (f *fullDisk) Apply(ctx context.Context, b mirror.Batch) error {
	if f.full && b.Resource == mirror.Orders {
		return errFull
	}
	return f.Keeper.Apply(ctx, b)
}

// A disk that is full is not pretix' fault, whatever was under way to it at that moment.
func TestTheDiskIsFullDuringAPage(t *testing.T) {
	p := newPulling(t)
	disk := &fullDisk{Keeper: p.copy, full: true}
	p.puller.Keeper = disk
	p.sell(1000, time.Second)
	p.puller.Source = &cancelable{p.shop}
	if err := p.puller.Round(t.Context()); !errors.Is(err, errFull) {
		t.Errorf("the round ended with %v, want the disk's error", err)
	}
	if s := p.state(t, mirror.Orders, "fair"); s.Class != "" {
		t.Errorf("pretix is said to be %s: %s", s.Class, s.Detail)
	}
	disk.full, p.puller.Source = false, p.shop
	p.round(t)
	p.same(t)
}

// cancelable answers later pages like a client whose context has ended meanwhile.
type cancelable struct{ *shop }

func (c *cancelable) RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error) {
	if l.Path == "orders/" && l.Query.Has("created_before") {
		<-ctx.Done()
		return pretix.RawPage{}, &pretix.Error{Class: pretix.Unavailable, Call: "orders", Detail: "no answer: " + ctx.Err().Error()}
	}
	return c.shop.RawPage(ctx, l)
}

// Our clock was ahead, something failed, and the clock is put right.
func TestOurClockIsSetBack(t *testing.T) {
	p := newPulling(t)
	p.sell(3, time.Second)
	p.now = p.now.AddDate(1, 0, 0)
	p.fails = func(_, path string) error {
		return &pretix.Error{Class: pretix.Unavailable, Status: 502}
	}
	p.round(t)
	p.now, p.fails = p.now.AddDate(-1, 0, 0), nil
	p.round(t)
	p.same(t)
}

// A page of a server that is not pretix is no reason to forget what is forbidden.
func TestAPageThatSaysNotFoundDeletesNothing(t *testing.T) {
	p := newPulling(t)
	p.media = append(p.media, aMedium(1))
	p.round(t)
	p.fails = func(_, path string) error {
		if path == "reusablemedia/" {
			return &pretix.Error{Class: pretix.Unavailable, Status: 404, Detail: "HTML"}
		}
		return nil
	}
	for range 2 {
		p.now = p.now.Add(25 * time.Hour)
		p.round(t)
		if s := p.state(t, mirror.Media, ""); s.Rows != 1 || s.Class != mirror.Foreign {
			t.Errorf("%d media, %q, want the medium to stay and the failure to be seen", s.Rows, s.Class)
		}
	}
}

// pretix does not log every change of a product, and goes by its log.
func TestProductsAreComparedDaily(t *testing.T) {
	p := newPulling(t)
	name := "Day"
	p.oddly(func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
		if l.Path != "items/" {
			return page, err
		}
		if page.LastModified = "Sat, 01 Jun 2030 08:00:00 GMT"; l.IfModifiedSince == page.LastModified {
			return pretix.RawPage{NotModified: true, LastModified: l.IfModifiedSince}, nil
		}
		page.Rows = []json.RawMessage{json.RawMessage(`{"id":1,"name":"` + name + `"}`)}
		return page, err
	})
	p.round(t)
	name = "Evening"
	p.now = p.now.Add(time.Hour)
	p.round(t)
	p.now = p.now.Add(24 * time.Hour)
	p.round(t)
	rows, err := p.copy.All(t.Context(), mirror.Key{Resource: mirror.Items, Event: "fair"})
	if err != nil || len(rows) != 1 || !strings.Contains(string(rows[0]), "Evening") {
		t.Errorf("%s, %v, want the product as it is now", rows, err)
	}
}

// pretix says in whole seconds when products changed last: of two changes in one second the first may be all that was read.
func TestAProductThatChangesTwiceInASecond(t *testing.T) {
	p := newPulling(t)
	name := "Day"
	changed := p.now.UTC().Truncate(time.Second)
	p.oddly(func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
		if l.Path != "items/" {
			return page, err
		}
		page.Sent = p.now
		if page.LastModified = changed.Format(http.TimeFormat); l.IfModifiedSince == page.LastModified {
			return pretix.RawPage{NotModified: true, LastModified: l.IfModifiedSince}, nil
		}
		page.Rows = []json.RawMessage{json.RawMessage(`{"id":1,"name":"` + name + `"}`)}
		return page, err
	})
	p.round(t)
	name = "Evening"
	p.now = p.now.Add(2 * time.Minute)
	p.round(t)
	rows, err := p.copy.All(t.Context(), mirror.Key{Resource: mirror.Items, Event: "fair"})
	if err != nil || len(rows) != 1 || !strings.Contains(string(rows[0]), "Evening") {
		t.Errorf("%s, %v, want the product as it is now", rows, err)
	}
	if s := p.state(t, mirror.Items, "fair"); s.Progress.Modified == "" {
		t.Error("two minutes later it is fetched whether it has changed or not")
	}
}

// Without a Retry-After nobody knows how long: each time a little longer.
func TestPretixAsksForAPauseWithoutSayingHowLong(t *testing.T) {
	p := newPulling(t)
	p.fails = func(_, path string) error {
		if path == "items/" {
			return &pretix.Error{Class: pretix.RateLimited, Status: 429}
		}
		return nil
	}
	for _, want := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} {
		if err := p.puller.Round(t.Context()); !errors.Is(err, mirror.ErrBusy) {
			t.Errorf("the round ended with %v", err)
		}
		s := p.state(t, mirror.Items, "fair")
		if s.Class != mirror.Busy || s.RetryAt.Sub(p.now) != want {
			t.Errorf("%s, again in %s, want %s", s.Class, s.RetryAt.Sub(p.now), want)
		}
		p.now = s.RetryAt
	}
}

// pretix was restored from a backup: what happened since has not happened.
func TestPretixIsRestored(t *testing.T) {
	p := newPulling(t)
	p.sell(120, time.Second)
	p.round(t)
	backup := slices.Clone(p.orders)
	p.now = p.now.Add(time.Hour)
	for _, i := range []int{3, 70} {
		p.change(i)
	}
	p.round(t)
	p.same(t)
	p.orders = backup
	p.now = p.now.Add(25 * time.Hour) // until the daily comparison
	p.round(t)
	p.same(t)
}
