package pretixsim

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// TestNonce walks the table of what a nonce does, one ticket per story.
func TestNonce(t *testing.T) {
	w := newSeeded(t)
	other := "another"
	w.AddDevice(Device{Token: other})
	team, device, device2 := "Token "+w.Token, "Device "+w.DeviceToken, "Device "+other
	once, multi, daily := w.Lists.Series, w.Lists.Multi, w.Lists.Daily

	n := -1
	var story string
	begin := func(name string) { n++; story = name }
	scan := func(auth string, list int, more, want, wantStored string) {
		t.Helper()
		got, stored := w.scan(auth, w.Fresh[n], list, more)
		if got != want || stored != wantStored {
			t.Errorf("%s: %s: got %s, stored %s; want %s, stored %s", story, more, got, stored, want, wantStored)
		}
	}
	const (
		ok, used             = "201 ok", "400 error already_redeemed"
		day1, day2           = `, "nonce": "day1"`, `, "nonce": "day2"`
		nothing, kept, fails = "nothing", "check-in", "failed"
		force, simulate      = `, "force": true`, `, "simulate": true`
		exit                 = `, "type": "exit"`
	)

	begin("one day")
	scan(team, once, day1, ok, kept)
	scan(team, once, day1+`, "datetime": "2026-12-24T12:00:00Z"`, ok, nothing)
	scan(team, once, day2, used, fails)
	scan(team, once, day2, used, fails) // a refused try does not claim its nonce
	scan(team, once, "", used, fails)
	scan(team, once, day1, ok, nothing)
	scan(team, w.Lists.RunningOnly, day1, ok, kept) // scope is the list
	scan(device, once, day1, ok, nothing)           // the latest check-in has it
	scan(team, once, day1+force, ok, nothing)

	begin("another ticket with the same nonce")
	scan(team, once, day1, ok, kept)

	begin("forced on the second day")
	scan(team, once, day1, ok, kept)
	w.now = w.now.Add(time.Minute)
	scan(team, once, day2+force, ok, kept)
	scan(team, once, day2, ok, nothing)
	scan(team, once, day1, ok, nothing) // the same caller made it
	scan(device, once, day1, used, fails)
	scan(device2, once, day1, used, fails)

	begin("a list with any number of entries")
	scan(team, multi, day1, ok, kept)
	scan(team, multi, day1, ok, nothing)
	scan(team, multi, day2, ok, kept)
	scan(team, multi, "", ok, kept)

	begin("exit with the entry's nonce is lost")
	scan(team, once, day1, ok, kept)
	scan(team, once, day1+exit, ok, nothing)
	w.now = w.now.Add(time.Minute)
	scan(team, once, `, "nonce": "day1-exit"`+exit, ok, kept)
	scan(team, once, day1, ok, nothing)
	scan(team, once, day1+exit, ok, kept) // no longer the latest, and an older one counts for its own type only
	scan(team, once, day2, ok, kept)      // re-entry: the day limit is gone

	begin("simulated")
	scan(team, once, day1+simulate, ok, nothing)
	scan(team, once, day1, ok, kept)
	scan(team, once, day2+simulate, used, nothing)
	scan(team, once, day1+simulate, ok, nothing)

	begin("blocked after the first use")
	scan(team, once, day1, ok, kept)
	w.BlockPosition(w.Fresh[n].Position, "admin")
	scan(team, once, day1, "400 error blocked", fails)

	begin("a rule counts entries before the nonce is looked at")
	scan(team, daily, day1, ok, kept)
	scan(team, daily, day1, "400 error rules", fails)

	begin("annulled")
	scan(team, once, `, "nonce": "single"`, ok, kept)
	if code, _ := w.post(api+"checkinrpc/annul/", fmt.Sprintf(`{"lists": [%d], "nonce": "single"}`, once)); code != 200 {
		t.Errorf("annul: %d", code)
	}
	scan(team, once, `, "nonce": "single"`, ok, kept)

	begin("annulment finds nobody when a day's nonce is shared")
	if code, _ := w.post(api+"checkinrpc/annul/", fmt.Sprintf(`{"lists": [%d], "nonce": "day1"}`, once)); code != 400 {
		t.Errorf("annul a shared nonce: %d, want 400", code)
	}
}

// TestTwoAtOnce: two simultaneous scans with different nonces store one check-in, and so do two with the same.
func TestTwoAtOnce(t *testing.T) {
	w := newSeeded(t)
	for n, nonces := range [][2]string{{"a", "b"}, {"c", "c"}} {
		var both sync.WaitGroup
		for _, nonce := range nonces {
			both.Go(func() {
				body := fmt.Sprintf(`{"secret": %q, "lists": [%d], "nonce": %q}`, w.Fresh[n].Secret, w.Lists.Series, nonce)
				w.send("POST", api+"checkinrpc/redeem/", "Token "+w.Token, body)
			})
		}
		both.Wait()
		stored := 0
		for _, ci := range w.Checkins(w.Event) {
			if ci.Position == w.Fresh[n].Position && ci.Successful {
				stored++
			}
		}
		if stored != 1 {
			t.Errorf("nonces %v: %d check-ins stored", nonces, stored)
		}
	}
}
