package store_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// busyFair is a fair where anything may happen, one thing after the other.
type busyFair struct {
	*rand.Rand
	door    *scanproxy.Door
	copy    *store.Mirror
	journal *store.Journal
	lists   []scanproxy.Selection
	rows    int64                // check-ins in the journal
	pulled  map[int]mirror.Batch // the last of each order
	now     time.Time
}

const busyOrders = 6 // of two tickets each

// Whatever has happened since the last status, the next one is what a plain count of all tickets says.
func TestStatusIsThatOfAPlainCount(t *testing.T) {
	const steps = 500
	atCopies(t, func(t *testing.T, d *scanproxy.Door, m *store.Mirror, j *store.Journal, list scanproxy.Selection) {
		f := &busyFair{
			Rand: rand.New(rand.NewPCG(3, 4)), door: d, copy: m, journal: j, now: doorsOpen, pulled: map[int]mirror.Batch{},
			lists: []scanproxy.Selection{list, {Event: list.Event, List: 8}},
		}
		d.Now = func() time.Time { return f.now }
		f.configure(t)
		for step := range steps {
			what := f.something(t)
			if f.IntN(3) == 0 {
				continue // more happens from one status to the next
			}
			f.now = f.now.Add(time.Second)
			for _, at := range f.lists {
				got, err := d.Status(t.Context(), at)
				if diff := cmp.Diff(f.plain(t, at), got); err != nil || diff != "" {
					t.Fatalf("step %d, %s, list %d: %v (-plain +got):\n%s", step, what, at.List, err, diff)
				}
			}
		}
	})
}

// The first count of each list would read, on the day of the event, of every ticket that it changed.
func TestCountBeginsWithoutChanges(t *testing.T) {
	atCopies(t, func(t *testing.T, _ *scanproxy.Door, m *store.Mirror, _ *store.Journal, list scanproxy.Selection) {
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		changed := func(story string, since scanproxy.CopyMark) scanproxy.ChangedTickets {
			t.Helper()
			c, err := m.Count(t.Context(), list, "en", nil, since)
			must(t, err)
			bare, err := m.Changed(t.Context(), list, since)
			must(t, err)
			if diff := cmp.Diff(c.Changed, bare); diff != "" {
				t.Errorf("%s (-of a count +asked for alone):\n%s", story, diff)
			}
			return bare
		}
		first := changed("first", scanproxy.CopyMark{})
		if first.Complete || len(first.Positions) != 0 {
			t.Errorf("first count: complete %t, %d tickets changed; want none, and not all", first.Complete, len(first.Positions))
		}
		apply(t, m, orders(t, anOrder(2, aPosition(2, 1, nil))))
		if next := changed("next", first.Mark); !next.Complete || len(next.Positions) != 1 {
			t.Errorf("next count: complete %t, %d tickets changed; want one, and all", next.Complete, len(next.Positions))
		}
	})
}

// An order comes as it was, so that nothing changes in the copy, but after pretix had confirmed our check-in: it was
// annulled there.
func TestStatusLetsGoOfACheckinThatWasAnnulledUnseen(t *testing.T) {
	atEntrances(t, func(t *testing.T, e *entrance) {
		e.pulled(t, 1)
		e.scan(t, "secret-1-1", scanproxy.Valid)
		e.entered(t, 1)
		e.told(t, 1)
		must(t, e.journal.End(t.Context(), scanproxy.Checkins, 1, scanproxy.Result{Outcome: scanproxy.Done, At: e.now}))
		e.entered(t, 1)
		again := orders(t, anOrder(1, aPosition(1, 1, fields{"checkins": []any{}})))
		again.Asked = e.now.Add(time.Second)
		apply(t, e.copy, again)
		e.entered(t, 0)
	})
}

// plain counts every ticket.
func (f *busyFair) plain(t *testing.T, at scanproxy.Selection) (s scanproxy.Status) {
	t.Helper()
	var tickets []scanproxy.Ticket
	var ids []int64
	rows, _, err := f.copy.Rows(t.Context(), mirror.Orders, at.Event, "", 1000)
	must(t, err)
	for _, raw := range rows {
		some, err := scanproxy.DecodeOrder(at.Event, raw)
		must(t, err)
		for _, ticket := range some {
			tickets, ids = append(tickets, ticket), append(ids, ticket.ID)
		}
	}
	own := map[int64][]scanproxy.OwnCheckin{}
	visits, err := f.journal.Visits(t.Context(), at.List, ids)
	must(t, err)
	for _, v := range visits {
		own[v.Position] = append(own[v.Position], v.OwnCheckin)
	}
	must(t, f.copy.Read(t.Context(), func(l scanproxy.Lookup, _ int64) error {
		desk, err := l.Desk(t.Context(), at, "")
		if err == nil {
			s = scanproxy.CountStatus(desk.Event, desk.List, tickets, "", func(ticket scanproxy.Ticket) []scanproxy.OwnCheckin { return own[ticket.ID] })
		}
		return err
	}))
	return s
}

// something happens; its name is returned.
func (f *busyFair) something(t *testing.T) string {
	t.Helper()
	switch f.IntN(12) {
	case 0, 1, 2, 3:
		return f.scan(t)
	case 4:
		return f.signed(t)
	case 5, 6:
		return f.upload(t)
	case 7, 8, 9:
		return f.pull(t)
	case 10:
		apply(t, f.copy, mirror.Batch{Key: mirror.Key{Resource: mirror.Media}, Rows: raws(t, fields{
			"id": f.IntN(3) + 1, "type": "barcode", "identifier": f.now.String(), "active": true, "linked_orderposition": nil,
		})})
		return "medium"
	}
	if f.IntN(3) == 0 {
		f.configure(t)
		return "configuration"
	}
	return "nothing"
}

func (f *busyFair) list() scanproxy.Selection { return f.lists[f.IntN(len(f.lists))] }

// scan shows some ticket. Every other time the clock stands still, so that check-ins meet in one second.
func (f *busyFair) scan(t *testing.T) string {
	t.Helper()
	f.now = f.now.Add(time.Duration(f.IntN(2)) * time.Second)
	s := scanproxy.Scan{
		Selected: []scanproxy.Selection{f.list()}, Type: scanproxy.Entry,
		Code: scanproxy.Code(numbered(numbered("secret", f.IntN(busyOrders)+1), f.IntN(2)+1)),
	}
	if f.IntN(3) == 0 {
		s.Type = scanproxy.Exit
	}
	if v := scans(t, f.door, s); v.Admit != nil {
		f.rows++
	}
	return "scan"
}

// signed is an entry whose ticket is known by its signed code alone.
func (f *busyFair) signed(t *testing.T) string {
	t.Helper()
	at := f.list()
	about := scanproxy.Subject{Event: at.Event, List: at.List, Secret: scanproxy.Code(numbered("signed", int(f.rows)))}
	_, err := f.journal.Judge(t.Context(), scanproxy.Case{Subject: about, At: f.now}, func(scanproxy.History) (scanproxy.Verdict, error) {
		return scanproxy.Verdict{Admit: &scanproxy.Admit{Subject: about, Type: scanproxy.Entry, At: f.now.Truncate(time.Second)}}, nil
	})
	must(t, err)
	f.rows++
	return "signed"
}

// upload begins to tell pretix of some check-in, or has told it; then the position of a signed ticket becomes known.
func (f *busyFair) upload(t *testing.T) string {
	t.Helper()
	if f.rows == 0 {
		return "nothing to upload"
	}
	id := f.Int64N(f.rows) + 1
	must(t, f.journal.Begin(t.Context(), scanproxy.Checkins, id))
	if f.IntN(2) == 0 {
		return "upload begun"
	}
	must(t, f.journal.End(t.Context(), scanproxy.Checkins, id, scanproxy.Result{
		Outcome: scanproxy.Done, At: f.now, Position: f.position(),
	}))
	return "uploaded"
}

func (f *busyFair) position() int64 { return int64((f.IntN(busyOrders)+1)*10 + f.IntN(2) + 1) }

// pull brings some order as it is at pretix now: with check-ins of ours and of others, perhaps as it was.
func (f *busyFair) pull(t *testing.T) string {
	t.Helper()
	n := f.IntN(busyOrders) + 1
	if again, before := f.pulled[n]; before && f.IntN(4) == 0 {
		again.Asked, again.At = f.now.Add(time.Hour), f.now
		apply(t, f.copy, again)
		return "pull of the same"
	}
	var positions []fields
	for number := 1; number <= 2-f.IntN(4)/3; number++ {
		checkins := []fields{}
		for _, at := range f.lists {
			visits, err := f.journal.Visits(t.Context(), at.List, []int64{int64(n*10 + number)})
			must(t, err)
			for i, v := range visits {
				types := map[scanproxy.ScanType][]string{scanproxy.Entry: {"entry", "exit"}, scanproxy.Exit: {"exit", "entry"}}[v.Type]
				if !v.Sent || f.IntN(2) == 0 {
					types = types[:f.IntN(3)] // somebody else's, of the same second
				} else {
					types = types[:1]
				}
				for k, typ := range types {
					checkins = append(checkins, fields{"id": 2*i + k, "list": at.List, "type": typ, "datetime": v.At.Format(time.RFC3339)})
				}
			}
		}
		if f.IntN(3) == 0 {
			checkins = append(checkins, fields{"id": 99, "list": f.list().List, "type": []string{"entry", "exit"}[f.IntN(2)],
				"datetime": f.now.Format(time.RFC3339)})
		}
		positions = append(positions, aPosition(n, number, fields{"item": f.IntN(2) + 1, "variation": f.IntN(2), "checkins": checkins}))
	}
	order := anOrder(n, positions...)
	order["status"] = []string{"p", "p", "p", "n", "c"}[f.IntN(5)]
	batch := orders(t, order)
	batch.Asked, batch.At = f.now, f.now
	apply(t, f.copy, batch)
	f.pulled[n] = batch
	return "pull"
}

// configure makes lists some way or other.
func (f *busyFair) configure(t *testing.T) {
	t.Helper()
	apply(t, f.copy, mirror.Batch{Key: mirror.Key{Resource: mirror.Lists, Event: f.lists[0].Event}, Complete: true, Done: true, Rows: raws(t,
		fields{"id": 7, "name": "Door", "all_products": true, "allow_multiple_entries": true, "include_pending": f.IntN(2) == 0},
		fields{"id": 8, "name": "Lunch", "all_products": false, "limit_products": []int{f.IntN(2) + 1}, "allow_entry_after_exit": true},
	)})
}
