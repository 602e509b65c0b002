package main

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/app/room"
)

// The whole way in against a real pretix: every story of the door, then what pretix has kept of them. The stories build
// on each other, since a check-in at pretix cannot be taken back. They may be told again on the same data: the clock
// stands where it stood, so that the tickets of the seed are used again on the same day.
func TestTheWayInAgainstARealPretix(t *testing.T) {
	r := realPretix(t)
	before := r.checkins(t)
	begins := r.begins(t, "running")
	d := openDoor(t, r, begins.Add(40*time.Minute))
	next := openDoor(t, r, begins.Add(24*time.Hour+40*time.Minute), "--date-window=off")

	t.Run("admitted", func(t *testing.T) { admitted(t, d) })
	t.Run("refused", func(t *testing.T) { refused(t, d) })
	t.Run("asked", func(t *testing.T) { asked(t, d) })
	t.Run("waits", func(t *testing.T) { waits(t, d) })
	t.Run("again on the same day", func(t *testing.T) { again(t, d.in(t)) })
	t.Run("two browsers at once", func(t *testing.T) { atOnce(t, d.in(t)) })
	t.Run("scanned by somebody else", func(t *testing.T) { scanned(t, d.in(t)) })
	t.Run("annulled and entered again", func(t *testing.T) { annulled(t, d.in(t)) })
	t.Run("another day", func(t *testing.T) { otherDay(t, next) })
	t.Run("settings that do not fit", func(t *testing.T) { misfits(t, r, begins) })
	doors := []*door{d, next}
	t.Run("connections that break", func(t *testing.T) { doors = append(doors, outages(t, r, begins)) })
	t.Run("read back", func(t *testing.T) { readBack(t, r, before, doors...) })
	t.Run("no secret in the logs", func(t *testing.T) { silent(t, r, doors...) })
}

// dayOf is how an English page names the day of an instant.
func dayOf(t *testing.T, at time.Time) string {
	t.Helper()
	return inZone(t, at).Format("Monday, 2\u00a0January")
}

func inZone(t *testing.T, at time.Time) time.Time {
	t.Helper()
	zone, err := time.LoadLocation(rigZone)
	if err != nil {
		t.Fatal(err)
	}
	return at.In(zone)
}

func admitted(t *testing.T, d *door) {
	for _, c := range []struct {
		story, order string
		number       int // positionid in the token, 0: none
		is           int // positionid that is meant
		name, record string
	}{
		{"a ticket", "TRF01", 1, 1, "Erika Musterfrau (DL1ABC)", ""},
		{"two dates, the running one is meant", "TRF02", 0, 1, "Max Mustermann (DK2XY)", ""},
		{"three dates, consent refused for the running one", "TRF03", 0, 2, "Anna Beispiel", "false"},
		{"the other ticket of the order is canceled", "TRF07", 1, 1, "Bea Bleibt", ""},
		{"... and the token names no position", "TRF07", 0, 1, "Bea Bleibt", ""},
		{"the secret was replaced", "TRF09", 1, 1, "Rita Neu", ""},
		{"valid if pending", "TRF10", 1, 1, "Vera Gueltig", ""},
		{"awkward characters", "TRF15", 1, 1, `Jürgen Groß-Østergård 🎙 <b>"x"</b> (DL/OE1ÄÖ/P)`, ""},
	} {
		t.Run(c.story, func(t *testing.T) {
			d.in(t)
			d.leaveRoom(d.rig.ticket(c.order, c.is).ID)
			token := d.token(c.order, c.number)
			b := d.browser()
			looked := b.look(token)
			d.expect(looked, http.StatusOK)
			if notice := looked.fill().Has("seen"); notice != (c.record != "") {
				t.Errorf("the page shows a notice: %v", notice)
			}
			entered := d.enter(b, token, looked)
			d.expect(entered, http.StatusSeeOther)
			u := d.follow(b, entered, "running")
			if want := strconv.FormatInt(d.rig.ticket(c.order, c.is).ID, 10); u.UserID != want || u.FullName != c.name {
				t.Errorf("BBB has %s %q, want %s %q", u.UserID, u.FullName, want, c.name)
			}
			if got := u.UserData["bbb_record_video"]; got != c.record {
				t.Errorf("bbb_record_video is %q, want %q", got, c.record)
			}
			if u.Role != "VIEWER" || u.Guest != "false" || u.CreateTime == "" || u.State != "inside" {
				t.Errorf("BBB has %+v", u)
			}
		})
	}
}

// leaveRoom makes somebody who is inside leave, and waits until BBB has forgotten it.
func (d *door) leaveRoom(position int64) {
	d.bbb.Leave("running", strconv.FormatInt(position, 10))
	d.Pass(3 * time.Minute)
}

func refused(t *testing.T, d *door) {
	foreign := d.tokenOf("conf", "CONF1", 1)
	stale := cast.Sign(map[string]any{"order": "TRF01", "position": "1", "exp": d.Now().Add(-time.Hour).Unix()})
	for _, c := range []struct {
		story, token string
		status       int
		why          room.Reason
	}{
		{"pending", d.token("TRF04", 1), 403, room.OrderPending},
		{"expired", d.token("TRF05", 1), 403, room.OrderExpired},
		{"canceled", d.token("TRF06", 1), 403, room.OrderCanceled},
		{"this ticket of the order is canceled", d.token("TRF07", 2), 403, room.PositionCanceled},
		{"blocked", d.token("TRF08", 1), 403, room.Blocked},
		{"not approved", d.token("TRF11", 1), 403, room.OrderUnapproved},
		{"valid in two days", d.token("TRF12", 1), 403, room.NotYetValid},
		{"valid until yesterday", d.token("TRF13", 1), 403, room.NoLongerValid},
		{"yesterday's date", d.token("TRF19", 1), 410, room.DateOver},
		{"last week's date", d.token("TRF03", 1), 410, room.DateOver},
		{"an order of the test mode", d.token("TRF20", 1), 403, room.OrderTestMode},
		{"no such position", d.token("TRF01", 9), 404, room.PositionUnknown},
		{"no such order", d.token("NOPE1", 1), 404, room.OrderUnknown},
		{"an order of another event", d.token("CONF1", 1), 404, room.OrderUnknown},
		{"a token of another event", foreign, 403, room.LinkForeign},
		{"the link is too old", stale, 410, room.LinkExpired},
		{"somebody changed the link", foreign[:40] + "x" + foreign[41:], 403, room.LinkForged},
	} {
		t.Run(c.story, func(t *testing.T) {
			d.in(t)
			b := d.browser()
			looked := b.look(c.token)
			d.expect(looked, c.status, number(c.why))
			d.expect(d.enter(b, c.token, looked), c.status, number(c.why))
		})
	}
}

// asked: what the booking does not say is asked for, and nothing is checked in before it is answered.
func asked(t *testing.T, d *door) {
	t.Run("for a name", func(t *testing.T) {
		d.in(t)
		id := d.rig.ticket("TRF14", 1).ID
		had := len(checkinsOf(d.rig.checkins(t), id))
		b, unnamed := d.came(d.token("TRF14", 1))
		d.expect(unnamed, http.StatusOK, `name="name"`)
		if got := len(checkinsOf(d.rig.checkins(t), id)); got != had {
			t.Errorf("asking wrote %d check-ins", got-had)
		}
		entered := d.enter(b, d.token("TRF14", 1), unnamed, "name", "Nina Neu")
		d.expect(entered, http.StatusSeeOther)
		if u := d.follow(b, entered, "running"); u.FullName != "Nina Neu" || u.UserData["bbb_record_video"] != "false" {
			t.Errorf("BBB has %+v", u)
		}
	})
	t.Run("who of two it is", func(t *testing.T) {
		d.in(t)
		token := d.token("TRF17", 0)
		_, anybody := d.came(token)
		d.expect(anybody, http.StatusOK, "Anton Paar", "Berta Paar")
		for number, name := range []string{"Anton Paar", "Berta Paar"} {
			id := d.rig.ticket("TRF17", number+1).ID
			b := d.browser()
			entered := d.enter(b, token, b.look(token), "position", strconv.FormatInt(id, 10))
			d.expect(entered, http.StatusSeeOther)
			if u := d.follow(b, entered, "running"); u.FullName != name {
				t.Errorf("BBB has %q, want %q", u.FullName, name)
			}
		}
	})
}

// waits: who comes before the time, or before the room is open, sees the room view, and goes on when it is time.
func waits(t *testing.T, d *door) {
	t.Run("for tomorrow's date", func(t *testing.T) {
		d.in(t)
		_, got := d.came(d.token("TRF03", 3))
		d.expect(got, http.StatusOK, "SDR-Workshop", "Room tomorrow")
	})
	t.Run("for the room", func(t *testing.T) {
		d.in(t)
		b, got := d.came(d.token("TRF18", 1))
		d.expect(got, http.StatusOK, "Morsen lernen", "Room soon")
		d.bbb.Start("soon", "Morsen lernen", false, "Anke Leitung (DF1AL)")
		d.Pass(2 * time.Second)
		entered := d.enter(b, d.token("TRF18", 1), got)
		d.expect(entered, http.StatusSeeOther)
		if u := d.follow(b, entered, "soon"); u.FullName != "Sofie Bald (DB1SB)" {
			t.Errorf("BBB has %q", u.FullName)
		}
	})
}
