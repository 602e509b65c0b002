package testclock_test

import (
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/testclock"
)

func TestClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	evening := time.Date(2026, 12, 1, 20, 0, 0, 0, berlin)
	clock := testclock.At(evening)
	if got := clock.Now(); got != evening {
		t.Errorf("at first it shows %s, want %s", got, evening)
	}
	clock.Pass(90 * time.Minute)
	clock.Pass(-30 * time.Minute)
	if got, want := clock.Now(), evening.Add(time.Hour); got != want {
		t.Errorf("an hour later it shows %s, want %s", got, want)
	}
	clock.Set(evening)
	if got := clock.Now(); got != evening {
		t.Errorf("turned back it shows %s, want %s", got, evening)
	}
}

// TestClockIsSharedByGoroutines says more with -race.
func TestClockIsSharedByGoroutines(t *testing.T) {
	begin := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	clock := testclock.At(begin)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { clock.Pass(time.Second); clock.Now() })
	}
	all.Wait()
	if got, want := clock.Now().Sub(begin), 50*time.Second; got != want {
		t.Errorf("%s have passed, want %s", got, want)
	}
}
