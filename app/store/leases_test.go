package store_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
)

const leaseLife = time.Minute

func TestLease(t *testing.T) {
	start := evening().Truncate(time.Microsecond)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	key := room.LeaseKey{Meeting: "meeting-1", UserID: "4711"}

	type step struct {
		story   string
		key     room.LeaseKey
		browser string
		at      time.Time
		taken   bool
		holder  string
		since   time.Time
		until   time.Time
	}
	steps := []step{
		{"nobody holds it", key, "phone", at(0), true, "phone", at(0), at(60)},
		{"another browser", key, "laptop", at(1), false, "phone", at(0), at(60)},
		{"same browser again", key, "phone", at(30), true, "phone", at(0), at(90)},
		{"prolonged, so the first end does not count", key, "laptop", at(60), false, "phone", at(0), at(90)},
		{"one microsecond before the end", key, "laptop", at(90).Add(-time.Microsecond), false, "phone", at(0), at(90)},
		{"at the end", key, "laptop", at(90), true, "laptop", at(90), at(150)},
		{"the first one has lost it", key, "phone", at(91), false, "laptop", at(90), at(150)},
		{"another person", room.LeaseKey{Meeting: key.Meeting, UserID: "4712"}, "phone", at(91), true, "phone", at(91), at(151)},
		{"the room started again", room.LeaseKey{Meeting: "meeting-2", UserID: key.UserID}, "phone", at(91), true, "phone", at(91), at(151)},
		{"the same browser after the end: taken, not prolonged", key, "laptop", at(150), true, "laptop", at(150), at(210)},
	}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		for _, c := range steps {
			want := room.Lease{LeaseKey: c.key, Browser: c.browser, Since: c.at, Until: c.at.Add(leaseLife)}
			held, taken, err := s.TakeLease(t.Context(), want, c.at)
			if err != nil || taken != c.taken {
				t.Errorf("%s: taken %v, %v, want %v", c.story, taken, err, c.taken)
			}
			shown := room.Lease{LeaseKey: c.key, Browser: c.holder, Since: c.since.UTC(), Until: c.until.UTC()}
			last, err := s.Lease(t.Context(), c.key)
			if diff := cmp.Diff([]room.Lease{shown, shown}, []room.Lease{held, last}); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", c.story, err, diff)
			}
		}
	})
}

func TestReleasedLeaseIsFree(t *testing.T) {
	now := evening()
	key := room.LeaseKey{Meeting: "m", UserID: "4711"}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		take := func(browser string) bool {
			t.Helper()
			_, taken, err := s.TakeLease(t.Context(), room.Lease{LeaseKey: key, Browser: browser, Until: now.Add(leaseLife)}, now)
			if err != nil {
				t.Fatal(err)
			}
			return taken
		}
		release := func(browser string) {
			t.Helper()
			if err := s.ReleaseLease(t.Context(), key, browser); err != nil {
				t.Error(err)
			}
		}
		release("phone") // nobody holds it
		if _, err := s.Lease(t.Context(), key); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("lease that nobody took: %v, want ErrNotFound", err)
		}
		if !take("phone") {
			t.Error("a free lease was not taken")
		}
		release("laptop") // somebody else's
		if take("laptop") {
			t.Error("another browser ended the lease")
		}
		release("phone")
		if !take("laptop") {
			t.Error("a released lease was not taken")
		}
	})
}

func TestOneOfManyBrowsersWinsTheLease(t *testing.T) {
	const browsers, rounds = 50, 20
	onBothEngines(t, func(t *testing.T, s *store.Store) { contend(t, []*store.Store{s}, browsers, rounds) })
}

// contend lets browsers fight for one person's lease, each time when the last winner's has just run out.
func contend(t *testing.T, stores []*store.Store, browsers, rounds int) {
	t.Helper()
	key := room.LeaseKey{Meeting: "m", UserID: "4711"}
	for round := range rounds {
		now := evening().Add(time.Duration(round) * leaseLife)
		var winners atomic.Int32
		var winner atomic.Value
		holders := make([]string, browsers)
		answers := inParallel(browsers, func(i int) error {
			want := room.Lease{LeaseKey: key, Browser: numbered("browser", i), Until: now.Add(leaseLife)}
			held, taken, err := stores[i%len(stores)].TakeLease(t.Context(), want, now)
			if taken {
				winners.Add(1)
				winner.Store(want.Browser)
			}
			holders[i] = held.Browser
			return err
		})
		if err := errors.Join(answers...); err != nil {
			t.Fatal(err)
		}
		if winners.Load() != 1 {
			t.Fatalf("round %d: %d winners, want 1", round, winners.Load())
		}
		for i, holder := range holders {
			if holder != winner.Load() {
				t.Errorf("round %d: browser %d saw %q hold it, want %q", round, i, holder, winner.Load())
			}
		}
	}
}
