package store

import (
	"path/filepath"
	"strings"
	"testing"
)

// A scan must not get slower with the size of the event, nor the queue with the number of check-ins that were sent.
func TestJournalReadsOnlyWhatItIsAskedFor(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	step := func(from row) (detail string, err error) {
		var id, parent, unused int
		err = from.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}
	for _, c := range []struct{ name, query, index string }{
		{"history", readCheckins, "checkins_by_secret"},
		{"answers", readAnswersKept, "kept_answers_by_position"},
		{"due check-ins", dueCheckins, "checkins_queued"},
		{"due refusals", dueRefusals, "refusals_queued"},
		{"due print logs", duePrintLogs, "print_logs_queued"},
		{"visits", readVisits + `($2, $3) ORDER BY id`, "checkins_by_position (position=?)"},
		{"unsettled", readUnsettled + `($2, $3)`, "checkins_by_position (position=?)"},
		{"confirmed", settleConfirmedNow, "checkins_by_position (position=?)"},
		{"visits since", readVisitsSince + ` ORDER BY id`, "checkins_unsettled (list=? AND id>?)"},
	} {
		plan, err := all(t.Context(), s.reader, step, `EXPLAIN QUERY PLAN `+c.query, "a", 1, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(plan, "; "); strings.Contains(text, "SCAN") || !strings.Contains(text, c.index) {
			t.Errorf("%s: %s, want a search in %s and no scan", c.name, text, c.index)
		}
	}
}
