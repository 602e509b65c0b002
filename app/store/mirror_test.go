package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

var (
	_ mirror.Keeper    = (*store.Mirror)(nil)
	_ scanproxy.Copy   = (*store.Mirror)(nil)
	_ scanproxy.Finder = (*store.Mirror)(nil)
	_ mirror.Objects   = (*store.Mirror)(nil)
	_ store.Settler    = (*store.Journal)(nil)
)

var doorsOpen = time.Date(2030, 6, 1, 9, 30, 0, 0, time.UTC)

// onBothMirrors tells the story on an empty copy of each engine.
func onBothMirrors(t *testing.T, story func(t *testing.T, m *store.Mirror)) {
	t.Run("sqlite", func(t *testing.T) { story(t, openMirror(t, storetest.SQLiteURL(t), nil)) })
	t.Run("postgres", func(t *testing.T) { story(t, openMirror(t, postgres.URL(t), nil)) })
}

func openMirror(t testing.TB, url string, change func(*store.MirrorOptions)) *store.Mirror {
	t.Helper()
	o := store.MirrorOptions{Options: store.Options{URL: url}}
	if change != nil {
		change(&o)
	}
	m, err := store.OpenMirror(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func apply(t testing.TB, m *store.Mirror, b mirror.Batch) {
	t.Helper()
	if b.At.IsZero() {
		b.At = doorsOpen
	}
	if err := m.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

// raws spells each value as JSON.
func raws(t testing.TB, values ...any) []json.RawMessage {
	t.Helper()
	rows := make([]json.RawMessage, len(values))
	for i, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		rows[i] = text
	}
	return rows
}

type fields = map[string]any

// aPosition of the order T<n>, whose id is n*10+number.
func aPosition(n, number int, more fields) fields {
	p := fields{
		"id": n*10 + number, "positionid": number, "item": 1, "variation": nil, "subevent": nil, "secret": fmt.Sprintf("secret-%d-%d", n, number),
		"addon_to": nil, "attendee_name": fmt.Sprintf("Guest %d", n), "attendee_email": nil, "seat": nil, "valid_from": nil,
		"valid_until": nil, "blocked": nil, "answers": []any{}, "checkins": []any{}, "news": fields{"unknown": []int{1, 2}},
	}
	for k, v := range more {
		p[k] = v
	}
	return p
}

func anOrder(n int, positions ...fields) fields {
	return fields{
		"code": fmt.Sprintf("T%d", n), "event": "fair", "status": "p", "email": fmt.Sprintf("buyer%d@example.org", n), "locale": "en",
		"positions": positions, "unknown": "kept",
	}
}

func orders(t testing.TB, rows ...any) mirror.Batch {
	return mirror.Batch{Key: mirror.Key{Resource: mirror.Orders, Event: "fair"}, Rows: raws(t, rows...), Done: true}
}

// openFair makes an event with two products and one list, 7, ready to be scanned.
func openFair(t testing.TB, m *store.Mirror) scanproxy.Selection {
	t.Helper()
	of := func(resource string, rows ...any) {
		t.Helper()
		apply(t, m, mirror.Batch{Key: mirror.Key{Resource: resource, Event: "fair"}, Rows: raws(t, rows...), Complete: true, Done: true})
	}
	of(mirror.Event, fields{"slug": "fair", "timezone": "Europe/Berlin", "date_from": "2030-06-01T09:00:00Z", "date_to": "2030-06-01T18:00:00Z"})
	of(mirror.Items, fields{"id": 1, "name": fields{"en": "Day"}}, fields{"id": 2, "name": fields{"en": "Lunch"}})
	of(mirror.Lists, fields{"id": 7, "name": "Door", "all_products": true})
	apply(t, m, orders(t))
	return scanproxy.Selection{Event: "fair", List: 7}
}

func generation(t testing.TB, m *store.Mirror) int64 {
	t.Helper()
	g, err := m.Generation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// bySecret returns the tickets with that secret.
func bySecret(t testing.TB, m *store.Mirror, secret scanproxy.Code) (found []scanproxy.Ticket) {
	t.Helper()
	err := m.Read(t.Context(), func(l scanproxy.Lookup, _ int64) (err error) {
		found, err = l.TicketsBySecret(t.Context(), []string{"fair"}, secret)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestOrdersAreReplacedWhole(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		at := openFair(t, m)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil), aPosition(1, 2, nil))))
		apply(t, m, orders(t, anOrder(1, aPosition(1, 2, fields{"secret": "renewed"}))))
		for secret, want := range map[scanproxy.Code]int{"secret-1-1": 0, "secret-1-2": 0, "renewed": 1, "RENEWED": 0} {
			if got := len(bySecret(t, m, secret)); got != want {
				t.Errorf("%s: %d tickets, want %d", secret.Reveal(), got, want)
			}
		}
		if s, err := m.Count(t.Context(), at, "", nil, scanproxy.CopyMark{}); err != nil || s.TotalTickets != 1 {
			t.Errorf("%d tickets are counted, %v; want 1", s.TotalTickets, err)
		}
	})
}

func TestAnOrderThatIsSplitOff(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		at := openFair(t, m)
		moved := aPosition(1, 2, nil)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil), moved)))
		apply(t, m, orders(t, anOrder(2, moved), anOrder(1, aPosition(1, 1, nil), moved), anOrder(2, moved)))
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		apply(t, m, orders(t, anOrder(2, moved, aPosition(2, 3, nil))))
		if found := bySecret(t, m, "secret-1-2"); len(found) != 1 || found[0].Order.Code != "T2" {
			t.Errorf("found %+v, want it in T2", found)
		}
		if s, err := m.Count(t.Context(), at, "", nil, scanproxy.CopyMark{}); err != nil || s.TotalTickets != 3 {
			t.Errorf("%d tickets are counted, %v; want 3", s.TotalTickets, err)
		}
	})
}

func TestWhatIsAsItWasRaisesNothing(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		openFair(t, m)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		before := generation(t, m)
		openFair(t, m)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		if got := generation(t, m); got != before {
			t.Errorf("generation %d, want %d still", got, before)
		}
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, fields{"seat": fields{"name": "A1"}}))))
		if got := generation(t, m); got != before+1 {
			t.Errorf("generation %d after a change, want %d", got, before+1)
		}
	})
}

func TestAWalkRemovesWhatItHasNotMet(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		at := openFair(t, m)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil)), anOrder(2, aPosition(2, 1, nil)), anOrder(3, aPosition(3, 1, nil))))
		walk := orders(t, anOrder(1, aPosition(1, 1, nil)))
		walk.Walk, walk.Done = 5, false
		apply(t, m, walk)
		apply(t, m, orders(t, anOrder(4, aPosition(4, 1, nil)))) // placed meanwhile, fetched as a change: walk 0
		end := orders(t, anOrder(3, aPosition(3, 1, nil)), anOrder(4, aPosition(4, 1, nil)))
		end.Walk, end.Sweep = 5, true
		apply(t, m, end)
		if got := len(bySecret(t, m, "secret-2-1")); got != 0 {
			t.Error("a deleted order is still there")
		}
		if s, err := m.Count(t.Context(), at, "", nil, scanproxy.CopyMark{}); err != nil || s.TotalTickets != 3 {
			t.Errorf("%d tickets are counted, %v; want 3", s.TotalTickets, err)
		}
		if state, err := m.State(t.Context(), end.Key); err != nil || state.Rows != 3 {
			t.Errorf("%d orders, %v; want 3", state.Rows, err)
		}
	})
}

// Everything that pretix sends comes out again, whether we know of it or not.
func TestRowsAreAsTheyCame(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		openFair(t, m)
		var sent []string
		for n := range 5 {
			var positions []fields
			for number := range n {
				positions = append(positions, aPosition(n, number+1, nil))
			}
			b := orders(t, anOrder(n, positions...))
			sent = append(sent, string(b.Rows[0]))
			apply(t, m, b)
		}
		for after, i := "", 0; ; {
			rows, next, err := m.Rows(t.Context(), mirror.Orders, "fair", after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, raw := range rows {
				if string(raw) != sent[i] {
					t.Errorf("got  %s\nwant %s", raw, sent[i])
				}
				i++
			}
			if after = next; after == "" {
				if i != len(sent) {
					t.Errorf("%d rows, want %d", i, len(sent))
				}
				break
			}
		}
		if _, _, err := m.Rows(t.Context(), mirror.Items, "fair", "nonsense", 2); err == nil {
			t.Error("a place that is none: no error")
		}
		items, next, err := m.Rows(t.Context(), mirror.Items, "fair", "", 1)
		if err != nil || len(items) != 1 || next == "" {
			t.Fatalf("got %s, %q, %v", items, next, err)
		}
		if items, next, err = m.Rows(t.Context(), mirror.Items, "fair", next, 1); err != nil || len(items) != 1 || next != "" {
			t.Errorf("got %s, %q, %v", items, next, err)
		}
	})
}

func TestAnEventIsUnknownUntilItsOrdersAreThere(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		desk := func() (d scanproxy.Desk) {
			err := m.Read(t.Context(), func(l scanproxy.Lookup, _ int64) (err error) {
				d, err = l.Desk(t.Context(), scanproxy.Selection{Event: "fair", List: 7}, "x")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		half := orders(t, anOrder(1, aPosition(1, 1, nil)))
		half.Done = false
		apply(t, m, half)
		if d := desk(); d.Event != nil || d.List != nil {
			t.Error("known too early")
		}
		openFair(t, m)
		if d := desk(); d.Event == nil || d.List == nil {
			t.Error("unknown still")
		}
	})
}

// A copy that is made anew must not repeat generations: the journal remembers the old ones.
func TestGenerationsAreNeverUsedTwice(t *testing.T) {
	old := openMirror(t, storetest.SQLiteURL(t), nil)
	openFair(t, old)
	fresh := openMirror(t, storetest.SQLiteURL(t), nil)
	if generation(t, fresh) <= generation(t, old) {
		t.Errorf("a new copy begins with %d, an old one stands at %d", generation(t, fresh), generation(t, old))
	}
}

func TestOrdersOfPastDatesAreForgotten(t *testing.T) {
	const days = 24 * time.Hour
	for _, url := range []string{storetest.SQLiteURL(t), postgres.URL(t)} {
		m := openMirror(t, url, func(o *store.MirrorOptions) { o.Retention = 14 * days })
		openFair(t, m)
		apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.SubEvents}, Rows: raws(t,
			fields{"id": 3, "event": "fair", "date_from": "2030-05-01T09:00:00Z"},
			fields{"id": 4, "event": "fair", "date_from": "2030-07-01T09:00:00Z"}), Complete: true})
		past, coming := fields{"subevent": 3}, fields{"subevent": 4}
		rows := []any{anOrder(1, aPosition(1, 1, past)), anOrder(2, aPosition(2, 1, past), aPosition(2, 2, coming)), anOrder(3, aPosition(3, 1, coming))}
		early := orders(t, rows...)
		early.At = doorsOpen.Add(-30 * days)
		apply(t, m, early)
		gone, err := m.ForgetOrders(t.Context(), doorsOpen.Add(-14*days))
		if err != nil || gone != 1 || len(bySecret(t, m, "secret-1-1")) != 0 || len(bySecret(t, m, "secret-2-1")) != 1 {
			t.Errorf("%d orders went, %v; want T1 only", gone, err)
		}
		apply(t, m, orders(t, rows...))
		if len(bySecret(t, m, "secret-1-1")) != 0 {
			t.Error("pulling brings a forgotten order back")
		}
	}
}
