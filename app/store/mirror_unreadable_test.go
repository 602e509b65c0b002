package store_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
)

// spoilt is the order n with something in it that we cannot read, and with a secret that nobody may see.
func spoilt(n int, more fields) fields {
	o := anOrder(n, aPosition(n, 1, nil))
	for k, v := range more {
		o[k] = v
	}
	return o
}

func TestAnOrderThatCannotBeReadStopsNothing(t *testing.T) {
	for _, c := range []struct {
		story string
		order fields
		want  mirror.Unreadable
	}{
		{"a position without a number", spoilt(2, fields{"positions": []any{fields{"id": "secret-2-1"}}}),
			mirror.Unreadable{Code: "T2", Detail: "its id is no int64"}},
		{"a time that is none", spoilt(2, fields{"positions": []any{fields{"id": 21, "valid_from": "secret-2-1"}}}),
			mirror.Unreadable{Code: "T2", Detail: "one of its times is none"}},
		{"a code that is none", spoilt(2, fields{"code": []any{"secret-2-1"}}),
			mirror.Unreadable{Detail: "its code is no string"}},
		{"no code", spoilt(2, fields{"code": ""}), mirror.Unreadable{Detail: "it has no code"}},
	} {
		t.Run(c.story, func(t *testing.T) {
			atBothURLs(t, func(t *testing.T, url string) {
				var log bytes.Buffer
				m := openMirror(t, url, func(o *store.MirrorOptions) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
				openFair(t, m)
				apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil)), c.order, anOrder(3, aPosition(3, 1, nil))))
				if a, b := bySecret(t, m, "secret-1-1"), bySecret(t, m, "secret-3-1"); len(a) != 1 || len(b) != 1 {
					t.Errorf("%d and %d tickets of the other orders, want one each", len(a), len(b))
				}
				got, err := m.Unreadable(t.Context(), "fair")
				if diff := cmp.Diff([]mirror.Unreadable{c.want}, got, cmpopts.IgnoreFields(mirror.Unreadable{}, "At")); err != nil || diff != "" {
					t.Errorf("%v (-want +got):\n%s", err, diff)
				}
				state, err := m.State(t.Context(), orders(t).Key)
				if err != nil || state.Unreadable != 1 || state.Class != "" || !state.Ready() {
					t.Errorf("%+v, %v, want one that is unreadable and no failure", state, err)
				}
				if told := strings.Count(log.String(), "order of pretix not read"); told != 1 || strings.Contains(log.String(), "secret-") {
					t.Errorf("said %d times, want once and without a secret:\n%s", told, &log)
				}
				apply(t, m, orders(t, c.order))
				if told := strings.Count(log.String(), "order of pretix not read"); told != 1 {
					t.Errorf("the same order again: said %d times, want once", told)
				}
			})
		})
	}
}

// walk stores what a walk over all orders met, to its end.
func walk(t *testing.T, m *store.Mirror, number int64, rows ...any) {
	t.Helper()
	b := orders(t, rows...)
	b.Walk = number
	apply(t, m, b)
	apply(t, m, mirror.Batch{Key: b.Key, Walk: number, Sweep: true, Done: true})
}

func TestAnOrderThatCanBeReadNoLongerStaysAsItWas(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		openFair(t, m)
		good := []any{anOrder(1, aPosition(1, 1, nil)), anOrder(2, aPosition(2, 1, nil))}
		known := func(story string, first, second, unreadable int) {
			t.Helper()
			a, b := bySecret(t, m, "secret-1-1"), bySecret(t, m, "secret-2-1")
			state, err := m.State(t.Context(), orders(t).Key)
			if err != nil || len(a) != first || len(b) != second || state.Unreadable != int64(unreadable) {
				t.Errorf("%s: %d and %d tickets, %d unreadable, %v; want %d, %d, %d", story, len(a), len(b), state.Unreadable, err,
					first, second, unreadable)
			}
		}
		walk(t, m, 1, good...)
		known("at first", 1, 1, 0)
		walk(t, m, 2, good[0], spoilt(2, fields{"status": 7}))
		known("the second is spoilt", 1, 1, 1)
		walk(t, m, 3, spoilt(2, fields{"code": 7}))
		known("the second is not even known by its code: nobody knows what is gone", 1, 1, 1)
		walk(t, m, 4, good[1])
		known("the second is good again, the first is gone", 0, 1, 0)
		apply(t, m, orders(t, spoilt(2, fields{"status": 7})))
		known("what changed is spoilt", 0, 1, 1)
		apply(t, m, orders(t, good[1]))
		known("and good again", 0, 1, 0)
		walk(t, m, 5)
		known("all are gone", 0, 0, 0)
	})
}

// More orders than there are on a page do not say when they were placed or changed. The cursor moves past them.
func TestOrdersWithoutTimesAreWalkedPast(t *testing.T) {
	p := newPulling(t)
	p.sell(160, time.Second)
	for i := range 70 {
		p.orders[i].timeless = true
	}
	p.round(t)
	p.same(t)
	p.change(159)
	p.round(t)
	p.same(t)
	if s := p.state(t, mirror.Orders, "fair"); s.Class != "" || s.Unreadable != 0 {
		t.Errorf("%+v, want no failure", s)
	}
}
