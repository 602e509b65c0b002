package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// modifiedAt is the order 1 as it was at that minute, with so many entries.
func modifiedAt(minute, entries int) fields {
	checkins := []any{}
	for i := range entries {
		checkins = append(checkins, fields{"id": i + 1, "list": 7, "type": "entry", "datetime": "2030-06-01T09:30:00Z"})
	}
	o := anOrder(1, aPosition(1, 1, fields{"checkins": checkins}))
	o["last_modified"] = doorsOpen.Add(time.Duration(minute) * time.Minute).Format(time.RFC3339Nano)
	return o
}

func TestAnOlderVersionOfAnOrderChangesNothing(t *testing.T) {
	without := modifiedAt(0, 0)
	delete(without, "last_modified")
	for _, c := range []struct {
		story  string
		stored fields
		comes  []any
		want   int // entries
	}{
		{"a newer one", modifiedAt(1, 0), []any{modifiedAt(2, 1)}, 1},
		{"an older one", modifiedAt(2, 1), []any{modifiedAt(1, 0)}, 1},
		{"one of the same instant", modifiedAt(2, 1), []any{modifiedAt(2, 0)}, 0},
		{"one that does not say when", modifiedAt(2, 1), []any{without}, 0},
		{"after one that does not say when", without, []any{modifiedAt(1, 1)}, 1},
		{"both on one page, the older one last", modifiedAt(0, 0), []any{modifiedAt(2, 1), modifiedAt(1, 0)}, 1},
		{"both on one page, the newer one last", modifiedAt(0, 0), []any{modifiedAt(1, 0), modifiedAt(2, 1)}, 1},
	} {
		t.Run(c.story, func(t *testing.T) {
			onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
				openFair(t, m)
				apply(t, m, orders(t, c.stored))
				b := orders(t, c.comes...)
				b.Walk = 5
				apply(t, m, b)
				// The walk has met the order, whatever became of the row.
				apply(t, m, mirror.Batch{Key: b.Key, Walk: 5, Sweep: true, Done: true})
				found := bySecret(t, m, "secret-1-1")
				if len(found) != 1 || len(found[0].Checkins) != c.want {
					t.Errorf("%+v, want one ticket with %d check-ins", found, c.want)
				}
			})
		})
	}
}

// slowLine lets something happen between pretix' answer to a request for orders and its arrival.
type slowLine struct {
	*shop
	happens func() // once
}

func (l *slowLine) RawPage(ctx context.Context, list pretix.List) (pretix.RawPage, error) {
	page, err := l.shop.RawPage(ctx, list)
	if happens := l.happens; happens != nil && list.Path == "orders/" {
		l.happens = nil
		happens()
	}
	return page, err
}

// Two processes pull into one database. What one was told before the order changed arrives after the other has it.
func TestTwoPullersAndAPageThatArrivesLate(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		p := newPulling(t)
		p.copy = openMirror(t, url, nil)
		p.puller.Keeper = p.copy
		other := &slowLine{shop: p.shop}
		late := &mirror.Puller{Source: other, Keeper: p.copy, Events: p.puller.Events, Pause: -1, Now: p.puller.Now, Sleep: p.puller.Sleep}
		if p.copy.Engine() == "postgres" {
			late.Keeper = openMirror(t, url, nil)
		}
		p.sell(3, time.Second)
		for _, step := range []string{"a walk", "what changed"} {
			other.happens = func() {
				p.change(1)
				p.round(t)
			}
			if err := late.Round(t.Context()); err != nil {
				t.Fatal(err)
			}
			if other.happens != nil {
				t.Fatalf("%s: nothing happened", step)
			}
			p.same(t)
			p.orders[1].status = "p" // and changed back, for the next step
			p.orders[1].modified = p.now
			p.round(t)
		}
	})
}
