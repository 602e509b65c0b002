package scanproxy_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/rules"
)

var saturday = time.Date(2030, 6, 1, 9, 30, 0, 0, time.UTC)

var gate = scanproxy.Selection{Event: "fair", List: 1}

// anyDoor draws an event with one list, and four tickets: two bases, of which the first has two add-ons, all on one card.
func anyDoor(t *rapid.T, allowed []string) *door {
	l := &scanproxy.List{
		ID: 1, Event: "fair", AllProducts: rapid.Bool().Draw(t, "all products"), Products: []int64{10, 20},
		IncludePending: rapid.Bool().Draw(t, "include pending"), MultipleEntries: rapid.Bool().Draw(t, "many entries"),
		EntryAfterExit: rapid.Bool().Draw(t, "re-entry"), MatchAddOns: rapid.Bool().Draw(t, "add-ons"),
	}
	if text := rapid.SampledFrom(allowed).Draw(t, "rule"); text != "" {
		l.Rules, l.RulesError = rules.Parse([]byte(text))
	}
	event := &scanproxy.Event{Slug: "fair", Zone: time.UTC, Dates: scanproxy.Dates{From: saturday}, Items: map[int64]scanproxy.Item{}}
	for _, id := range []int64{10, 20, 30} {
		event.Items[id] = scanproxy.Item{ID: id, Exchangeable: rapid.Bool().Draw(t, "exchangeable")}
	}
	s := scanproxy.Snapshot{
		Events: map[string]*scanproxy.Event{"fair": event},
		Lists:  map[scanproxy.Selection]*scanproxy.List{gate: l},
	}
	for i := range int64(4) {
		s.Tickets = append(s.Tickets, anyTicket(t, i+1))
	}
	s.Tickets[1].AddonTo, s.Tickets[2].AddonTo = 1, 1
	if rapid.Bool().Draw(t, "card") {
		s.Media = []scanproxy.LinkedMedium{{Medium: scanproxy.Medium{Active: true}, Type: scanproxy.Barcode, Identifier: "card", Positions: []int64{4, 1}}}
	}
	return newDoor(s)
}

func anyTicket(t *rapid.T, n int64) scanproxy.Ticket {
	moment := func(label string) time.Time {
		return rapid.SampledFrom([]time.Time{{}, saturday, saturday.Add(2 * time.Minute), saturday.Add(-time.Hour)}).Draw(t, label)
	}
	ticket := scanproxy.Ticket{
		Event: "fair", ID: n, PositionID: n, Secret: scanproxy.Code(fmt.Sprint("ticket", n)),
		Item: rapid.SampledFrom([]int64{10, 20, 30}).Draw(t, "item"), Blocked: rapid.IntRange(0, 9).Draw(t, "blocked") == 0,
		ValidFrom: moment("from"), ValidUntil: moment("until"),
		Order: scanproxy.Order{
			Code:           "ABC",
			Status:         rapid.SampledFrom([]scanproxy.OrderStatus{"p", "p", "p", "n", "e", "c"}).Draw(t, "status"),
			ValidIfPending: rapid.Bool().Draw(t, "valid if pending"),
		},
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "check-ins") {
		ticket.Checkins = append(ticket.Checkins, scanproxy.Checkin{
			ID: int64(i), List: rapid.Int64Range(1, 2).Draw(t, "on list"), Type: anyDirection(t),
			At: saturday.Add(-time.Duration(rapid.IntRange(1, 3000).Draw(t, "minutes ago")) * time.Minute),
		})
	}
	return ticket
}

func anyDirection(t *rapid.T) scanproxy.ScanType {
	return rapid.SampledFrom([]scanproxy.ScanType{scanproxy.Entry, scanproxy.Exit}).Draw(t, "direction")
}

func anyScan(t *rapid.T) scanproxy.Scan {
	return scanproxy.Scan{
		Selected: []scanproxy.Selection{gate}, Type: anyDirection(t),
		Code:         rapid.SampledFrom([]scanproxy.Code{"ticket1", "ticket2", "ticket4", "card", "nobody"}).Draw(t, "code"),
		Nonce:        rapid.SampledFrom([]string{"", "", "n1", "n2"}).Draw(t, "nonce"),
		IgnoreUnpaid: rapid.Bool().Draw(t, "ignore unpaid"),
	}
}

const (
	noRule     = ""
	countRule  = `{"<": [{"var": "entries_number"}, 2]}`
	insideRule = `{"==": [{"var": "entry_status"}, "absent"]}`
	timeRule   = `{"or": [{"isBefore": [{"var": "now"}, {"buildTime": ["date_from"]}, 2]}, {">": [{"var": "minutes_since_last_entry"}, 1]}]}`
)

var everyRule = []string{noRule, countRule, insideRule, timeRule}

// anyScans draws scans at rising times.
func anyScans(t *rapid.T) (scans []scanproxy.Scan, at []time.Time) {
	now := saturday
	for range rapid.IntRange(1, 8).Draw(t, "scans") {
		scans, at = append(scans, anyScan(t)), append(at, now)
		now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds later")) * time.Second)
	}
	return scans, at
}

// What is written fits what is said.
func TestVerdictAndEffectsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoor(t, everyRule)
		scans, at := anyScans(t)
		for i, s := range scans {
			v := d.scan(t, s, at[i])
			switch {
			case v.Rule == "" || v.Type == "":
				t.Errorf("no rule spoke: %+v", v)
			case v.Admit != nil && (v.Type != scanproxy.Valid || v.Report != nil):
				t.Errorf("%s (%s) writes a check-in", v.Type, v.Rule)
			case v.Type == scanproxy.Valid && (v.Report != nil || !v.CheckinAllowed):
				t.Errorf("VALID, but %+v", v)
			case v.Type == scanproxy.Valid && v.Admit == nil && s.Nonce == "":
				t.Errorf("VALID without nonce writes nothing")
			case v.Type != scanproxy.Valid && v.Report == nil && v.Type != scanproxy.Error:
				t.Errorf("%s (%s) is not reported", v.Type, v.Rule)
			}
		}
	})
}

// Who may leave does not depend on who came and went.
func TestExitsDoNotDependOnHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoor(t, everyRule)
		leave := anyScan(t)
		leave.Type, leave.Nonce = scanproxy.Exit, ""
		scans, at := anyScans(t)
		end := at[len(at)-1].Add(time.Second)
		own, _ := d.state()
		before := d.scan(t, leave, end)
		d.own = own
		for i, s := range scans {
			d.scan(t, s, at[i])
		}
		if after := d.scan(t, leave, end); after.Type != before.Type {
			t.Errorf("leaving was %s (%s), and is %s (%s) after %d scans", before.Type, before.Rule, after.Type, after.Rule, len(scans))
		}
	})
}

// A refused scan leaves no trace: without it, everybody else hears the same.
func TestRefusedScansChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		with := anyDoor(t, everyRule)
		without := newDoor(with.snapshot)
		scans, at := anyScans(t)
		for i, s := range scans {
			v := with.scan(t, s, at[i])
			if v.Type != scanproxy.Valid {
				continue
			}
			if w := without.scan(t, s, at[i]); w.Type != v.Type || (w.Admit == nil) != (v.Admit == nil) {
				t.Errorf("scan %d: %s (%s), but %s (%s) without the refused ones", i, v.Type, v.Rule, w.Type, w.Rule)
			}
		}
	})
}

// A device that lost the answer asks again with the same nonce: same answer, nothing new is written.
func TestSameNonceHasNoSecondEffect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoor(t, []string{noRule}) // a rule may well refuse the second time
		scans, at := anyScans(t)
		for i, s := range scans {
			v := d.scan(t, s, at[i])
			if v.Type != scanproxy.Valid || s.Nonce == "" {
				continue
			}
			again := d.scan(t, s, at[i])
			if again.Type != scanproxy.Valid || again.Admit != nil {
				t.Errorf("scan %d again: %s (%s), written %v", i, again.Type, again.Rule, again.Admit != nil)
			}
		}
	})
}

// On a list without many entries nobody is inside twice, whatever was scanned.
func TestNobodyEntersTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoor(t, everyRule)
		if d.snapshot.Lists[gate].MultipleEntries {
			t.Skip("a list for many entries")
		}
		inside := map[string]bool{}
		for _, ticket := range d.snapshot.Tickets {
			for _, c := range slices.SortedFunc(slices.Values(ticket.Checkins), func(a, b scanproxy.Checkin) int { return a.At.Compare(b.At) }) {
				if c.List == 1 {
					inside[fmt.Sprint(ticket.ID)] = c.Type == scanproxy.Entry
				}
			}
		}
		scans, at := anyScans(t)
		for i, s := range scans {
			v := d.scan(t, s, at[i])
			if v.Admit == nil {
				continue
			}
			key := ticketKey(v.Admit.Subject)
			if v.Admit.Type == scanproxy.Entry && inside[key] {
				t.Errorf("scan %d: ticket %s enters while inside", i, key)
			}
			inside[key] = v.Admit.Type == scanproxy.Entry
		}
	})
}

// The verdict depends on the facts, not on the order of rows in a database.
func TestDecideIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoor(t, everyRule)
		f, err := scanproxy.Gather(context.Background(), &d.snapshot, anyScan(t), saturday)
		if err != nil {
			t.Fatal(err)
		}
		first := scanproxy.Decide(f)
		f.MediumHits = rapid.Permutation(f.MediumHits).Draw(t, "linked tickets")
		f.AddOns = rapid.Permutation(f.AddOns).Draw(t, "add-ons")
		same := cmp.Comparer(func(a, b scanproxy.Code) bool { return a.Reveal() == b.Reveal() })
		if diff := cmp.Diff(first, scanproxy.Decide(f), same); diff != "" {
			t.Errorf("another order of rows (-first +second)\n%s", diff)
		}
	})
}

// Every word that an old app is sent is one that it knows.
func TestOldClientsHearKnownWords(t *testing.T) {
	for _, word := range []scanproxy.Type{
		scanproxy.AlreadyExchanged, scanproxy.MediumInvalid, scanproxy.MediumExists, scanproxy.ExchangeRequired,
		scanproxy.ExchangeRequiredOffline, "A_WORD_OF_A_LATER_VERSION",
	} {
		if got := (scanproxy.Verdict{Type: word}).ForOldClients(""); got.Type != scanproxy.Error || got.Message == "" {
			t.Errorf("%s becomes %s %q", word, got.Type, got.Message)
		}
	}
	used := scanproxy.Verdict{Type: scanproxy.Used, ReasonExplanation: "Used just now."}
	if got := used.ForOldClients(""); got.Type != scanproxy.Used || got.ReasonExplanation != used.ReasonExplanation {
		t.Errorf("USED becomes %s", got.Type)
	}
}
