package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// hashCopy is a local copy that costs nothing: any number of tickets, found by arithmetic.
type hashCopy struct{ snapshot *scanproxy.Snapshot }

func (c hashCopy) Read(_ context.Context, f func(scanproxy.Lookup, int64) error) error {
	return f(c, 1)
}
func (c hashCopy) Generation(context.Context) (int64, error) { return 1, nil }

func (c hashCopy) Desk(ctx context.Context, at scanproxy.Selection, code scanproxy.Code) (scanproxy.Desk, error) {
	return c.snapshot.Desk(ctx, at, code)
}

func (c hashCopy) TicketsBySecret(_ context.Context, _ []string, code scanproxy.Code) ([]scanproxy.Ticket, error) {
	t := c.snapshot.Tickets[0]
	if _, err := fmt.Sscanf(code.Reveal(), "secret-%d", &t.ID); err != nil {
		return nil, err
	}
	t.Secret = code
	return []scanproxy.Ticket{t}, nil
}

func (c hashCopy) TicketsOnMedium(context.Context, []string, string, scanproxy.Code) (scanproxy.Medium, []scanproxy.Ticket, error) {
	return scanproxy.Medium{}, nil, nil
}

func (c hashCopy) AddOns(context.Context, scanproxy.Ticket) ([]scanproxy.Ticket, error) {
	return nil, nil
}

// BenchmarkScan is a durable scan of a distinct ticket; BenchmarkScanFloor beside it writes the same row through the same
// writer and nothing else. Both report per second, by the number of scanners in a closed loop.
func BenchmarkScan(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *store.Store) {
		d := newDoor(b, s, hashCopy{&newFair(1).snapshot})
		crowd(b, func(ticket int) error {
			v, err := d.Scan(b.Context(), north, entry(ticket))
			if err == nil && v.Type != scanproxy.Valid {
				err = fmt.Errorf("verdict %s", v.Type)
			}
			return err
		})
	})
}

func BenchmarkScanFloor(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *store.Store) {
		j := storetest.Journal(b, s)
		crowd(b, func(ticket int) error {
			c, a := admission(ticket)
			return j.Insert(b.Context(), c, a)
		})
	})
}

// admission is what the scan of a ticket writes.
func admission(ticket int) (scanproxy.Case, scanproxy.Admit) {
	at := evening().Truncate(time.Second)
	subject := scanproxy.Subject{
		Event: fair, List: gate.List, Position: int64(ticket), Secret: scanproxy.Code(numbered("secret", ticket)),
	}
	return scanproxy.Case{Subject: subject, Device: north, At: at}, scanproxy.Admit{Subject: subject, Type: scanproxy.Entry, At: at}
}

// crowd does the work with 1, 8 and 32 at a time.
func crowd(b *testing.B, work func(ticket int) error) {
	var next atomic.Int64
	for _, scanners := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(scanners), func(b *testing.B) {
			left := atomic.Int64{}
			left.Store(int64(b.N))
			var all sync.WaitGroup
			start := time.Now()
			b.ResetTimer()
			for range scanners {
				all.Go(func() {
					for left.Add(-1) >= 0 {
						if err := work(int(next.Add(1))); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "scans/s")
		})
	}
}

// BenchmarkChanged is what the first status costs the journal after a day without internet, and each one after it.
func BenchmarkChanged(b *testing.B) {
	const visits = 20_000
	eachEngine(b, func(b *testing.B, s *store.Store) {
		j := storetest.Journal(b, s)
		for _, err := range inParallel(visits, func(i int) error {
			c, a := admission(i + 1)
			return j.Insert(b.Context(), c, a)
		}) {
			if err != nil {
				b.Fatal(err)
			}
		}
		changed := func(b *testing.B, since scanproxy.JournalMark, want int) scanproxy.JournalMark {
			c, err := j.Changed(b.Context(), gate.List, since)
			if err != nil || !c.Complete || len(c.Positions) != want {
				b.Fatal(len(c.Positions), err)
			}
			return c.Mark
		}
		var mark scanproxy.JournalMark
		b.Run("first", func(b *testing.B) {
			for b.Loop() {
				mark = changed(b, scanproxy.JournalMark{}, visits)
			}
		})
		b.Run("next", func(b *testing.B) {
			for b.Loop() {
				changed(b, mark, 0)
			}
		})
	})
}
