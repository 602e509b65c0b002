package main

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/app/room"
)

// again: a look writes nothing; then any number of entries on one day are one check-in.
func again(t *testing.T, d *door) {
	ticket, had := d.rig.unused(t), len(d.rig.checkins(t))
	token := d.token(ticket.Order, 1)
	d.expect(d.browser().look(token), http.StatusOK)
	if n := len(d.rig.checkins(t)) - had; n != 0 {
		t.Errorf("a look wrote %d check-ins", n)
	}
	b, entered := d.came(token)
	d.expect(entered, http.StatusSeeOther)

	d.expect(d.enter(b, token, b.look(token)), http.StatusSeeOther) // the redirect got lost: the same browser gets it again
	other, held := d.came(token)
	d.expect(held, http.StatusConflict, number(room.LoginUnderWay))

	d.follow(b, entered, "running")
	d.Pass(2 * time.Second)
	d.expect(d.enter(other, token, held), http.StatusConflict, number(room.AlreadyInside))
	d.leaveRoom(ticket.ID)
	d.expect(d.enter(other, token, other.look(token)), http.StatusSeeOther)

	if n := len(checkinsOf(d.rig.checkins(t), ticket.ID)); n != 1 {
		t.Errorf("%d check-ins for one day", n)
	}
}

// atOnce: of two browsers with one ticket one gets in.
func atOnce(t *testing.T, d *door) {
	token := d.token(d.rig.unused(t).Order, 1)
	var answers [2]page
	var both sync.WaitGroup
	for i := range answers {
		b := d.browser()
		looked := b.look(token)
		both.Go(func() { answers[i] = d.enter(b, token, looked) })
	}
	both.Wait()
	slices.SortFunc(answers[:], func(a, b page) int { return cmp.Compare(a.status, b.status) })
	d.expect(answers[0], http.StatusSeeOther)
	d.expect(answers[1], http.StatusConflict, number(room.LoginUnderWay))
}

// scanned: somebody with a scanner at the same list was there first.
func scanned(t *testing.T, d *door) {
	begins := d.rig.begins(t, "running")
	for _, c := range []struct {
		at   time.Time
		why  room.Reason
		says string
	}{
		{begins, room.UsedToday, ""},
		{begins.Add(-26 * time.Hour), room.UsedOtherDay, dayOf(t, begins.Add(-26*time.Hour))},
	} {
		ticket := d.rig.unused(t)
		d.rig.scan(t, ticket, c.at, "scanner/1")
		d.scanned = append(d.scanned, ticket.ID)
		_, got := d.came(d.token(ticket.Order, 1))
		d.expect(got, http.StatusForbidden, number(c.why), c.says)
		if n := len(checkinsOf(d.rig.checkins(t), ticket.ID)); n != 1 {
			t.Errorf("%s has %d check-ins", ticket.Order, n)
		}
	}
}

// annulled: the nonce holds the position, so pretix finds the one check-in to annul; afterwards the day is free again.
func annulled(t *testing.T, d *door) {
	ticket := d.rig.unused(t)
	token := d.token(ticket.Order, 1)
	b, entered := d.came(token)
	d.expect(entered, http.StatusSeeOther)
	d.expect(d.enter(b, token, b.look(token)), http.StatusSeeOther)

	nonce := fmt.Sprintf("%s/%d", inZone(t, d.rig.begins(t, "running")).Format("2006-01-02"), ticket.ID)
	var done struct{ Status string }
	status := d.rig.call(t, "all", http.MethodPost, "checkinrpc/annul/", map[string]any{
		"lists": []int64{d.rig.Lists["series"]}, "nonce": nonce, "datetime": d.Now(),
	}, &done)
	if status != http.StatusOK || done.Status != "ok" {
		t.Fatalf("pretix annuls with %d %+v", status, done)
	}
	if n := len(checkinsOf(d.rig.checkins(t), ticket.ID)); n != 0 {
		t.Fatalf("%d check-ins are left", n)
	}
	d.expect(d.enter(b, token, b.look(token)), http.StatusSeeOther)
}

// otherDay: the clock has moved by a day. Only the room's state counts at this door, and the ticket's first day.
func otherDay(t *testing.T, next *door) {
	begins := next.rig.begins(t, "running")
	for _, c := range []struct {
		story, order string
		first        time.Time
	}{
		{"came in through this program", "TRF01", begins},
		{"was checked in when the seed was made", "TRF16", begins.Add(-23*time.Hour - 30*time.Minute)},
	} {
		t.Run(c.story, func(t *testing.T) {
			next.in(t)
			_, got := next.came(next.token(c.order, 1))
			next.expect(got, http.StatusForbidden, number(room.UsedOtherDay), dayOf(t, c.first))
		})
	}
	t.Run("comes for the first time", func(t *testing.T) {
		next.in(t)
		_, got := next.came(next.token(next.rig.unused(t).Order, 0))
		next.expect(got, http.StatusSeeOther)
	})
}

// misfits: what an operator may get wrong lets nobody in and writes nothing.
func misfits(t *testing.T, r *rig, begins time.Time) {
	for _, c := range []struct {
		mistake, option string
		status          int
		why             room.Reason
		says            string // in the log
	}{
		{"another product", "--product=4711", 403, room.WrongProduct, "why=wrong_product"},
		{"several lists fit", "--checkin-list=", 500, room.Misconfigured, "set checkin_list to one of these ids"},
		{"a token that may not check in", "--pretix-token=" + r.Tokens["readonly"], 500, room.Misconfigured, "pretix redeem: invalid"},
		{"a token that may not read orders", "--pretix-token=" + r.Tokens["checkinonly"], 500, room.Misconfigured, "pretix order: forbidden"},
		{"a token for another event", "--pretix-token=" + r.Tokens["otherevent"], 500, room.Misconfigured, "pretix event: forbidden"},
		{"an old token", "--pretix-token=" + r.Tokens["inactive"], 500, room.Misconfigured, "unauthorized"},
	} {
		t.Run(c.mistake, func(t *testing.T) {
			d := openDoor(t, r, begins.Add(40*time.Minute), c.option)
			ticket := r.unused(t)
			_, got := d.came(d.token(ticket.Order, 1))
			d.expect(got, c.status, number(c.why))
			if log := d.logs.String(); !strings.Contains(log, c.says) {
				t.Errorf("the log does not say %q\n%s", c.says, log)
			}
			if n := len(checkinsOf(r.checkins(t), ticket.ID)); n != 0 {
				t.Errorf("%d check-ins were written", n)
			}
		})
	}
}
