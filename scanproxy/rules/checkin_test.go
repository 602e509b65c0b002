package rules

import (
	"testing"
	"time"
)

// door is a scan on Saturday 1 June 2030, 18:30 in Seoul, of a ticket that was inside twice today and once last Monday.
func door(t *testing.T) Checkin {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04:05", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return Checkin{
		Now: at("2030-06-01 18:30:00"), Zone: zone,
		DateFrom: at("2030-06-01 19:00:00"), DateTo: at("2030-06-01 23:00:00"),
		Product: 101, Gate: 7, Inside: true,
		Entries: []time.Time{at("2030-05-27 23:59:59"), at("2030-06-01 00:00:00"), at("2030-06-01 18:24:30")},
	}
}

func TestCheckinRules(t *testing.T) {
	const yes, no, fails = "yes", "no", "fails"
	tests := []struct{ rule, want string }{
		{`{"inList": [{"var": "product"}, {"objectList": [{"lookup": ["product", "101", "Day"]}]}]}`, yes},
		{`{"inList": [{"var": "product"}, {"objectList": [{"lookup": ["product", 101.0, "Day"]}]}]}`, yes},
		{`{"inList": [{"var": "product"}, {"objectList": [{"lookup": ["product", "102", "Bag"]}]}]}`, no},
		{`{"inList": [{"var": "product"}, {"objectList": ["101"]}]}`, no},
		{`{"inList": [1, {"objectList": [true]}]}`, yes},
		{`{"inList": [{"var": "product"}, 101]}`, fails},
		{`{"inList": ["sent", {"var": "entry_status"}]}`, yes}, // a text in a text
		{`{"==": [{"lookup": ["product", " 1_01 ", "x"]}, 101]}`, yes},
		{`{"lookup": ["product", "101.0", "x"]}`, fails},
		{`{"lookup": ["product", "10 1", "x"]}`, fails},
		{`{"lookup": ["product", null, "x"]}`, fails},
		{`{"lookup": ["product", 1]}`, fails},
		{`{"inList": [{"var": "variation"}, {"objectList": [{"lookup": ["variation", "1", "x"]}]}]}`, no},
		{`{"==": [{"var": "gate"}, 7]}`, yes},
		{`{"==": [{"var": ["variation", 7]}, 7]}`, no},            // there is one: null
		{`{">=": [{"var": ["entries_number", 0, 1]}, 0]}`, fails}, // a third argument

		{`{"==": [{"var": "entries_number"}, 3]}`, yes},
		{`{"==": [{"var": "entries_today"}, 2]}`, yes}, // midnight itself is today
		{`{"==": [{"var": "entries_days"}, 2]}`, yes},
		{`{"==": [{"var": "minutes_since_last_entry"}, 5]}`, yes}, // 5:30 is 5
		{`{"==": [{"var": "minutes_since_last_entry"}, "5.0"]}`, yes},
		{`{"==": [{"var": "minutes_since_last_entry"}, "5"]}`, no},
		{`{"==": [{"var": "entry_status"}, "present"]}`, yes},
		{`{"==": [{"var": "now_isoweekday"}, 6]}`, yes},

		{`{"isBefore": [{"var": "now"}, {"buildTime": ["date_from"]}]}`, yes},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}]}`, no},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, 30]}`, no}, // exactly at the edge
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, "31"]}`, yes},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_admission"]}, 31]}`, yes}, // unset: date_from
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, "soon"]}`, fails},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, 999999999]}`, yes},    // 1,900 years
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, 9999999999]}`, fails}, // beyond the calendar
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, "nan"]}`, fails},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, -999999999]}`, no}, // the year 129
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["customtime", "18:29:59"]}]}`, yes},
		{`{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "7pm"]}]}`, yes},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["custom", "2030-06-01T09:29:59Z"]}]}`, yes},
		{`{"isAfter": [{"var": "now"}, {"buildTime": ["custom", "2030-06-01T09:29:59"]}]}`, fails}, // no zone
		{`{"isBefore": [{"buildTime": ["custom", "2030-06-01"]}, {"buildTime": ["custom", "2030-06-02"]}]}`, yes},
		{`{"isBefore": [{"buildTime": ["custom", "2030-06-01"]}, {"buildTime": ["custom", "2030-05-31"]}, 2880]}`, yes},
		{`{"isBefore": [1, 2]}`, yes},
		{`{"isBefore": [1, 2, 1]}`, fails},
		{`{"isBefore": [1]}`, fails},
		{`{"isBefore": [{"var": "now"}, {"buildTime": ["custom", "soon"]}]}`, fails},
		{`{"isBefore": [{"var": "now"}, {"buildTime": ["someday"]}]}`, fails}, // null
		{`{"==": [{"buildTime": ["someday"]}, null]}`, yes},

		{`{"==": [{"entries_since": [{"buildTime": ["custom", "2030-06-01T00:00:00+09:00"]}]}, 2]}`, yes},
		{`{"==": [{"entries_before": [{"buildTime": ["custom", "2030-06-01T00:00:00+09:00"]}]}, 1]}`, yes},
		{`{"==": [{"entries_since": [{"buildTime": ["custom", "2030-06-01"]}]}, 1]}`, yes}, // no zone: UTC
		{`{"==": [{"entries_days_since": [{"buildTime": ["custom", "2030-05-01T00:00:00Z"]}]}, 2]}`, yes},
		{`{"==": [{"entries_days_before": [{"buildTime": ["date_from"]}]}, 2]}`, yes},
		{`{"entries_since": ["2030-06-01"]}`, fails},
		{`{"entries_since": []}`, fails},
	}
	for _, tt := range tests {
		r, err := Parse([]byte(tt.rule))
		if err != nil {
			t.Fatal(err)
		}
		got := no
		if ok, err := r.Admits(door(t)); err != nil {
			got = fails
		} else if ok {
			got = yes
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.rule, got, tt.want)
		}
	}
}

func TestNoEntryYet(t *testing.T) {
	c := door(t)
	c.Entries, c.Inside, c.Gate = nil, false, 0
	for _, rule := range []string{
		`{"==": [{"var": "minutes_since_first_entry"}, -1]}`, `{"==": [{"var": "minutes_since_last_entry"}, "-1"]}`,
		`{"==": [{"var": "entry_status"}, "absent"]}`, `{"!": {"inList": [{"var": "gate"}, {"objectList": [0, "0"]}]}}`,
	} {
		r, err := Parse([]byte(rule))
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := r.Admits(c); !ok || err != nil {
			t.Errorf("%s: got %v, %v", rule, ok, err)
		}
	}
}

// Twice a year the clocks of the event skip an hour or show one twice.
func TestCustomTimeWhenTheClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, now, clock, want string }{
		{"skipped hour: the offset before counts", "2031-03-30T12:00:00Z", "02:30", "2031-03-30T01:30:00Z"},
		{"after the skipped hour", "2031-03-30T12:00:00Z", "03:30", "2031-03-30T01:30:00Z"},
		{"hour shown twice, asked in the morning", "2031-10-25T23:00:00Z", "02:30", "2031-10-26T00:30:00Z"},
		{"hour shown twice, asked in its second pass", "2031-10-26T01:45:00Z", "02:30", "2031-10-26T01:30:00Z"},
		{"hour shown twice, asked at noon", "2031-10-26T11:00:00Z", "02:30", "2031-10-26T00:30:00Z"},
	}
	for _, tt := range tests {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Checkin{Now: now, Zone: berlin}.customTime(tt.clock)
		if err != nil {
			t.Fatal(err)
		}
		if s := got.(Clock).instant().UTC().Format(time.RFC3339); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, s, tt.want)
		}
	}
}

// In Havana midnight comes twice in autumn. Today begins with the first one, but while the clocks show that hour again, with
// the second.
func TestTodayWhenMidnightComesTwice(t *testing.T) {
	havana, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Parse([]byte(`{"var": "entries_today"}`))
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(2031, 11, 2, 4, 0, 0, 0, time.UTC) // 00:00, and 00:00 again an hour later
	entry := first.Add(10 * time.Minute)
	for after, want := range map[time.Duration]bool{30 * time.Minute: true, 90 * time.Minute: false, 3 * time.Hour: true} {
		c := Checkin{Now: first.Add(after), Zone: havana, Entries: []time.Time{entry}}
		if got, err := r.Admits(c); got != want || err != nil {
			t.Errorf("%s after midnight: got %v, %v", after, got, err)
		}
	}
}

// Tolerances and comparisons of clock times follow what the clocks show, as on the server.
func TestToleranceWhenTheClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	spring := time.Date(2031, 3, 30, 0, 45, 0, 0, time.UTC) // 01:45, a quarter of an hour before the jump to 03:00
	for rule, want := range map[string]bool{
		`{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "03:30"]}, -60]}`:                               true, // 02:30 is skipped: 03:30
		`{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "01:30"]}, 15]}`:                                false,
		`{"isAfter": [{"buildTime": ["customtime", "02:30"]}, {"buildTime": ["customtime", "03:30"]}]}`:             false,
		`{"isBefore": [{"buildTime": ["customtime", "02:30"]}, {"buildTime": ["customtime", "03:30"]}]}`:            true, // one moment, two clock times
		`{"==": [{"buildTime": ["customtime", "03:30"]}, {"buildTime": ["customtime", "3:30 am"]}]}`:                true,
		`{"isBefore": [{"buildTime": ["customtime", "01:45"]}, {"buildTime": ["custom", "2031-03-30T00:46:00Z"]}]}`: true,
	} {
		r, err := Parse([]byte(rule))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Admits(Checkin{Now: spring, Zone: berlin}); got != want || err != nil {
			t.Errorf("%s: got %v, %v", rule, got, err)
		}
	}
}

// While the clocks show an hour for the second time, a custom time means the second one, until a tolerance moves it: that
// ends at the first one. And a time that was skipped or came twice equals none that is written in another zone.
func TestHourThatComesTwice(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	second := time.Date(2031, 10, 26, 1, 30, 0, 0, time.UTC) // 02:30, the second time
	for rule, want := range map[string]bool{
		`{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "02:40"]}]}`:                                true,
		`{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "02:25"]}, 15]}`:                            false, // before the first 02:40
		`{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "02:50"]}, 15]}`:                            true,  // 03:05 comes once
		`{"==": [{"var": "now"}, {"buildTime": ["customtime", "02:30"]}]}`:                                      false,
		`{"<=": [{"var": "now"}, {"buildTime": ["customtime", "02:30"]}]}`:                                      false,
		`{"inList": [{"buildTime": ["customtime", "02:30"]}, {"objectList": [{"var": "now"}]}]}`:                false,
		`{"==": [{"buildTime": ["customtime", "02:30"]}, {"buildTime": ["customtime", "2:30"]}]}`:               true,
		`{"==": [{"buildTime": ["customtime", "03:30"]}, {"buildTime": ["custom", "2031-10-26T03:30+01:00"]}]}`: true,
		`{"==": [{"buildTime": ["custom", "2031-10-26T01:30Z"]}, {"var": "now"}]}`:                              true,
		`{"==": [{"var": "now"}, "2031-10-26 01:30:00+00:00"]}`:                                                 true, // as a text it is UTC
		`{"==": [{"buildTime": ["date_from"]}, "2031-10-26 02:30:00+00:00"]}`:                                   true,
		`{"==": [{"buildTime": ["customtime", "02:30"]}, "2031-10-26 02:30:00+01:00"]}`:                         true,
		`{"==": [{"buildTime": ["custom", "2031-10-26T01:30:00-05:00"]}, "2031-10-26 01:30:00-05:00"]}`:         true,
	} {
		r, err := Parse([]byte(rule))
		if err != nil {
			t.Fatal(err)
		}
		c := Checkin{Now: second.In(berlin), Zone: berlin, DateFrom: second.Add(time.Hour).In(berlin)}
		if got, err := r.Admits(c); got != want || err != nil {
			t.Errorf("%s: got %v, %v", rule, got, err)
		}
	}
}

func TestExplain(t *testing.T) {
	tests := []struct{ name, rule, want string }{
		{"holds", `{"<": [{"var": "entries_number"}, 9]}`, ""},
		{"too many", `{"<": [{"var": "entries_number"}, 3]}`, "entries: fewer than 3 allowed"},
		{"the nearer way", `{"or": [{"inList": [{"var": "product"}, {"objectList": [1]}]}, {"==": [{"var": "entry_status"}, "absent"]}]}`, "is inside already"},
		{"the shorter way", `{"or": [{"and": [{"==": [{"var": "gate"}, 1]}, {"==": [{"var": "gate"}, 2]}]}, {"==": [{"var": "gate"}, 3]}]}`, "wrong entrance"},
		{"both", `{"and": [{">": [{"var": "entries_today"}, 4]}, {"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, 10]}]}`, "entries today: more than 4 needed, only allowed after 18:50"},
		{"another day", `{"isBefore": [{"var": "now"}, {"buildTime": ["custom", "2030-05-01T10:00:00+09:00"]}]}`, "only allowed before 2030-05-01 10:00"},
		{"no entry", `{"<": [{"var": "minutes_since_last_entry"}, 0]}`, "minutes since the last entry: fewer than 0 allowed"},
		{"a mere test for an entry is the last to be named", `{"or": [{"<": [{"var": "minutes_since_last_entry"}, -1]}, {"==": [{"var": "gate"}, 1]}]}`, "wrong entrance"},
		{"a limit of zero minutes is none", `{"or": [{"<=": [{"var": "minutes_since_last_entry"}, 0]}, {"==": [{"var": "gate"}, 1]}]}`, "minutes since the last entry: at most 0 allowed"},
		{"a cut-off without zone is UTC", `{"<": [{"entries_since": [{"buildTime": ["custom", "2030-05-31T15:00"]}]}, 1]}`, "entries since 2030-06-01 00:00: fewer than 1 allowed"},
		{"never", `{"and": [false]}`, "never allowed"},
		{"constant on the left", `{"==": [9, {"var": "entries_number"}]}`, ""},
		{"a text on the left", `{"and": [{"==": [{"var": "gate"}, 1]}, {"==": ["9", {"var": "entries_number"}]}]}`, "unknown reason"},
		{"a part without a name spoils all", `{"and": [{"==": [{"var": "gate"}, 1]}, {"<": [{"objectList": [1]}, {"objectList": [0]}]}]}`, "unknown reason"},
		{"a number is no condition", `{"or": [{"==": [{"var": "gate"}, 1]}, {"entries_since": [{"buildTime": ["custom", "2040-01-01T00:00Z"]}]}]}`, "unknown reason"},
		{"a text for a number", `{"==": [{"var": "entries_number"}, "9"]}`, ""},
		{"empty or below the top", `{"and": [{"or": []}]}`, ""},
		{"fails", `{"<": [{"var": "entries_number"}]}`, ""},
	}
	for _, tt := range tests {
		r, err := Parse([]byte(tt.rule))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Explain(door(t), English()); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
