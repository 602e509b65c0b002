package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// Orders with thousands of positions: a page of fifty is more than pretix makes in the time that anybody waits.
func TestOrdersThatAreTooMuchForOnePage(t *testing.T) {
	for name, placed := range map[string]time.Duration{"one order a second": time.Second, "all at once": 0} {
		t.Run(name, func(t *testing.T) {
			p := newPulling(t)
			p.sell(1003, placed)
			large := func(code string) bool { // on the first page, on one where the orders are cut into windows, and here and there
				return code < "C00003" || code >= "C00255" && code < "C00265" || strings.HasSuffix(code, "77")
			}
			p.oddly(func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
				positions := 0
				for _, row := range page.Rows {
					positions++
					if large(rowCode(row)) {
						positions += 5000
					}
				}
				if l.Path == "orders/" && positions > 6000 {
					return pretix.RawPage{}, &pretix.Error{Class: pretix.Unavailable, Call: "orders", Detail: "no answer", TooMuch: true}
				}
				return page, err
			})
			p.round(t)
			p.same(t)
			if s := p.state(t, mirror.Orders, "fair"); s.Class != "" || !s.Ready() {
				t.Errorf("%s: %s", s.Class, s.Detail)
			}
			if n := p.asked("fair orders/"); placed > 0 && n > 150 { // pages within one instant do stay small
				t.Errorf("%d requests for 1003 orders: pages stay small", n)
			}
			for i := range p.orders {
				if i >= 250 && i < 350 {
					p.change(i)
				}
			}
			p.round(t)
			p.same(t)
		})
	}
}

// One order alone is too much: that is said, and it is not tried in smaller pages for ever.
func TestAnOrderThatIsTooMuchByItself(t *testing.T) {
	p := newPulling(t)
	p.sell(60, time.Second)
	p.oddly(func(l pretix.List, page pretix.RawPage, err error) (pretix.RawPage, error) {
		for _, row := range page.Rows {
			if rowCode(row) == "C00030" {
				return pretix.RawPage{}, &pretix.Error{Class: pretix.Unavailable, Call: "orders", Detail: "no answer", TooMuch: true}
			}
		}
		return page, err
	})
	p.round(t)
	if s := p.state(t, mirror.Orders, "fair"); s.Class != mirror.Unreachable || s.Rows < 25 {
		t.Errorf("%q and %d orders, want what is before it, and the failure", s.Class, s.Rows)
	}
}

func TestAnOrderWithFiveThousandPositions(t *testing.T) {
	m := openMirror(t, storetest.SQLiteURL(t), nil)
	openFair(t, m)
	const positions = 5000
	order := func(first int) fields {
		var all []fields
		for i := first; i < positions; i++ {
			all = append(all, aPosition(1, i+1, fields{}))
		}
		return anOrder(1, all...)
	}
	apply(t, m, orders(t, order(0)))
	if got := bySecret(t, m, "secret-1-5000"); len(got) != 1 {
		t.Errorf("%+v, want the last ticket", got)
	}
	apply(t, m, orders(t, order(4000)))
	if got := bySecret(t, m, "secret-1-4000"); len(got) != 0 {
		t.Errorf("%+v, want the canceled ticket to be gone", got)
	}
	if got := bySecret(t, m, "secret-1-4001"); len(got) != 1 {
		t.Errorf("%+v, want a ticket that is left", got)
	}
}
