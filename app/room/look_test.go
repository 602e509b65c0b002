package room_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix/pretixsim"
)

func TestTwoPossibleListsAreTheOperatorsFault(t *testing.T) {
	h := newHouse(t)
	h.Pretix.AddList(cast.Event, pretixsim.List{Name: "Mehrfach", AllowMultipleEntries: true})
	answered(t, "running", h.enter("running"), "refuse misconfigured")
	h.Rules.List = "Teilnahme"
	answered(t, "with checkin_list", h.enter("running"), "admit")
}

func TestADoubleLoginInTheSameBrowserReadsDifferently(t *testing.T) {
	h := newHouse(t)
	answered(t, "phone", h.enter("running"), "admit")
	h.BBB.Enter(cast.Running, fmt.Sprint(h.Story("running").Position), "Erika", "VIEWER")
	h.clock.Pass(5 * time.Minute)
	if a := h.enter("running"); a.Why != room.AlreadyInside || !a.SameBrowser {
		t.Errorf("the phone again: %s, same browser %v", a.Why, a.SameBrowser)
	}
	tablet := h.visit("running")
	tablet.Browser = "tablet"
	if a := h.enterAs(tablet); a.Why != room.AlreadyInside || a.SameBrowser {
		t.Errorf("the tablet: %s, same browser %v", a.Why, a.SameBrowser)
	}
}

func TestWithoutDateWindowsOnlyTheRoomCounts(t *testing.T) {
	h := newHouse(t)
	h.Rules.DateWindow = false
	answered(t, "yesterday's date, and the room runs", h.enter("past"), "admit")
	answered(t, "tomorrow's date, and the room is closed", h.enter("tomorrow"), "wait room")
	if p := h.look("past").Pass(); p.Closes != 0 {
		t.Errorf("a pass without date windows closes at %d", p.Closes)
	}
}

func TestWhereTheParticipantLinkIsFound(t *testing.T) {
	for what, c := range map[string]struct {
		date, event map[string]string
		want        string
	}{
		"at the date":                  {map[string]string{"Teilnehmerlink": base + "/r/" + cast.Running}, nil, "admit"},
		"at the date, the other name":  {map[string]string{"Teilnahmelink": base + "/r/" + cast.Running}, nil, "admit"},
		"at the event":                 {nil, map[string]string{"Teilnehmerlink": base + "/r/" + cast.Running}, "admit"},
		"the first name anywhere wins": {map[string]string{"Teilnahmelink": "https://elsewhere.example/"}, map[string]string{"Teilnehmerlink": base + "/r/" + cast.Running}, "admit"},
		"nowhere":                      {nil, nil, "refuse room_missing"},
		"a room that we do not have":   {map[string]string{"Teilnehmerlink": base + "/r/abgebaut"}, nil, "refuse room_unknown"},
	} {
		h := newHouse(t)
		if c.event != nil {
			h.Pretix.EditEvent(cast.Event, func(e *pretixsim.Event) { e.Meta = c.event })
		}
		h.Pretix.EditSubEvent(cast.Event, h.Dates.Running, func(d *pretixsim.SubEvent) { d.Meta = c.date })
		answered(t, what, h.enter("running"), c.want)
	}
}

func TestTheNextDatesOfARoom(t *testing.T) {
	h := newHouse(t)
	r, err := h.store.Room(t.Context(), cast.Closed)
	must(t, err)
	from := eightInTheEvening.Add(24 * time.Hour)
	pushed := room.Date{RoomID: r.ID, Title: "doppelt", From: from, To: from.Add(time.Hour), Event: cast.Event, SubEvent: int64(h.Dates.Tomorrow)}
	_, err = h.store.PutDate(t.Context(), pushed)
	must(t, err)
	dates, err := h.NextDates(t.Context(), r, "de", berlin())
	must(t, err)
	var titles []string
	for _, d := range dates {
		titles = append(titles, d.Title+" "+d.From.Format("02.01. 15:04"))
	}
	want := []string{"Morsen lernen 01.12. 20:10", "Morsen lernen, Teil 2 02.12. 20:00", "Morsen lernen: Sprechstunde 04.12. 20:00"}
	if len(titles) != len(want) || titles[0] != want[0] || titles[1] != want[1] || titles[2] != want[2] {
		t.Errorf("the next dates are %q, want %q", titles, want)
	}
	h.Pretix.Fault("GET subevents", pretixsim.Fault{Status: 502})
	h.clock.Pass(48 * time.Hour)
	dates, _ = h.NextDates(t.Context(), r, "de", berlin())
	if len(dates) == 0 {
		t.Error("while pretix is away the room's own dates are lost, too")
	}
}

// Whether a date without a link of its own inherits one cannot be read. The others are shown.
func TestADateWhoseLinkCannotBeReadHidesNoOther(t *testing.T) {
	h := newHouse(t)
	r, err := h.store.Room(t.Context(), cast.Closed)
	must(t, err)
	h.Pretix.Fault("GET event_meta_properties", pretixsim.Fault{Status: 502})
	dates, err := h.NextDates(t.Context(), r, "de", berlin())
	if len(dates) != 3 || dates[0].Title != "Morsen lernen" || err == nil {
		t.Errorf("the next dates are %v, %v; want three, and what is wrong", dates, err)
	}
}

func TestARoomThatWaitsForItsModerator(t *testing.T) {
	h := newHouse(t)
	h.BBB.CreateMeeting(cast.Closed, "Morsen lernen", true)
	h.BBB.Enter(cast.Closed, "c-1", "Early bird", "VIEWER")
	r, err := h.store.Room(t.Context(), cast.Closed)
	must(t, err)
	r.WaitForModerator = true
	_, err = h.store.PutRoom(t.Context(), r)
	must(t, err)
	answered(t, "only viewers inside", h.enter("closed"), "wait room")
	h.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	answered(t, "the moderator came", h.enter("closed"), "admit")
}
