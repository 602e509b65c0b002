package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// confirmed says that pretix has answered the upload of the check-in with that number just now.
func (e *entrance) confirmed(t *testing.T, id int64) {
	t.Helper()
	e.told(t, id)
	if err := e.journal.End(t.Context(), scanproxy.Checkins, id, scanproxy.Result{Outcome: scanproxy.Done, At: e.now}); err != nil {
		t.Fatal(err)
	}
}

// fetched stores an order without check-ins that was asked for at that time.
func (e *entrance) fetched(t *testing.T, n int, asked time.Time) {
	t.Helper()
	b := orders(t, anOrder(n, aPosition(n, 1, nil)))
	b.Asked = asked
	apply(t, e.copy, b)
}

// What pretix had before it was asked, and does not show, it has no longer.
func TestACheckinThatIsAnnulledBeforeItWasEverShown(t *testing.T) {
	atEntrances(t, func(t *testing.T, e *entrance) {
		e.fetched(t, 1, e.now)
		e.scan(t, "secret-1-1", scanproxy.Valid)
		e.entered(t, 1)
		before := e.now
		e.now = e.now.Add(time.Second)
		e.confirmed(t, 1)
		e.fetched(t, 1, before) // asked before pretix had it
		e.scan(t, "secret-1-1", scanproxy.Used)
		e.fetched(t, 1, time.Time{})
		e.scan(t, "secret-1-1", scanproxy.Used)
		e.entered(t, 1)
		e.fetched(t, 1, e.now)
		e.entered(t, 0)
		e.scan(t, "secret-1-1", scanproxy.Valid)
	})
}

// What pretix does not show says nothing about what it has not confirmed: it may be under way.
func TestACheckinThatIsNotConfirmedIsNeverTakenForAnnulled(t *testing.T) {
	for _, c := range []struct {
		story string
		end   func(t *testing.T, e *entrance)
	}{
		{"waits", func(*testing.T, *entrance) {}},
		{"is under way", func(t *testing.T, e *entrance) { e.told(t, 1) }},
		{"is tried again later", func(t *testing.T, e *entrance) {
			e.told(t, 1)
			r := scanproxy.Result{Outcome: scanproxy.Kept, At: e.now, Next: e.now.Add(time.Minute), Reason: "no answer"}
			if err := e.journal.End(t.Context(), scanproxy.Checkins, 1, r); err != nil {
				t.Fatal(err)
			}
		}},
		{"was given up", func(t *testing.T, e *entrance) {
			e.told(t, 1)
			r := scanproxy.Result{Outcome: scanproxy.GivenUp, At: e.now, Reason: "pretix does not know the list"}
			if err := e.journal.End(t.Context(), scanproxy.Checkins, 1, r); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.story, func(t *testing.T) {
			atEntrances(t, func(t *testing.T, e *entrance) {
				e.fetched(t, 1, e.now)
				e.scan(t, "secret-1-1", scanproxy.Valid)
				c.end(t, e)
				e.now = e.now.Add(time.Hour)
				e.fetched(t, 1, e.now)
				e.scan(t, "secret-1-1", scanproxy.Used)
			})
		})
	}
}

// Facts from before the order was fetched anew do not show what was annulled, nor what came instead.
func TestAConfirmedCheckinThatIsSettledBetweenReadingAndJudging(t *testing.T) {
	atEntrances(t, func(t *testing.T, e *entrance) {
		e.fetched(t, 1, e.now)
		e.scan(t, "secret-1-1", scanproxy.Valid)
		e.confirmed(t, 1)
		e.now = e.now.Add(time.Second)
		e.between = func() {
			somebody := fields{"id": 1, "list": e.at.List, "type": "entry", "datetime": e.now.Format(time.RFC3339)}
			b := orders(t, anOrder(1, aPosition(1, 1, fields{"checkins": []any{somebody}})))
			b.Asked = e.now
			apply(t, e.copy, b)
		}
		e.scan(t, "secret-1-1", scanproxy.Used)
	})
}

// settlements notes when each position was asked for last.
type settlements map[int64]time.Time

// Settle fulfils store.Settler.
func (s settlements) Settle(_ context.Context, f store.Fetched, _ int64) error {
	for _, p := range f.Positions {
		s[p] = f.Asked
	}
	return nil
}

// Every request takes a second here. A row is never said to be younger than the request that it answers.
func TestOrdersComeWithTheTimeTheyWereAskedFor(t *testing.T) {
	asked := settlements{}
	p := newPulling(t)
	p.copy = openMirror(t, storetest.SQLiteURL(t), func(o *store.MirrorOptions) { o.Settler = asked })
	p.puller.Keeper, p.puller.Parallel = p.copy, 1
	p.served = func() { p.now = p.now.Add(time.Second) }
	p.sell(120, time.Second)

	begun := p.now
	p.round(t)
	if len(asked) != 120 || asked[1].Before(begun) || asked[120].After(begun.Add(4*time.Second)) {
		t.Errorf("walk begun at %v: %d positions, the first asked for at %v, the last at %v", begun, len(asked), asked[1], asked[120])
	}

	p.change(0)
	begun = p.now
	p.round(t)
	if !asked[1].Equal(begun) {
		t.Errorf("the order that changed was asked for at %v, want %v", asked[1], begun)
	}
}
