package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// entrance is a door with a journal and a real copy of pretix, both in one place as in the program.
type entrance struct {
	door    *scanproxy.Door
	journal *store.Journal
	copy    *store.Mirror
	at      scanproxy.Selection
	now     time.Time
	between func() // after facts were read, before the journal judges; once
}

// Read lets something happen behind the back of who reads.
func (e *entrance) Read(ctx context.Context, f func(scanproxy.Lookup, int64) error) error {
	err := e.copy.Read(ctx, f)
	if happens := e.between; happens != nil {
		e.between = nil
		happens()
	}
	return err
}

// Generation is the copy's.
func (e *entrance) Generation(ctx context.Context) (int64, error) { return e.copy.Generation(ctx) }

func atEntrances(t *testing.T, story func(t *testing.T, e *entrance)) {
	atBothURLs(t, func(t *testing.T, url string) {
		e := &entrance{journal: storetest.Journal(t, storetest.Open(t, url)), now: doorsOpen}
		e.copy = openMirror(t, url, func(o *store.MirrorOptions) { o.Settler = e.journal })
		e.at = openFair(t, e.copy)
		e.door = &scanproxy.Door{Copy: e, Finder: e.copy, Journal: e.journal, Now: func() time.Time { return e.now }}
		story(t, e)
	})
}

func (e *entrance) scan(t *testing.T, secret scanproxy.Code, want scanproxy.Type) {
	t.Helper()
	e.now = e.now.Add(time.Minute)
	v, err := e.door.Scan(t.Context(), north, scanproxy.Scan{Selected: []scanproxy.Selection{e.at}, Code: secret, Type: scanproxy.Entry})
	if err != nil {
		t.Fatal(err)
	}
	if v.Type != want {
		t.Errorf("%s: got %s (%s), want %s", secret.Reveal(), v.Type, v.Rule, want)
	}
}

// told says that the check-in with that number was uploaded.
func (e *entrance) told(t *testing.T, id int64) {
	t.Helper()
	if err := e.journal.Begin(t.Context(), scanproxy.Checkins, id); err != nil {
		t.Fatal(err)
	}
}

// pulled stores an order as pretix shows it, with an entry at that time.
func (e *entrance) pulled(t *testing.T, n int, at ...time.Time) {
	t.Helper()
	checkins := []any{}
	for i, when := range at {
		checkins = append(checkins, fields{"id": n*100 + i, "list": e.at.List, "type": "entry", "datetime": when.Format(time.RFC3339)})
	}
	apply(t, e.copy, orders(t, anOrder(n, aPosition(n, 1, fields{"checkins": checkins}))))
}

// entered is how many tickets the door's status counts as scanned.
func (e *entrance) entered(t *testing.T, want int) {
	t.Helper()
	e.now = e.now.Add(time.Minute) // a status is a second old at most
	s, err := e.door.Status(t.Context(), e.at)
	if err != nil || s.AlreadyScanned != want {
		t.Errorf("%d tickets are scanned, %v; want %d", s.AlreadyScanned, err, want)
	}
}

// The journal lets go of a check-in once the copy shows it, and not before.
func TestTheCopyTakesOverFromTheJournal(t *testing.T) {
	atEntrances(t, func(t *testing.T, e *entrance) {
		e.pulled(t, 1)
		e.scan(t, "secret-1-1", scanproxy.Valid)
		scanned := e.now
		e.entered(t, 1)
		e.pulled(t, 1) // changed at pretix, before the upload
		e.scan(t, "secret-1-1", scanproxy.Used)
		e.told(t, 1)
		e.pulled(t, 1, scanned)
		e.scan(t, "secret-1-1", scanproxy.Used)
		e.entered(t, 1)
		e.pulled(t, 1) // annulled at pretix
		e.entered(t, 0)
		e.scan(t, "secret-1-1", scanproxy.Valid)
	})
}

// Facts are read before the journal's transaction: what the journal lets go of in between is not in them yet.
func TestACheckinThatIsSettledBetweenReadingAndJudging(t *testing.T) {
	atEntrances(t, func(t *testing.T, e *entrance) {
		e.pulled(t, 1)
		e.scan(t, "secret-1-1", scanproxy.Valid)
		scanned := e.now
		e.told(t, 1)
		e.between = func() { e.pulled(t, 1, scanned) }
		e.scan(t, "secret-1-1", scanproxy.Used)
		e.between = func() { e.pulled(t, 1, scanned, scanned.Add(time.Second)) }
		e.scan(t, "secret-1-1", scanproxy.Used)
	})
}
