package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/rules"
)

// Facts are read before the journal's transaction. Each story puts something between the two.

func TestSyncBetweenReadingAndJudging(t *testing.T) {
	atVenues(t, 2, func(t *testing.T, v *venue) {
		v.scan(t, entry(1), scanproxy.Valid)
		v.upload(t)

		// Our own check-in comes back just before the journal judges facts that do not show it yet.
		reads := 0
		v.copy.read = func() {
			if reads++; reads < 3 {
				v.copy.show(1)
			} else {
				v.sync(t, 1)
			}
		}
		v.scan(t, entry(1), scanproxy.Used)

		// Somebody else's check-in comes in.
		v.copy.read = func() {
			v.copy.read = nil
			v.copy.show(2, scanproxy.Checkin{List: gate.List, Type: scanproxy.Entry, At: v.Now()})
		}
		v.scan(t, entry(2), scanproxy.Used)
	})
}

func TestOwnCheckinIsSettledForNewFactsOnly(t *testing.T) {
	at := scanproxy.Case{Subject: scanproxy.Subject{Event: fair, List: 1, Position: 1, Secret: "a"}, At: evening(), Device: north}
	seen := store.SeenCheckin{Event: fair, Position: 1, List: 1, Type: scanproxy.Entry, At: at.At.Truncate(time.Second)}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		j := storetest.Journal(t, s)
		admit(t, j, at)
		settle := func(generation int64) {
			t.Helper()
			if err := j.Settle(t.Context(), store.Fetched{Positions: []int64{1}, Checkins: []store.SeenCheckin{seen}}, generation); err != nil {
				t.Fatal(err)
			}
		}
		settled := func(position, generation int64) bool {
			t.Helper()
			c := at
			c.Position, c.Generation = position, generation
			return historyOf(t, j, c).Checkins[0].Settled
		}
		settle(3)
		if settled(1, 3) {
			t.Error("settled before pretix was told: that was somebody else's")
		}
		if err := j.Begin(t.Context(), scanproxy.Checkins, 1); err != nil {
			t.Fatal(err)
		}
		settle(5)
		settle(7) // shown again
		if settled(1, 4) || !settled(1, 5) || settled(0, 5) {
			t.Errorf("settled for facts of generation 4 %v, of 5 %v, without facts %v; want only 5",
				settled(1, 4), settled(1, 5), settled(0, 5))
		}
	})
}

// pretix never shows a nonce. If our check-in were not recognised by its time, rules would count it twice.
func TestOwnCheckinIsCountedOnce(t *testing.T) {
	twice, err := rules.Parse([]byte(`{"<": [{"var": "entries_number"}, 2]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		story  string
		upload func(t *testing.T, v *venue)
	}{
		{"uploaded and settled", func(t *testing.T, v *venue) { v.upload(t); v.sync(t, 1) }},
		{"uploaded, not settled yet", func(t *testing.T, v *venue) { v.upload(t); v.showOnly(1) }},
		{"the answer got lost", func(t *testing.T, v *venue) {
			v.loseAnswer()
			v.upload(t)
			v.showOnly(1)
		}},
	} {
		t.Run(c.story, func(t *testing.T) {
			v := atVenue(t, 1)
			list := v.copy.snapshot.Lists[gate]
			list.MultipleEntries, list.Rules = true, twice
			v.scan(t, entry(1), scanproxy.Valid)
			v.Pass(time.Hour)
			c.upload(t, v)
			v.scan(t, entry(1), scanproxy.Valid)
			v.scan(t, entry(1), scanproxy.Rules)
		})
	}
}

// showOnly is a sync whose settling has not come yet.
func (v *venue) showOnly(ticket int) {
	var shown []scanproxy.Checkin
	for _, c := range v.accepted(ticket) {
		shown = append(shown, scanproxy.Checkin{List: int64(c.List), Type: scanproxy.Entry, At: c.At})
	}
	v.copy.show(int64(ticket), shown...)
}

func TestAnnulledCheckinFreesTheTicket(t *testing.T) {
	atVenues(t, 2, func(t *testing.T, v *venue) {
		for ticket := range 2 {
			v.scan(t, entry(ticket+1), scanproxy.Valid)
		}
		v.upload(t)
		v.copy.show(1)
		v.scan(t, entry(1), scanproxy.Used) // pretix has it, our copy does not yet
		v.sync(t, 1)
		v.copy.show(1)
		v.scan(t, entry(1), scanproxy.Valid)
	})
}

func TestAnswersAreKeptUntilPretixHasThem(t *testing.T) {
	at := scanproxy.Case{
		Subject: scanproxy.Subject{Event: fair, List: 1, Position: 1, Secret: "a"}, At: evening(), Device: north, Generation: 9, Asks: true,
	}
	elsewhere := at
	elsewhere.List = 2
	says := func(text string) []scanproxy.Answer { return []scanproxy.Answer{{Question: 4, Text: text}} }
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		j := storetest.Journal(t, s)
		judge := func(c scanproxy.Case, v scanproxy.Verdict) {
			t.Helper()
			_, err := j.Judge(t.Context(), c, func(scanproxy.History) (scanproxy.Verdict, error) { return v, nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		kept := func(story string, want []scanproxy.Answer) {
			t.Helper()
			if diff := cmp.Diff(want, historyOf(t, j, at).Answers); diff != "" {
				t.Errorf("%s (-want +got):\n%s", story, diff)
			}
		}
		judge(elsewhere, scanproxy.Verdict{Keep: says("no")})
		kept("refused at another list", says("no"))
		judge(at, scanproxy.Verdict{Keep: says("yes"), Admit: &scanproxy.Admit{
			Subject: at.Subject, Type: scanproxy.Entry, At: at.At.Truncate(time.Second), Answers: says("yes"),
		}})
		kept("admitted", says("yes"))
		if err := j.Begin(t.Context(), scanproxy.Checkins, 1); err != nil {
			t.Fatal(err)
		}
		seen := store.SeenCheckin{Position: 1, List: 1, Type: scanproxy.Entry, At: at.At.Truncate(time.Second)}
		if err := j.Settle(t.Context(), store.Fetched{Positions: []int64{1}, Checkins: []store.SeenCheckin{seen}}, 9); err != nil {
			t.Fatal(err)
		}
		kept("pretix has it", nil)
		at.At = at.At.Add(time.Hour)
		judge(at, scanproxy.Verdict{Keep: says("maybe")})
		kept("answered anew", says("maybe"))
	})
}

func TestVisitsAreWhatPretixDoesNotShowYet(t *testing.T) {
	atVenues(t, 3, func(t *testing.T, v *venue) {
		v.scan(t, entry(1), scanproxy.Valid)
		v.scan(t, exit(1), scanproxy.Valid)
		v.scan(t, entry(2), scanproxy.Valid)
		v.scan(t, entry(3), scanproxy.Valid)
		v.upload(t)
		v.sync(t, 2)
		of := func(positions ...int64) func() ([]scanproxy.Visit, error) {
			return func() ([]scanproxy.Visit, error) { return v.journal.Visits(t.Context(), gate.List, positions) }
		}
		for _, c := range []struct {
			story string
			ask   func() ([]scanproxy.Visit, error)
			want  []int64 // positions
		}{
			{"some", of(1, 2), []int64{1, 1}},
			{"settled", of(2), nil},
			{"none", of(), nil},
		} {
			var got []int64
			visits, err := c.ask()
			for _, v := range visits {
				got = append(got, v.Position)
			}
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", c.story, err, diff)
			}
		}
	})
}
