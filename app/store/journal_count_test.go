package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// watchedFinder and watchedJournal say what a count is about to ask.
type watchedFinder struct {
	scanproxy.Finder
	asked func(what string)
}

func (f watchedFinder) Changed(ctx context.Context, at scanproxy.Selection, since scanproxy.CopyMark) (scanproxy.ChangedTickets, error) {
	f.asked("changes of the copy")
	return f.Finder.Changed(ctx, at, since)
}

func (f watchedFinder) Count(ctx context.Context, at scanproxy.Selection, language string, positions []int64, since scanproxy.CopyMark) (
	scanproxy.Counted, error,
) {
	f.asked("the copy")
	return f.Finder.Count(ctx, at, language, positions, since)
}

type watchedJournal struct {
	scanproxy.Journal
	asked func(what string)
}

func (j watchedJournal) Changed(ctx context.Context, list int64, since scanproxy.JournalMark) (scanproxy.ChangedVisits, error) {
	j.asked("changes of the journal")
	return j.Journal.Changed(ctx, list, since)
}

func (j watchedJournal) Visits(ctx context.Context, list int64, positions []int64) ([]scanproxy.Visit, error) {
	j.asked("visits")
	return j.Journal.Visits(ctx, list, positions)
}

// While only new scans are counted, the copy begins to show one that was counted long ago.
func TestStatusIsOfOneGeneration(t *testing.T) {
	for _, moment := range []string{"changes of the copy", "changes of the journal", "visits", "the copy"} {
		t.Run("before "+moment, func(t *testing.T) {
			v := atDesk(t, 2)
			status := func(scanned int) {
				t.Helper()
				v.Pass(time.Second)
				if s, err := v.door.Status(t.Context(), gate); err != nil || s.AlreadyScanned != scanned || s.Inside != scanned {
					t.Errorf("%+v, %v, want %d scanned", s, err, scanned)
				}
			}
			v.scan(t, entry(1), scanproxy.Valid)
			v.upload(t)
			status(1)
			v.scan(t, entry(2), scanproxy.Valid)
			shown := false // of one question alone
			asked := func(what string) {
				if what == moment && !shown {
					shown = true
					v.showOnly(1)
				}
			}
			v.door.Finder, v.door.Journal = watchedFinder{v.door.Finder, asked}, watchedJournal{v.door.Journal, asked}
			status(2)
			if !shown {
				t.Errorf("nobody asked for %s", moment)
			}
			status(2)
		})
	}
}

// forgetfulFinder and forgetfulJournal have lost what had changed when they are asked for it.
type forgetfulFinder struct{ scanproxy.Finder }

func (f forgetfulFinder) Changed(ctx context.Context, at scanproxy.Selection, since scanproxy.CopyMark) (scanproxy.ChangedTickets, error) {
	c, err := f.Finder.Changed(ctx, at, since)
	c.Positions, c.Complete = nil, false
	return c, err
}

type forgetfulJournal struct{ scanproxy.Journal }

func (j forgetfulJournal) Changed(ctx context.Context, list int64, since scanproxy.JournalMark) (scanproxy.ChangedVisits, error) {
	c, err := j.Journal.Changed(ctx, list, since)
	if since.Rows.Last > 0 {
		c.Positions, c.Complete = nil, false
	}
	return c, err
}

func TestStatusCountsAnewWhereChangesAreForgotten(t *testing.T) {
	for _, c := range []struct {
		by    string
		wrong func(d *scanproxy.Door)
	}{
		{"the copy", func(d *scanproxy.Door) { d.Finder = forgetfulFinder{d.Finder} }},
		{"the journal", func(d *scanproxy.Door) { d.Journal = forgetfulJournal{d.Journal} }},
	} {
		t.Run("by "+c.by, func(t *testing.T) {
			v := atDesk(t, 3)
			status := func(scanned int) {
				t.Helper()
				v.Pass(time.Second)
				if s, err := v.door.Status(t.Context(), gate); err != nil || s.AlreadyScanned != scanned || s.Inside != scanned {
					t.Errorf("%+v, %v, want %d scanned", s, err, scanned)
				}
			}
			c.wrong(v.door)
			v.scan(t, entry(1), scanproxy.Valid)
			v.scan(t, entry(2), scanproxy.Valid)
			v.upload(t)
			status(2)
			v.showOnly(2)
			v.scan(t, entry(3), scanproxy.Valid)
			status(3)
		})
	}
}
