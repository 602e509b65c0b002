package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/testclock"
)

// hall is a house whose program can be stopped and started again, and which does nothing by itself: the test makes the
// rounds, turns the clock, and cuts the line to pretix.
type hall struct {
	*house
	*testclock.Clock
	away  atomic.Bool // pretix
	pages *httptest.Server
}

func openHall(t *testing.T, play faces) *hall {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	must(t, err)
	evening := testclock.At(time.Date(2026, 12, 1, 20, 0, 0, 0, berlin))
	h := &hall{Clock: evening, house: &house{tb: t, visitor: newVisitor(t), stage: &stage{folder: t.TempDir()}}}
	must(t, h.open(t.Context(), houseOptions{
		play: play, now: evening.Now,
		upstream: func(behind http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if h.away.Load() && strings.HasPrefix(r.URL.Path, "/api/v1/") {
					panic(http.ErrAbortHandler)
				}
				behind.ServeHTTP(w, r)
			})
		},
	}))
	h.round()
	h.serve()
	t.Cleanup(func() {
		h.pages.Close()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *hall) serve() {
	h.pages = &httptest.Server{Listener: h.entrance, Config: h.program.pagesServer()}
	h.pages.Start()
}

// restart stops the program, and starts it on the same database at the same address.
func (h *hall) restart() {
	h.tb.Helper()
	h.pages.Close()
	cfg, now := h.program.Config, h.program.now
	must(h.tb, h.program.Close())
	var err error
	h.program, err = wire(context.Background(), cfg, cfg.Log.logger(io.Discard), now)
	must(h.tb, err)
	h.entrance, err = (&net.ListenConfig{}).Listen(h.tb.Context(), "tcp", h.entrance.Addr().String())
	must(h.tb, err)
	h.serve()
}

// sees fetches an address and checks what it answers.
func (h *hall) sees(what, address string, status int, says string) {
	h.tb.Helper()
	got, body, err := visit(h.tb.Context(), h.visitor, http.MethodGet, address, nil)
	must(h.tb, err)
	if got != status || !strings.Contains(body, says) {
		h.tb.Errorf("%s: answered %d, want %d with %q\n%s", what, got, status, says, body)
	}
}

func (h *hall) ticket(story string) string { return h.club.Link(h.club.Story(story).Token) }

func (h *hall) room(slug string) string { return h.base() + "/r/" + slug }

// Five minutes before the date begins the server is started anew, and the line to pretix is down.
func TestARestartWhilePretixIsAway(t *testing.T) {
	for _, c := range []struct {
		name          string
		reader        faces
		waits         int // the status for somebody who waited before
		reads, listed string
	}{
		{"asks pretix", bridgeOnly, http.StatusServiceUnavailable, "601", "Sprechstunde"}, // a date of einlass' own
		{"reads the copy", bothFaces, http.StatusOK, "Morsen lernen", "Morsen lernen, Teil 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := openHall(t, c.reader)
			h.sees("before", h.ticket("closed"), http.StatusOK, "Morsen lernen")
			h.away.Store(true)
			h.Pass(5 * time.Minute)
			h.restart()
			h.sees("who waited before", h.ticket("closed"), c.waits, c.reads)
			h.sees("the room's page", h.room(cast.Closed), http.StatusOK, c.listed)
			h.sees("who comes now", h.ticket("two-people"), http.StatusServiceUnavailable, "601")
			h.away.Store(false)
			h.Pass(time.Minute)
			h.sees("the line is back", h.ticket("two-people"), http.StatusOK, "Berta Paar")
		})
	}
}

// What the page says about tomorrow's date.
const (
	atEight = "Your date:</span> Wednesday, 2\u00a0December, 20:00"
	atNine  = "Your date:</span> Wednesday, 2\u00a0December, 21:00"
)

// A date is moved at pretix.
func TestADateThatIsMovedIsSeenAfterTheNextRound(t *testing.T) {
	h := openHall(t, bothFaces)
	h.sees("before", h.ticket("tomorrow"), http.StatusOK, atEight)
	from := h.program.now().Add(25 * time.Hour)
	h.club.Pretix.MoveSubEvent(cast.Event, h.club.Dates.Tomorrow, from, from.Add(time.Hour))
	h.Pass(2 * time.Second)
	h.sees("no round yet", h.ticket("tomorrow"), http.StatusOK, atEight)
	h.round()
	h.Pass(2 * time.Second)
	asked := h.team.Load()
	h.sees("after the round", h.ticket("tomorrow"), http.StatusOK, atNine)
	if n := h.team.Load() - asked; n != 0 {
		t.Errorf("the bridge asked pretix %d times", n)
	}
}

// The exchange with pretix is stuck while the bridge's own token works: nothing is seen later than without a copy.
func TestACopyThatIsStuckHidesNothing(t *testing.T) {
	h := openHall(t, bothFaces)
	h.sees("before", h.ticket("tomorrow"), http.StatusOK, atEight)
	from := h.program.now().Add(25 * time.Hour)
	h.club.Pretix.MoveSubEvent(cast.Event, h.club.Dates.Tomorrow, from, from.Add(time.Hour))
	h.Pass(time.Minute)
	h.sees("a minute later", h.ticket("tomorrow"), http.StatusOK, atNine)
}

// The proxy is a device of another organizer, whose event has the same short form.
func TestTheCopyOfAnotherOrganizerIsNotRead(t *testing.T) {
	h := openHall(t, bothFaces)
	h.forgetCalls()
	up := *h.program.Scan.upstream.Load()
	up.Organizer = "somebody-else"
	h.program.Scan.upstream.Store(&up)
	h.sees("the room", h.ticket("closed"), http.StatusOK, "Morsen lernen")
	if n := h.club.Pretix.Calls(http.MethodGet, "events/"+cast.Event+"/subevents/"); n == 0 {
		t.Error("the date was not asked for")
	}
}
