package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
)

// readBack compares what pretix has kept with who was let in: one check-in each, at the time of the first entry, and
// none for anybody else.
func readBack(t *testing.T, r *rig, before []rigCheckin, doors ...*door) {
	after := r.checkins(t)
	came := map[int64]time.Time{}
	var scanned []int64
	for _, d := range doors {
		maps.Copy(came, d.admitted)
		scanned = append(scanned, d.scanned...)
	}
	for id, at := range came {
		kept := checkinsOf(after, id)
		if len(kept) != 1 {
			t.Errorf("position %d came in and has %d check-ins", id, len(kept))
			continue
		}
		if c := kept[0]; c.Type != "entry" || len(checkinsOf(before, id)) == 0 && !c.Datetime.Equal(at) {
			t.Errorf("position %d came at %v and has %+v", id, at, c)
		}
	}
	for _, c := range after {
		_, wasIn := came[c.Position]
		if c.Successful && !wasIn && !slices.Contains(before, c) && !slices.Contains(scanned, c.Position) {
			t.Errorf("nobody came in with position %d, and yet it has %+v", c.Position, c)
		}
	}
	t.Logf("%d tickets came in; pretix has %d check-ins on the list, %d before", len(came), len(after), len(before))
}

// silent: the logs of all that hold no credential and no name.
func silent(t *testing.T, r *rig, doors ...*door) {
	secrets := []string{cast.LinkSecret, cast.BBBSecret, r.Tokens["bridge"], "checksum=", "Musterfrau", "Mustermann", "Nina", "DL1ABC"}
	for _, o := range r.Orders {
		for _, p := range o.Positions {
			secrets = append(secrets, p.Secret)
		}
	}
	for _, ticket := range r.Fresh {
		secrets = append(secrets, ticket.Secret)
	}
	for _, d := range doors {
		log := d.logs.String()
		if !strings.Contains(log, "visit decided") {
			t.Fatal("the log does not hold what happened")
		}
		for _, secret := range secrets {
			if strings.Contains(log, secret) {
				t.Errorf("the log holds %.6q…", secret)
			}
		}
	}
}
