package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

func TestScanThatIsNotOnDiskIsNoAdmission(t *testing.T) {
	const tickets = 400
	s := storetest.Open(t, storetest.SQLiteURL(t))
	d := newDoor(t, s, newFair(tickets))
	limit := func(pages int) {
		t.Helper()
		if err := s.Exec(t.Context(), `PRAGMA max_page_count = `+strconv.Itoa(pages)); err != nil {
			t.Fatal(err)
		}
	}
	pages, err := s.Query(t.Context(), `PRAGMA page_count`)
	if err != nil {
		t.Fatal(err)
	}
	now, err := strconv.Atoi(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	limit(now + 4) // the disk is nearly full

	verdicts := make([]scanproxy.Type, tickets)
	failures := inParallel(tickets, func(i int) error {
		v, err := d.Scan(t.Context(), north, entry(i+1))
		verdicts[i] = v.Type
		return err
	})
	limit(1 << 30)
	full := 0
	for i, err := range failures {
		want := scanproxy.Used
		if err != nil {
			full++
			want = scanproxy.Valid
		}
		if (err == nil) != (verdicts[i] == scanproxy.Valid) {
			t.Errorf("ticket %d: %q, %v", i+1, verdicts[i], err)
		}
		if again := scans(t, d, entry(i+1)); again.Type != want {
			t.Errorf("ticket %d with a larger disk: %s, want %s", i+1, again.Type, want)
		}
	}
	if full == 0 || full == tickets {
		t.Errorf("%d of %d scans failed, want some", full, tickets)
	}
}

// What waits together is written together. One that cannot be written must not keep the others out.
func TestFailingScanFailsAlone(t *testing.T) {
	const tickets, bad = 50, 13
	for _, how := range []string{"ABORT", "ROLLBACK"} {
		t.Run(how, func(t *testing.T) {
			s := storetest.Open(t, storetest.SQLiteURL(t))
			d := newDoor(t, s, newFair(tickets))
			trigger := fmt.Sprintf(`CREATE TRIGGER broken BEFORE INSERT ON checkins WHEN NEW.position = %d
				BEGIN SELECT RAISE(%s, 'broken'); END`, bad, how)
			if err := s.Exec(t.Context(), trigger); err != nil {
				t.Fatal(err)
			}
			for i, err := range inParallel(tickets, func(i int) error {
				v, err := d.Scan(t.Context(), north, entry(i+1))
				if err == nil && v.Type != scanproxy.Valid {
					return fmt.Errorf("verdict %s", v.Type)
				}
				return err
			}) {
				if (err != nil) != (i+1 == bad) {
					t.Errorf("ticket %d: %v", i+1, err)
				}
			}
			wantRows(t, s, "check-ins", `SELECT count(*) FROM checkins`, strconv.Itoa(tickets-1))
		})
	}
}

func TestScanWhoseDeviceHasGoneIsAnError(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		d := newDoor(t, storetest.Open(t, url), newFair(1))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if v, err := d.Scan(gone, north, entry(1)); !errors.Is(err, context.Canceled) {
			t.Errorf("%q, %v, want canceled", v.Type, err)
		}
	})
}

func TestScanWithoutDatabaseIsAnError(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		d := newDoor(t, s, newFair(1))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if v, err := d.Scan(ctx, north, entry(1)); err == nil {
			t.Errorf("%q without a database", v.Type)
		}
	})
}

func TestScanWithoutCopyIsAnError(t *testing.T) {
	broken := errors.New("broken")
	d := newDoor(t, storetest.Open(t, storetest.SQLiteURL(t)), brokenCopy{newFair(1), broken})
	if v, err := d.Scan(t.Context(), north, entry(1)); !errors.Is(err, broken) {
		t.Errorf("%q, %v, want the error of the copy", v.Type, err)
	}
}

// brokenCopy cannot say its generation.
type brokenCopy struct {
	*memoryCopy
	err error
}

func (c brokenCopy) Generation(context.Context) (int64, error) { return 0, c.err }
