package room_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix/pretixsim"
)

// signaled fails unless the holder of the pass hears the expected: "go", "changed", "wait room".
func signaled(t *testing.T, h *house, what string, p room.Pass, want string) {
	t.Helper()
	s := h.Watch(context.Background(), p)
	got := string(s.State)
	if s.State == room.SignalWait {
		got += " " + string(s.For)
	}
	if got != want {
		t.Errorf("%s: heard %q, want %q", what, got, want)
	}
}

func TestAWaitingPageGoesOnByItself(t *testing.T) {
	h := newHouse(t)
	p := h.look("closed").Pass()
	calls := len(h.Pretix.Requests())
	signaled(t, h, "closed", p, "wait room")
	h.clock.Pass(2 * time.Second)
	h.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	signaled(t, h, "started", p, "go")
	h.clock.Pass(3 * time.Hour)
	signaled(t, h, "hours later", p, "changed")
	if got := len(h.Pretix.Requests()) - calls; got != 0 {
		t.Errorf("waiting cost pretix %d requests", got)
	}
}

func TestAPageBeforeTheDoorsOpen(t *testing.T) {
	h := newHouse(t)
	a := h.look("tomorrow")
	answered(t, "a day ahead", a, "wait doors")
	signaled(t, h, "a day ahead", a.Pass(), "wait doors")
	h.clock.Set(a.Doors)
	signaled(t, h, "when the doors open", a.Pass(), "wait room")
}

func TestADoubleLoginGoesOnWhenTheOtherHasLeft(t *testing.T) {
	h := newHouse(t)
	a := h.enter("inside")
	answered(t, "inside", a, "refuse already_inside")
	signaled(t, h, "still inside", a.Pass(), "wait presence")
	h.BBB.Leave(cast.Running, fmt.Sprint(h.Story("inside").Position))
	h.clock.Pass(30 * time.Second)
	signaled(t, h, "left, and still listed", a.Pass(), "wait presence")
	h.clock.Pass(2 * time.Minute)
	signaled(t, h, "forgotten", a.Pass(), "go")
	answered(t, "inside", h.enter("inside"), "admit")
}

func TestALookWithAPassCostsPretixNothing(t *testing.T) {
	h := newHouse(t)
	v := h.visit("closed")
	first, err := h.Look(t.Context(), v)
	must(t, err)
	p := first.Pass()
	v.Pass = &p
	before := len(h.Pretix.Requests())
	for range 5 {
		h.clock.Pass(5 * time.Second)
		again, err := h.Look(t.Context(), v)
		must(t, err)
		answered(t, "again", again, "wait room")
	}
	h.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	h.clock.Pass(2 * time.Second)
	opened, err := h.Look(t.Context(), v)
	must(t, err)
	answered(t, "opened", opened, "confirm")
	if got := len(h.Pretix.Requests()) - before; got != 0 {
		t.Errorf("looking again cost pretix %d requests", got)
	}
}

// crowd are a thousand who wait in front of the closed room.
func crowd(h *house) []room.Pass {
	one := h.look("closed").Pass()
	all := make([]room.Pass, 1000)
	for i := range all {
		all[i] = one
		all[i].Position = int64(100_000 + i)
	}
	return all
}

// released lets the seconds pass and counts who is let go in each.
func released(h *house, waiting []room.Pass, seconds int) (gone []int, rest []room.Pass) {
	for range seconds {
		n := 0
		rest = nil
		for _, p := range waiting {
			if h.Watch(context.Background(), p).State == room.SignalGo {
				n++
			} else {
				rest = append(rest, p)
			}
		}
		gone, waiting = append(gone, n), rest
		h.clock.Pass(time.Second)
	}
	return gone, waiting
}

func TestAThousandAreLetInAtTheConfiguredRate(t *testing.T) {
	h := newHouse(t)
	waiting := crowd(h)
	h.clock.Pass(2 * time.Second)
	h.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	h.BBB.ResetRequests()
	pretixBefore := len(h.Pretix.Requests())
	gone, rest := released(h, waiting, 55)
	if len(rest) != 0 {
		t.Errorf("after 55 s %d of 1,000 still wait, at 20 a second", len(rest))
	}
	for second, n := range gone {
		if n > 2*20 { // the burst in the first second, the jitter of a second later
			t.Errorf("%d were let go in second %d, at 20 a second", n, second)
		}
	}
	if got := h.BBB.Calls("getMeetingInfo"); got > len(gone) {
		t.Errorf("BBB was asked %d times in %d s", got, len(gone))
	}
	if got := len(h.Pretix.Requests()) - pretixBefore; got != 0 {
		t.Errorf("pretix was asked %d times", got)
	}
}

func TestPretixIsBusyAndTheCrowdKeepsItsPlaces(t *testing.T) {
	h := newHouse(t)
	waiting := crowd(h)
	h.clock.Pass(2 * time.Second)
	h.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	_, waiting = released(h, waiting, 3)

	h.Pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Status: http.StatusTooManyRequests, RetryAfter: "30", Times: 1})
	answered(t, "one of the crowd", h.enter("closed"), "wait shop")
	signaled(t, h, "the others", waiting[0], "wait shop")
	gone, waiting := released(h, waiting, 30)
	for second, n := range gone {
		if n != 0 {
			t.Errorf("%d were let go in second %d of the pause", n, second)
		}
	}
	gone, _ = released(h, waiting, 5)
	for second, n := range gone {
		if n > 2*20 {
			t.Errorf("%d were let go in second %d after the pause, at 20 a second", n, second)
		}
	}
	if gone[1] == 0 || gone[2] == 0 {
		t.Errorf("after the pause nobody went on: %v", gone)
	}
}

func TestBBBIsAwayWhileACrowdWaits(t *testing.T) {
	h := newHouse(t)
	p := h.look("closed").Pass()
	h.clock.Pass(2 * time.Second)
	h.BBB.SetNodesDown(true)
	signaled(t, h, "BBB away", p, "wait room")
	h.BBB.SetNodesDown(false)
	h.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	signaled(t, h, "back, within the same second", p, "wait room")
	h.clock.Pass(2 * time.Second)
	signaled(t, h, "back", p, "go")
}
