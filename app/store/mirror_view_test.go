package store_test

import (
	"fmt"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// everybodyReads reads so often that no connection is left out, and returns the names on the ticket as they were read.
func everybodyReads(t *testing.T, m *store.Mirror, secret scanproxy.Code) (names []string) {
	t.Helper()
	for range 10 {
		for _, found := range bySecret(t, m, secret) {
			names = append(names, found.AttendeeName)
		}
	}
	return names
}

// Between reads the view stays open, but never longer than it shows the present.
func TestWhatIsWrittenIsReadByEverybody(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		openFair(t, m)
		for _, name := range []string{"Anna", "Berta", "Carla"} {
			apply(t, m, orders(t, anOrder(1, aPosition(1, 1, fields{"attendee_name": name}))))
			names := everybodyReads(t, m, "secret-1-1")
			for _, got := range names {
				if got != name {
					t.Errorf("read %s, want %s", got, name)
				}
			}
			if len(names) != 10 {
				t.Errorf("the ticket was found %d times of 10", len(names))
			}
		}
	})
}

// Every change raises the generation by one: that and what is found belong together, also where only configuration is
// asked for, which is in memory.
func TestAReadTellsTheGenerationOfWhatItFinds(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		at := openFair(t, m)
		read := func(f func(l scanproxy.Lookup) error) (generation int64) {
			t.Helper()
			err := m.Read(t.Context(), func(l scanproxy.Lookup, of int64) error {
				generation = of
				return f(l)
			})
			if err != nil {
				t.Fatal(err)
			}
			return generation
		}
		ticket := func(l scanproxy.Lookup) error {
			_, err := l.TicketsBySecret(t.Context(), []string{"fair"}, "secret-1-1")
			return err
		}
		desk := func(l scanproxy.Lookup) error {
			_, err := l.Desk(t.Context(), at, "")
			return err
		}
		of := read(desk)
		for n, f := range []func(scanproxy.Lookup) error{ticket, desk, desk, ticket} {
			apply(t, m, orders(t, anOrder(1, aPosition(1, 1, fields{"attendee_name": fmt.Sprint(n)}))))
			if got := read(f); got != of+1 {
				t.Errorf("read %d: generation %d, want %d", n, got, of+1)
			}
			of++
		}
	})
}

// Whoever has read, and whoever read while something was written, does not keep the log from being emptied.
func TestAViewDoesNotKeepTheLog(t *testing.T) {
	m := openMirror(t, storetest.SQLiteURL(t), nil)
	openFair(t, m)
	emptied := func(story string) {
		t.Helper()
		left, err := m.LogLeft(t.Context())
		if err != nil || left != 0 {
			t.Errorf("%s: %d pages of the log are still needed, %v", story, left, err)
		}
	}
	change := func(name string) {
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, fields{"attendee_name": name}))))
	}
	everybodyReads(t, m, "secret-1-1")
	change("Anna")
	emptied("read before")
	err := m.Read(t.Context(), func(scanproxy.Lookup, int64) error {
		change("Berta")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	emptied("read meanwhile")
}

// A connection that came back just when something was written has a view that is too old.
func TestAnOldViewIsLeft(t *testing.T) {
	m := openMirror(t, storetest.SQLiteURL(t), nil)
	openFair(t, m)
	shown, err := m.Reenter(t.Context(), func() { apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil)))) })
	if present := generation(t, m); err != nil || shown != present {
		t.Errorf("generation %d is shown, %v; want %d", shown, err, present)
	}
}

// A read that fails leaves nothing behind for the next one.
func TestAReadThatFails(t *testing.T) {
	m := openMirror(t, storetest.SQLiteURL(t), nil)
	openFair(t, m)
	apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
	for range 10 {
		if err := m.Read(t.Context(), func(scanproxy.Lookup, int64) error { return store.ErrInUse }); err == nil {
			t.Error("the error is lost")
		}
	}
	if names := everybodyReads(t, m, "secret-1-1"); len(names) != 10 {
		t.Errorf("the ticket was found %d times of 10", len(names))
	}
}
