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
	for name, query := range map[string]string{
		"history": readCheckins, "answers": readAnswersKept,
		"due check-ins": dueCheckins, "due refusals": dueRefusals, "due print logs": duePrintLogs,
		"visits": readVisits + `($2)`, "visits since": readVisitsSince,
	} {
		plan, err := all(t.Context(), s.reader, step, `EXPLAIN QUERY PLAN `+query, "a", 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, detail := range plan {
			if strings.HasPrefix(detail, "SCAN") {
				t.Errorf("%s: %s, want a search in an index", name, detail)
			}
		}
	}
}
