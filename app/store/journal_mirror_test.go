package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// atCopies tells a story at a door with the real copy and the real journal in one database.
func atCopies(t *testing.T, story func(t *testing.T, d *scanproxy.Door, m *store.Mirror, j *store.Journal, list scanproxy.Selection)) {
	atBothURLs(t, func(t *testing.T, url string) {
		url = pooled(url)
		j := storetest.Journal(t, storetest.Open(t, url))
		m := openMirror(t, url, func(o *store.MirrorOptions) { o.Settler = j })
		d := &scanproxy.Door{Copy: m, Journal: j, Finder: m, Now: func() time.Time { return doorsOpen }}
		story(t, d, m, j, openFair(t, m))
	})
}

// at is a scan of the first ticket of an order.
func at(list scanproxy.Selection, order int) scanproxy.Scan {
	return scanproxy.Scan{
		Selected: []scanproxy.Selection{list}, Code: scanproxy.Code(numbered(numbered("secret", order), 1)), Type: scanproxy.Entry,
	}
}

// entered is a position with an entry at the moment of every scan here.
func entered(order int) fields {
	return aPosition(order, 1, fields{"checkins": []fields{{"id": order, "list": 7, "type": "entry", "datetime": "2030-06-01T11:30:00+02:00"}}})
}

func TestAdmissionGoesToPretixAndComesBack(t *testing.T) {
	atCopies(t, func(t *testing.T, d *scanproxy.Door, m *store.Mirror, j *store.Journal, list scanproxy.Selection) {
		status := func(story string, scanned int) {
			t.Helper()
			fresh := &scanproxy.Door{Copy: m, Journal: j, Finder: m, Now: d.Now}
			if s, err := fresh.Status(t.Context(), list); err != nil || s.AlreadyScanned != scanned || s.TotalTickets != 1 {
				t.Errorf("%s: %+v, %v, want %d of 1 scanned", story, s, err, scanned)
			}
		}
		scan := func(story string, want scanproxy.Type) {
			t.Helper()
			if v := scans(t, d, at(list, 1)); v.Type != want {
				t.Errorf("%s: %s, want %s", story, v.Type, want)
			}
		}
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		status("at first", 0)
		scan("first", scanproxy.Valid)
		scan("again", scanproxy.Used)
		status("not uploaded", 1)
		if err := j.Begin(t.Context(), scanproxy.Checkins, 1); err != nil {
			t.Fatal(err)
		}
		scan("uploaded, not synchronised", scanproxy.Used)
		apply(t, m, orders(t, anOrder(1, entered(1))))
		scan("synchronised", scanproxy.Used)
		status("synchronised", 1)
		if hits, err := d.Search(t.Context(), north, []scanproxy.Selection{list}, "buyer1", 1); err != nil || len(hits) != 1 || !hits[0].Redeemed {
			t.Errorf("search: %+v, %v, want one that was redeemed", hits, err)
		}
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		status("annulled", 0)
		scan("annulled", scanproxy.Valid)
	})
}

// A synchronisation rewrites the order in a loop while everybody scans it, with the check-in as soon as there is one.
func TestOneOfManyScansIsAdmittedWithTheRealCopy(t *testing.T) {
	const tickets = 20
	atCopies(t, func(t *testing.T, d *scanproxy.Door, m *store.Mirror, j *store.Journal, list scanproxy.Selection) {
		for ticket := 1; ticket <= tickets; ticket++ {
			apply(t, m, orders(t, anOrder(ticket, aPosition(ticket, 1, nil))))
			var valid atomic.Int32
			stop := rewrite(t, m, j, ticket, &valid)
			for i, err := range inParallel(manyScans, func(int) error {
				v, err := d.Scan(t.Context(), north, at(list, ticket))
				if v.Type == scanproxy.Valid {
					valid.Add(1)
				}
				return err
			}) {
				if err != nil {
					t.Errorf("scan %d: %v", i, err)
				}
			}
			stop()
			if valid.Load() != 1 {
				t.Fatalf("ticket %d: %d scans VALID, want 1", ticket, valid.Load())
			}
		}
	})
}

// rewrite stores the order again and again, each time a little different, until it is stopped.
func rewrite(t *testing.T, m *store.Mirror, j *store.Journal, ticket int, valid *atomic.Int32) (stop func()) {
	t.Helper()
	stopped := make(chan struct{})
	var loop sync.WaitGroup
	loop.Go(func() {
		for round := 0; ; round++ {
			select {
			case <-stopped:
				return
			default:
			}
			position := aPosition(ticket, 1, nil)
			if valid.Load() > 0 { // each ticket has one row, if all is well
				position = entered(ticket)
				if err := j.Begin(t.Context(), scanproxy.Checkins, int64(ticket)); err != nil {
					t.Error(err)
					return
				}
			}
			position["news"] = round
			apply(t, m, orders(t, anOrder(ticket, position)))
		}
	})
	return func() {
		close(stopped)
		loop.Wait()
	}
}
