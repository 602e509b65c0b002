package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEventsToCopy(t *testing.T) {
	var rows []json.RawMessage
	for _, row := range []string{
		`{"slug":"to-come","date_from":"2030-07-01T10:00:00Z","date_to":null}`,
		`{"slug":"going-on","date_from":"2030-05-01T10:00:00Z","date_to":"2030-06-02T10:00:00+02:00"}`,
		`{"slug":"over","date_from":"2030-05-01T10:00:00Z","date_to":"2030-05-30T10:00:00Z"}`,
		`{"slug":"over-without-end","date_from":"2030-05-01T10:00:00Z","date_to":null}`,
		`{"slug":"series","has_subevents":true,"date_from":"2020-05-01T10:00:00Z","date_to":null}`,
		`{"slug":"no-dates"}`,
	} {
		rows = append(rows, json.RawMessage(row))
	}
	got, err := currentEvents(rows, time.Date(2030, 6, 1, 9, 0, 0, 0, time.UTC))
	if diff := cmp.Diff([]string{"to-come", "going-on", "series", "no-dates"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := currentEvents([]json.RawMessage{json.RawMessage(`[]`)}, time.Time{}); err == nil {
		t.Error("a row that is no event was passed over")
	}
}
