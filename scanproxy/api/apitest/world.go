package apitest

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
)

// variables are what the names in the files stand for in world.json.
var variables = map[string]string{
	"ORG": "fjord", "EVENT": "harbor", "LIST": "1001", "LIST_NOPENDING": "1002", "EVENT2": "island", "LIST2": "2001",
	"SUBEVENT": "501", "POSITION": "9", "ORDER_CODE": "AAAAA", "ATTENDEE_NAME": "Ada ",
	"QUESTION": "901", "QUESTION_CHOICE": "905", "OPTION_ID": "9051", "OPTION_IDENT": "MEAT", "QUESTION_FILE": "909",
	"SECRET_VALID": "secretvalid00000000000000", "SECRET_USED": "secretused000000000000000",
	"SECRET_PENDING": "secretpending000000000000", "SECRET_EVENT2": "secretisland0000000000000",
	"SECRET_OTHER_PRODUCT": "secretbag0000000000000000", "SECRET_QUESTION": "secretquestion00000000000",
	"SECRET_QUESTION_CHOICE": "secretchoice0000000000000", "SECRET_QUESTION_FILE": "secretfile000000000000000",
	"SECRET_BADGE": "secretbadge00000000000000", "SECRET_ATTENTION": "secretattention0000000000",
	"SECRET_SLASH": "secretslash00000000000000", "SECRET_SLASH2": "secretslash20000000000000",
	"SECRET_OFFLINE": "secretoffline000000000000", "SECRET_DESK_VALID": "secretdesk000000000000000",
	"SECRET_CANCELED": "secretcanceled00000000000", "SECRET_RULES": "secretrules00000000000000",
}

// Rows are the objects of a resource of the mirror; event is "" for those of the organizer.
type Rows func(resource, event string) []json.RawMessage

// ReadRows reads world.json.
func ReadRows(t testing.TB, file string) Rows {
	t.Helper()
	var w struct {
		Events   []json.RawMessage
		Settings map[string]json.RawMessage
	}
	var lists map[string]json.RawMessage
	for _, to := range []any{&w, &lists} {
		data, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(data, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return func(resource, event string) (rows []json.RawMessage) {
		switch resource {
		case mirror.Events:
			return w.Events
		case mirror.Event:
			return slices.DeleteFunc(slices.Clone(w.Events), func(row json.RawMessage) bool { return slugOf(t, row) != event })
		case mirror.Settings:
			return []json.RawMessage{w.Settings[event]}
		}
		var byEvent map[string][]json.RawMessage
		if list := lists[resource]; list != nil {
			if err := json.Unmarshal(list, &byEvent); err != nil {
				t.Fatal(err)
			}
		}
		if resource == mirror.SubEvents {
			return slices.Concat(slices.Collect(maps.Values(byEvent))...)
		}
		return byEvent[event]
	}
}

func slugOf(t testing.TB, event json.RawMessage) string {
	t.Helper()
	var e struct{ Slug string }
	if err := json.Unmarshal(event, &e); err != nil {
		t.Fatal(err)
	}
	return e.Slug
}

// Fill does what a synchronisation does: it puts everything into a copy, as of an instant.
func Fill(t testing.TB, m *store.Mirror, at time.Time, rows Rows) {
	t.Helper()
	apply := func(resource, event string) {
		t.Helper()
		b := mirror.Batch{Key: mirror.Key{Resource: resource, Event: event}, Rows: rows(resource, event), Complete: true, At: at, Done: true}
		if err := m.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	apply(mirror.Events, "")
	apply(mirror.SubEvents, "")
	for _, event := range rows(mirror.Events, "") {
		for _, resource := range []string{
			mirror.Event, mirror.Settings, mirror.Categories, mirror.Items, mirror.Questions, mirror.Lists, mirror.Layouts, mirror.BadgeItems, mirror.Orders,
		} {
			apply(resource, slugOf(t, event))
		}
	}
}
