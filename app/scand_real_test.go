package main

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

func TestScansAgainstARealPretix(t *testing.T) {
	r := realScanRig(t)
	g := openRealGate(t, r)
	g.round()
	for _, event := range []string{r.Event, r.ConfEvent, r.SigEvent} {
		if !g.ready(event) {
			t.Fatalf("the orders of %s are not here: %s", event, g.log)
		}
	}
	t.Run("verdicts", func(t *testing.T) { compareVerdicts(t, r, g) })
	t.Run("uploads", func(t *testing.T) { compareCheckins(t, r, g) })
}

// testMode is the order that is known to differ: docs/differences.md, "Tickets in test mode".
const testMode = "TRF20-1"

// compareVerdicts shows every code at every list, to the copy and to pretix.
func compareVerdicts(t *testing.T, r *scanRig, g *realGate) {
	c := &comparison{t: t, rig: r, gate: g, at: time.Now().Truncate(time.Second), heard: map[scanproxy.Type]int{}}
	codes := r.codes(t)
	for _, list := range r.lists() {
		exits := list.List == r.ConfLists["einaus"] || list.List == r.ConfLists["strikt"]
		var lists sync.WaitGroup
		for half := range 2 { // two at a time: the rig's pretix has two workers
			lists.Go(func() {
				for i := half; i < len(codes); i += 2 {
					c.show(codes[i], list, exits)
				}
			})
		}
		lists.Wait()
	}
	c.askAgain()
	t.Logf("%d of %d agree, %d differ as documented: %v", c.all-c.known-len(c.differ), c.all, c.known, c.heard)
	if len(c.heard) < 8 {
		t.Errorf("pretix said only %v: the seeded tickets are to bring about more", c.heard)
	}
	if c.known == 0 {
		t.Errorf("%s agrees: it is documented as different", testMode)
	}
}

// comparison is between the copy and pretix itself.
type comparison struct {
	t    *testing.T
	rig  *scanRig
	gate *realGate
	at   time.Time

	mu         sync.Mutex
	all, known int
	heard      map[scanproxy.Type]int
	differ     []difference
}

type difference struct {
	name string
	scan scanproxy.Scan
}

// show shows a code at a list: on the way in, without payment if that is what is missing, and on the way out.
func (c *comparison) show(what shown, list scanproxy.Selection, exits bool) {
	s := scanproxy.Scan{Selected: []scanproxy.Selection{list}, Code: scanproxy.Code(what.code), Source: what.source, Type: scanproxy.Entry}
	if c.compare(what.name, s) == scanproxy.Unpaid {
		unpaid := s
		unpaid.IgnoreUnpaid = true
		c.compare(what.name, unpaid)
	}
	if exits {
		s.Type = scanproxy.Exit
		c.compare(what.name, s)
	}
}

func (c *comparison) compare(name string, s scanproxy.Scan) (theirs scanproxy.Type) {
	ours, theirs := c.gate.judge(s, c.at), c.rig.simulate(c.t, s, c.at)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.heard[theirs]++
	switch {
	case ours == theirs:
	case name == testMode && ours == scanproxy.Invalid:
		c.known++
	default:
		c.differ = append(c.differ, difference{name, s})
	}
	return theirs
}

// askAgain asks both anew where they differ: somebody else may have been changing this pretix meanwhile.
func (c *comparison) askAgain() {
	if len(c.differ) == 0 {
		return
	}
	c.gate.round()
	c.differ = slices.DeleteFunc(c.differ, func(d difference) bool {
		ours, theirs := c.gate.judge(d.scan, c.at), c.rig.simulate(c.t, d.scan, c.at)
		if ours != theirs {
			c.t.Errorf("%s at %v (%s, unpaid too: %v): %s, pretix says %s", d.name, d.scan.Selected, d.scan.Type, d.scan.IgnoreUnpaid, ours, theirs)
		}
		return ours == theirs
	})
}

// compareCheckins scans a handful of tickets for real, and looks at what pretix has of it.
func compareCheckins(t *testing.T, r *scanRig, g *realGate) {
	list := scanproxy.Selection{Event: r.ConfEvent, List: r.ConfLists["einlass"]}
	tickets := r.unusedBulk(t, list, 5)
	for _, ticket := range tickets {
		if verdict := g.show(list, ticket); verdict != scanproxy.Valid {
			t.Fatalf("%s-%d: %s, want VALID", ticket.Order, ticket.PositionID, verdict)
		}
	}
	ids := make([]int64, len(tickets))
	for i, ticket := range tickets {
		ids[i] = ticket.ID
	}
	visits, err := g.Scan.Journal.Visits(t.Context(), list.List, ids)
	must(t, err)
	sent := map[int64]time.Time{}
	for _, v := range visits {
		sent[v.Position] = v.At
	}
	for _, moment := range []string{"after the upload", "after another round", "shown again"} {
		if moment == "shown again" {
			for _, ticket := range tickets {
				if verdict := g.show(list, ticket); verdict != scanproxy.Used {
					t.Errorf("%s-%d again: %s, want USED", ticket.Order, ticket.PositionID, verdict)
				}
			}
		}
		g.round()
		all := r.checkinsAt(t, list)
		for _, ticket := range tickets {
			found := checkinsOf(all, ticket.ID)
			if len(found) != 1 || !found[0].Datetime.Equal(sent[ticket.ID]) || found[0].Type != "entry" {
				t.Errorf("%s, %s-%d: pretix has %+v, want one entry at %s", moment, ticket.Order, ticket.PositionID, found, sent[ticket.ID])
			}
		}
	}
	t.Logf("%d scans, each one check-in at pretix, at the time of the scan", len(tickets))
}

// show shows a ticket at the door and returns the verdict.
func (g *realGate) show(list scanproxy.Selection, ticket rigTicket) scanproxy.Type {
	g.t.Helper()
	verdict, err := g.line.verdict(list, ticket.Secret)
	must(g.t, err)
	return verdict
}

// verdict shows a ticket and returns the type of the answer.
func (l *scannerLine) verdict(list scanproxy.Selection, secret string) (scanproxy.Type, error) {
	answer, err := l.ask(http.MethodPost, checkPath, checkBody(list.Event, list.List, secret))
	if err != nil {
		return "", err
	}
	return typeOf(answer)
}

// unusedBulk are n tickets that pretix would let in.
func (r *scanRig) unusedBulk(t *testing.T, list scanproxy.Selection, n int) (free []rigTicket) {
	t.Helper()
	const first, last, step = 100, 900, 10
	for at := first; at < last; at += step {
		for _, ticket := range r.bulk(t, at, step) {
			s := scanproxy.Scan{Selected: []scanproxy.Selection{list}, Code: scanproxy.Code(ticket.Secret), Source: scanproxy.Barcode, Type: scanproxy.Entry}
			if r.simulate(t, s, time.Now()) != scanproxy.Valid {
				continue
			}
			if free = append(free, ticket); len(free) == n {
				return free
			}
		}
	}
	t.Fatal("every bulk ticket of this pretix is used up: start it anew (e2e/rig/up --fresh)")
	return nil
}

// checkinsAt reads every check-in of a list.
func (r *scanRig) checkinsAt(t *testing.T, list scanproxy.Selection) (all []rigCheckin) {
	t.Helper()
	for number := 1; ; number++ {
		var page struct {
			Next    string
			Results []rigCheckin
		}
		path := "events/" + list.Event + "/checkins/?list=" + strconv.FormatInt(list.List, 10) + "&page=" + strconv.Itoa(number)
		if status := r.call(t, "all", http.MethodGet, path, nil, &page); status != http.StatusOK {
			t.Fatalf("check-ins: %d", status)
		}
		if all = append(all, page.Results...); page.Next == "" {
			return all
		}
	}
}
