package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// memoryFinder asks the copy in memory, one ticket after the other.
type memoryFinder struct {
	*memoryCopy
	counting func()              // called by each Count
	asked    func(positions int) // called by each Count: how many tickets it is to return
}

func (f memoryFinder) Find(_ context.Context, text string, _ []scanproxy.Selection, offset, limit int) (found []scanproxy.Ticket, _ error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, t := range f.snapshot.Tickets {
		if scanproxy.ParseQuery(text).Matches(t) {
			found = append(found, t)
		}
	}
	found = found[min(offset, len(found)):]
	return found[:min(limit, len(found))], nil
}

func (f memoryFinder) Count(ctx context.Context, at scanproxy.Selection, language string, positions []int64, since scanproxy.CopyMark) (
	c scanproxy.Counted, _ error,
) {
	if f.counting != nil {
		f.counting()
	}
	if f.asked != nil {
		f.asked(len(positions))
	}
	if err := ctx.Err(); err != nil {
		return c, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	event, list := f.snapshot.Events[at.Event], f.snapshot.Lists[at]
	if event == nil || list == nil {
		return c, scanproxy.ErrNoList
	}
	for _, t := range f.snapshot.Tickets {
		if slices.Contains(positions, t.ID) {
			c.Tickets = append(c.Tickets, t)
		}
	}
	c.List, c.Status = list, scanproxy.CountStatus(event, list, f.snapshot.Tickets, language, nil)
	c.Changed = f.changed(since)
	return c, nil
}

func (f memoryFinder) Changed(_ context.Context, at scanproxy.Selection, since scanproxy.CopyMark) (scanproxy.ChangedTickets, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.snapshot.Events[at.Event] == nil || f.snapshot.Lists[at] == nil {
		return scanproxy.ChangedTickets{}, scanproxy.ErrNoList
	}
	return f.changed(since), nil
}

func (f memoryFinder) changed(since scanproxy.CopyMark) scanproxy.ChangedTickets {
	c := scanproxy.ChangedTickets{Complete: since.Tickets >= 1, Mark: scanproxy.CopyMark{Tickets: f.generation}}
	for g := since.Tickets + 1; g <= f.generation; g++ {
		c.Positions = append(c.Positions, f.shown[g])
	}
	return c
}

// atDesk is a venue whose door can search and count.
func atDesk(t *testing.T, tickets int) *venue {
	v := atVenue(t, tickets)
	v.door.Finder = memoryFinder{memoryCopy: v.copy}
	return v
}

func TestSearchKnowsOwnCheckins(t *testing.T) {
	v := atDesk(t, 120)
	v.scan(t, entry(7), scanproxy.Valid)
	v.copy.show(8, scanproxy.Checkin{List: gate.List, Type: scanproxy.Exit, At: v.Now()})
	search := func(text string, page int) (redeemed []scanproxy.Code, hits int) {
		t.Helper()
		found, err := v.door.Search(t.Context(), north, []scanproxy.Selection{gate}, text, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found {
			if h.Redeemed {
				redeemed = append(redeemed, h.Secret)
			}
		}
		return redeemed, len(found)
	}
	for _, c := range []struct {
		story, text string
		page, hits  int
		redeemed    []scanproxy.Code
	}{
		{"first page", "secret", 1, 50, []scanproxy.Code{"secret-7", "secret-8"}},
		{"page 0 is the first", "secret", 0, 50, []scanproxy.Code{"secret-7", "secret-8"}},
		{"last page", "secret", 3, 20, nil},
		{"behind the last page", "secret", 4, 0, nil},
		{"one ticket", "order-7", 1, 11, []scanproxy.Code{"secret-7"}},
		{"too short", "sec", 1, 0, nil},
	} {
		redeemed, hits := search(c.text, c.page)
		if diff := cmp.Diff(c.redeemed, redeemed, cmp.Comparer(func(a, b scanproxy.Code) bool { return a == b })); diff != "" || hits != c.hits {
			t.Errorf("%s: %d hits, want %d; redeemed (-want +got):\n%s", c.story, hits, c.hits, diff)
		}
	}
	unknown := []scanproxy.Selection{gate, {Event: fair, List: 99}}
	if _, err := v.door.Search(t.Context(), north, unknown, "secret", 1); !errors.Is(err, scanproxy.ErrNoList) {
		t.Errorf("a list that we do not have: %v, want ErrNoList", err)
	}
}

func TestStatusAddsWhatPretixDoesNotShow(t *testing.T) {
	v := atDesk(t, 10)
	status := func(story string, scanned, inside int) {
		t.Helper()
		v.Pass(time.Second)
		s, err := v.door.Status(t.Context(), gate)
		if err != nil {
			t.Fatal(err)
		}
		item := s.Items[0]
		if s.TotalTickets != 10 || s.AlreadyScanned != scanned || s.Inside != inside || item.Checkins != scanned || item.Total != 10 {
			t.Errorf("%s: %+v, want %d of 10 scanned, %d inside", story, s, scanned, inside)
		}
	}
	status("nobody", 0, 0)
	v.scan(t, entry(1), scanproxy.Valid)
	v.scan(t, entry(2), scanproxy.Valid)
	status("two came", 2, 2)
	v.Pass(time.Minute)
	v.scan(t, exit(1), scanproxy.Valid)
	status("one left", 2, 1)
	v.upload(t)
	status("pretix knows", 2, 1)
	v.showOnly(2)
	status("and shows it", 2, 1)
	v.sync(t, 2)
	status("and it is settled", 2, 1)
	v.copy.show(2)
	status("annulled", 1, 0)
	v.scan(t, entry(3), scanproxy.Valid)
	status("a third", 2, 1)
	if _, err := v.door.Status(t.Context(), scanproxy.Selection{Event: fair, List: 99}); !errors.Is(err, scanproxy.ErrNoList) {
		t.Errorf("a list that we do not have: %v, want ErrNoList", err)
	}
}

// While the copy stays as it is, only new scans are counted; whatever order they come in, the sum is that of all.
func TestStatusCountedBitByBitIsTheSame(t *testing.T) {
	const tickets = 12
	v := atDesk(t, tickets)
	asked := 0
	finder := memoryFinder{memoryCopy: v.copy}
	for round := range 60 {
		ticket := round*7%tickets + 1
		switch round % 10 {
		case 3:
			v.upload(t)
		case 5:
			v.sync(t, ticket)
		case 8:
			scans(t, v.door, exit(ticket))
		default:
			scans(t, v.door, entry(ticket))
		}
		v.Pass(time.Second)
		finder.asked = func(positions int) { asked = positions }
		v.door.Finder = finder
		bit, err := v.door.Status(t.Context(), gate)
		if err != nil {
			t.Fatal(err)
		}
		fresh := &scanproxy.Door{Copy: v.copy, Journal: v.journal, Finder: memoryFinder{memoryCopy: v.copy}, Now: v.Now}
		whole, err := fresh.Status(t.Context(), gate)
		if diff := cmp.Diff(whole, bit); err != nil || diff != "" {
			t.Fatalf("round %d: %v (-all at once +bit by bit):\n%s", round, err, diff)
		}
		if round%10 == 9 && asked > 1 {
			t.Errorf("round %d: %d tickets counted again after one scan", round, asked)
		}
	}
}

func TestStatusIsCountedOnceASecond(t *testing.T) {
	v := atDesk(t, 3)
	var mu sync.Mutex
	counts := 0
	v.door.Finder = memoryFinder{memoryCopy: v.copy, counting: func() {
		mu.Lock()
		defer mu.Unlock()
		counts++
	}}
	ask := func() {
		t.Helper()
		for _, err := range inParallel(20, func(int) error { _, err := v.door.Status(t.Context(), gate); return err }) {
			if err != nil {
				t.Error(err)
			}
		}
	}
	ask()
	first := counts // a count may look at the copy more than once
	v.scan(t, entry(1), scanproxy.Valid)
	v.Pass(999 * time.Millisecond)
	ask()
	if first == 0 || first > 2 || counts != first {
		t.Errorf("looked %d times at the copy, and %d times more within a second; want 1 or 2, and 0", first, counts-first)
	}
	v.Pass(time.Millisecond)
	if s, err := v.door.Status(t.Context(), gate); err != nil || counts == first || s.AlreadyScanned != 1 {
		t.Errorf("a second later: looked %d times, %+v, %v", counts-first, s, err)
	}
}

// A device that hangs up must not cost the others their answer.
func TestStatusGoesOnForTheOthers(t *testing.T) {
	v := atDesk(t, 1)
	began, finish := make(chan struct{}), make(chan struct{})
	v.door.Finder = memoryFinder{memoryCopy: v.copy, counting: sync.OnceFunc(func() {
		close(began)
		<-finish
	})}
	first, hangUp := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := v.door.Status(first, gate)
		gone <- err
	}()
	<-began
	hangUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who hung up: %v", err)
	}
	close(finish)
	if s, err := v.door.Status(t.Context(), gate); err != nil || s.TotalTickets != 1 {
		t.Errorf("the next: %+v, %v", s, err)
	}
}

func TestOldClientsHearWordsTheyKnow(t *testing.T) {
	copied := newFair(1)
	copied.snapshot.Events[fair].Items[10] = scanproxy.Item{ID: 10, Exchangeable: true}
	d := newDoor(t, storetest.Open(t, storetest.SQLiteURL(t)), copied)
	for _, c := range []struct {
		old  bool
		want scanproxy.Type
	}{{false, scanproxy.ExchangeRequiredOffline}, {true, scanproxy.Error}} {
		v, err := d.Scan(t.Context(), scanproxy.Device{OldClient: c.old}, entry(1))
		if err != nil || v.Type != c.want {
			t.Errorf("old client %v: %s, %v, want %s", c.old, v.Type, err, c.want)
		}
	}
}
