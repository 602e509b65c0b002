package room

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

func at(t *testing.T, zone *time.Location, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestTheDayOfACheckin(t *testing.T) {
	berlin := zoneOf(t, "Europe/Berlin")
	when := func(text string) time.Time { return at(t, berlin, text) }
	until := func(text string) *time.Time { w := when(text); return &w }
	evening := pretix.SubEvent{From: when("2026-12-01 19:00"), To: until("2026-12-01 21:00")}
	night := pretix.SubEvent{From: when("2026-12-01 23:00"), To: until("2026-12-02 01:00")}
	early := pretix.SubEvent{From: when("2026-12-02 00:15"), To: until("2026-12-02 02:00")}
	open := pretix.SubEvent{From: when("2026-12-01 22:00")}
	for _, c := range []struct {
		what string
		sub  pretix.SubEvent
		now  string
		want string
	}{
		{"an evening", evening, "2026-12-01 19:30", "2026-12-01"},
		{"in the morning of that day", evening, "2026-12-01 09:00", "2026-12-01"},
		{"the next day", evening, "2026-12-02 19:30", "2026-12-02"},
		{"after midnight, while it runs", night, "2026-12-02 00:30", "2026-12-01"},
		{"after midnight, in the grace", night, "2026-12-02 01:30", "2026-12-01"},
		{"after the grace", night, "2026-12-02 01:31", "2026-12-02"},
		{"before midnight, doors of a date after it", early, "2026-12-01 23:50", "2026-12-02"},
		{"after midnight, the same date", early, "2026-12-02 00:20", "2026-12-02"},
		{"open end, after midnight, in the grace", open, "2026-12-02 00:29", "2026-12-01"},
	} {
		w := WindowOf(c.sub, berlin, 30*time.Minute, 30*time.Minute)
		if got := Day(when(c.now), w, c.sub.From, berlin).Format(time.DateOnly); got != c.want {
			t.Errorf("%s: a check-in at %s counts for %s, want %s", c.what, c.now, got, c.want)
		}
	}
}

func TestTheDayIsOneOfTheEventsZone(t *testing.T) {
	auckland := zoneOf(t, "Pacific/Auckland")
	from := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC) // nine in the evening in Auckland
	to := from.Add(time.Hour)
	w := WindowOf(pretix.SubEvent{From: from, To: &to}, auckland, 0, 0)
	if got := Nonce(Day(from.Add(13*time.Hour), w, from, auckland), 26); got != "2026-12-02/26" {
		t.Errorf("the nonce is %q, want the day in Auckland", got)
	}
}

func TestPickList(t *testing.T) {
	series := pretix.CheckinList{ID: 1, Name: "Teilnahme", AllProducts: true}
	other := int64(9)
	single := pretix.CheckinList{ID: 2, Name: "Nur laufender", AllProducts: true, SubEvent: &other}
	second := pretix.CheckinList{ID: 3, Name: "Mehrfach", AllProducts: true}
	limited := pretix.CheckinList{ID: 4, Name: "Andere", LimitProducts: []int64{7}}
	for _, c := range []struct {
		what  string
		lists []pretix.CheckinList
		want  string
		id    int64 // 0: no list
		says  string
	}{
		{"the only one", []pretix.CheckinList{series}, "", 1, ""},
		{"one of the series beside one of another date", []pretix.CheckinList{series, single}, "", 1, ""},
		{"one for other products", []pretix.CheckinList{series, limited}, "", 1, ""},
		{"two for the series", []pretix.CheckinList{series, second}, "", 0, "1 (Teilnahme), 3 (Mehrfach)"},
		{"chosen by id", []pretix.CheckinList{series, second}, "3", 3, ""},
		{"chosen by name", []pretix.CheckinList{series, second}, "Teilnahme", 1, ""},
		{"chosen, and not there", []pretix.CheckinList{series}, "Einlass", 0, `"Einlass"`},
		{"none", nil, "", 0, "no list"},
		{"none that covers it", []pretix.CheckinList{limited}, "", 0, "product 5"},
	} {
		l, err := PickList(c.lists, 5, 8, c.want)
		if l.ID != c.id || (err != nil) != (c.id == 0) || err != nil && (!errors.Is(err, ErrNoList) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: got list %d and %v, want %d and %q", c.what, l.ID, err, c.id, c.says)
		}
	}
}

func TestListWarnings(t *testing.T) {
	midnight := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		list pretix.CheckinList
		want int
	}{
		{pretix.CheckinList{}, 0},
		{pretix.CheckinList{Rules: []byte(`{"isBefore":[{"var":"now"},{"buildTime":["date_to"]}]}`)}, 0},
		{pretix.CheckinList{AllowMultipleEntries: true}, 1},
		{pretix.CheckinList{Rules: []byte(`{"<":[{"var":"entries_today"},1]}`)}, 1},
		{pretix.CheckinList{Rules: []byte(`{">":[{"var":"minutes_since_last_entry"},1]}`)}, 1},
		{pretix.CheckinList{AllowMultipleEntries: true, ExitAllAt: &midnight}, 2},
	} {
		if got := ListWarnings(c.list); len(got) != c.want {
			t.Errorf("%+v: warned %q, want %d warnings", c.list, got, c.want)
		}
	}
}

func TestConsentIsAYesAndNothingElse(t *testing.T) {
	q := Questions{Consent: "VIDEOCONSENT", ConsentYes: []string{"true", "yes", "ja"}}
	for _, c := range []struct {
		answers []pretix.Answer
		want    bool
	}{
		{nil, false},
		{[]pretix.Answer{{Identifier: "OTHER", Text: "True"}}, false},
		{[]pretix.Answer{{Identifier: "VIDEOCONSENT", Text: "True"}}, true},
		{[]pretix.Answer{{Identifier: "VIDEOCONSENT", Text: "False"}}, false},
		{[]pretix.Answer{{Identifier: "VIDEOCONSENT", Text: "Ja, gerne", OptionIdentifiers: []string{"YES"}}}, true},
		{[]pretix.Answer{{Identifier: "VIDEOCONSENT", Text: "yes", OptionIdentifiers: []string{"NO"}}}, false},
		{[]pretix.Answer{{Identifier: "VIDEOCONSENT", Text: "yes, no", OptionIdentifiers: []string{"YES", "NO"}}}, false},
		{[]pretix.Answer{{Identifier: "VIDEOCONSENT", Text: "nein, ja"}}, false},
	} {
		if got := q.consents(pretix.Position{Answers: c.answers}); got != c.want {
			t.Errorf("%+v: consents %v, want %v", c.answers, got, c.want)
		}
	}
}

func TestFullName(t *testing.T) {
	for _, c := range [][3]string{
		{"Erika Musterfrau", "DL1ABC", "Erika Musterfrau (DL1ABC)"},
		{"Erika Musterfrau", "", "Erika Musterfrau"},
		{" Erika \t Musterfrau\n", " dl1abc ", "Erika Musterfrau (DL1ABC)"},
		{"DL1ABC", "dl1abc", "DL1ABC"},
		{"Zo\u0000ë", "dl/oe1äö/p", "Zoë (DL/OE1ÄÖ/P)"},
	} {
		if got := FullName(c[0], c[1]); got != c[2] {
			t.Errorf("%q with %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestPeopleWithoutConsentInARoomThatCannotRecord(t *testing.T) {
	j := joinFor(bbb.Meeting{Recording: false}, "x", "1", false, ListenOnly)
	if len(j.UserData) != 1 || j.UserData[0] != (bbb.Param{Name: "bbb_record_video", Value: "false"}) {
		t.Errorf("joined with %v: only the webcam needs care, in case the room is changed", j.UserData)
	}
}
