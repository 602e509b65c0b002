package main

import (
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"
	"time"
)

// The price of a visit in calls to others, counted where they arrive. pretix' hosted service takes 360 a minute.
const (
	entryPretix = 2 // the order, the check-in
	entryBBB    = 1 // getMeetingInfo; the join link is signed, not asked for
	lookPretix  = 1 // the order
	lookBBB     = 1 // getMeetingInfo, for everybody together once a second
)

// errand is something a visitor does.
type errand struct {
	name  string
	do    func(h *house) (status int)
	want  int // status
	costs calls
}

// errands are in the order of an evening: whoever looks again or waits holds the pass that an earlier answer left behind.
func errands() []errand {
	look := func(key string) func(*house) int { return func(h *house) int { return h.look(key) } }
	first := func(key string) func(*house) int { return func(h *house) int { h.forgetPasses(); return h.look(key) } }
	enter := func(key string) func(*house) int { return func(h *house) int { return h.enter(key) } }
	return []errand{
		{"look", first("running"), http.StatusOK, calls{lookPretix, lookBBB}},
		{"look-of-the-next", first("no-consent"), http.StatusOK, calls{lookPretix, 0}},
		{"entry", enter("running"), http.StatusSeeOther, calls{entryPretix, entryBBB}},
		{"entry-again", enter("running"), http.StatusSeeOther, calls{entryPretix, entryBBB}},
		{"look-again", look("no-consent"), http.StatusOK, calls{0, 0}},
		{"entry-too-early", enter("closed"), http.StatusOK, calls{1, entryBBB}},
		{"waiting-look", look("closed"), http.StatusOK, calls{0, 0}},
		{"waiting-poll", (*house).poll, http.StatusOK, calls{0, 0}},
	}
}

// poll is what a waiting page without server-sent events does.
func (h *house) poll() (status int) {
	h.tb.Helper()
	_, body, err := visit(h.tb.Context(), h.visitor, http.MethodGet, h.club.Link(h.club.Story("closed").Token), nil)
	must(h.tb, err)
	path := regexp.MustCompile(`/wait/[0-9a-f]+/state`).FindString(body)
	if path == "" {
		h.tb.Fatal("the waiting page names no address to poll")
	}
	return h.fetch(http.MethodGet, h.base()+path, nil)
}

func TestAVisitCostsNoMoreCallsThanPromised(t *testing.T) {
	for _, reader := range readers {
		t.Run(reader.name, func(t *testing.T) {
			noon, later := time.Now(), atomic.Int64{}
			h := openHouse(t, houseOptions{
				play: reader.play, args: []string{"--scan-sync=1h"},
				now: func() time.Time { return noon.Add(time.Duration(later.Load())) },
			})
			h.warm()
			later.Store(int64(2 * time.Second)) // what warm heard of BBB is old; from here on it is one second that does not end
			for _, e := range errands() {
				h.forgetCalls()
				if status := e.do(h); status != e.want {
					t.Fatalf("%s: answered %d, want %d", e.name, status, e.want)
				}
				if got := h.calls(); got != e.costs {
					t.Errorf("%s: costs %+v, want %+v", e.name, got, e.costs)
				}
			}
			if found := append(h.club.Pretix.Problems(), h.club.BBB.Problems()...); len(found) > 0 {
				t.Errorf("a real pretix or BBB would not have liked that: %q", found)
			}
		})
	}
}

// What has to be known of a series before the first visitor is read once a minute, or lies in the copy.
func TestTheFirstVisitorCosts(t *testing.T) {
	for name, want := range map[string]int{
		"asks pretix":    1 + 5, // the order; event, date, check-in lists, the other dates, defaults of meta data
		"reads the copy": 1 + 1, // a device may not read those defaults
	} {
		t.Run(name, func(t *testing.T) {
			h := openHouse(t, houseOptions{play: readerCalled(t, name), args: []string{"--scan-sync=1h", "--product=1"}})
			if status := h.look("closed"); status != http.StatusOK || h.calls().pretix != want {
				t.Errorf("answered %d after %d calls to pretix, want %d", status, h.calls().pretix, want)
			}
		})
	}
}

// BenchmarkCalls reports the same, on a clock that goes on: what BBB is asked by those who only look is shared by all of
// one second.
func BenchmarkCalls(b *testing.B) {
	h := openHouse(b, houseOptions{args: []string{"--rate-ticket=100000"}})
	h.warm()
	costs, n := map[string]calls{}, 0
	for ; b.Loop(); n++ {
		for _, e := range errands() {
			h.forgetCalls()
			if status := e.do(h); status != e.want {
				b.Fatalf("%s: answered %d, want %d", e.name, status, e.want)
			}
			costs[e.name] = costs[e.name].plus(h.calls())
		}
	}
	b.ReportMetric(0, "ns/op") // of a whole evening: tells nothing
	for name, sum := range costs {
		b.ReportMetric(float64(sum.pretix)/float64(n), "pretix/"+name)
		b.ReportMetric(float64(sum.bbb)/float64(n), "bbb/"+name)
	}
}
