package templates

import (
	"strings"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	winter := time.FixedZone("CET", 3600)
	summer := time.FixedZone("CEST", 7200)
	at := func(zone *time.Location, year, month, day, hour, minute int) time.Time {
		return time.Date(year, time.Month(month), day, hour, minute, 0, 0, zone)
	}
	now := func() time.Time { return at(winter, 2026, 11, 24, 18, 30) }
	de, en := &words{lang: "de", now: now}, &words{lang: "en", now: now}

	says := func(name, got, want string) {
		t.Helper()
		if got = strings.NewReplacer(unbroken, " ", upTo, "–").Replace(got); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	evening := Date{From: at(winter, 2026, 11, 24, 19, 0), To: at(winter, 2026, 11, 24, 20, 30)}
	says("an evening", de.date(evening), "Dienstag, 24. November, 19:00–20:30 Uhr (MEZ)")
	says("an evening in English", en.date(evening), "Tuesday, 24 November, 19:00–20:30 (CET)")
	says("no end", de.date(Date{From: evening.From}), "Dienstag, 24. November, 19:00 Uhr (MEZ)")
	says("no date", de.date(Date{}), "")
	says("into the night", en.date(Date{From: at(winter, 2026, 12, 31, 22, 0), To: at(winter, 2027, 1, 1, 1, 0)}),
		"Thursday, 31 December, 22:00–01:00 (CET)")
	says("a weekend", de.date(Date{From: at(winter, 2026, 12, 5, 10, 0), To: at(winter, 2026, 12, 6, 17, 0)}),
		"Samstag, 5. Dezember, 10:00 Uhr – Sonntag, 6. Dezember, 17:00 Uhr (MEZ)")
	says("another year", de.moment(at(summer, 2027, 5, 1, 9, 5)), "Samstag, 1. Mai 2027, 09:05 Uhr (MESZ)")
	says("March, in German", de.day(at(winter, 2026, 3, 1, 0, 0)), "Sonntag, 1. März")
	says("a zone without a name", en.moment(at(time.FixedZone("-03", -3*3600), 2026, 8, 3, 20, 0)), "Monday, 3 August, 20:00 (UTC−3)")
	says("a zone with half an hour", en.zone(at(time.FixedZone("+0530", 19800), 2026, 8, 3, 20, 0)), "UTC+5:30")
	says("no time", de.moment(time.Time{}), "")
}

func TestNewYearIsJudgedWhereTheDateIs(t *testing.T) {
	// Half past eleven in London on New Year's Eve: in Berlin the new year has begun.
	now := func() time.Time { return time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) }
	w := &words{lang: "en", now: now}
	at := time.Date(2027, 1, 1, 1, 0, 0, 0, time.FixedZone("CET", 3600))
	if got, want := w.day(at), "Friday, 1"+unbroken+"January"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWaitSentences(t *testing.T) {
	set, err := New()
	if err != nil {
		t.Fatal(err)
	}
	berlin := time.FixedZone("CET", 3600)
	set.Now = func() time.Time { return time.Date(2026, 11, 24, 17, 30, 0, 0, time.UTC) }
	doors := time.Date(2026, 11, 24, 18, 45, 0, 0, berlin)
	for _, c := range []struct {
		name, lang, purpose string
		doors               time.Time
		want                string
	}{
		{"today", "en", "doors", doors, "The room opens at 18:45."},
		{"today, in German", "de", "doors", doors, "Der Raum öffnet um 18:45 Uhr."},
		{"next week", "de", "doors", doors.AddDate(0, 0, 7), "Der Raum öffnet am Dienstag, 1. Dezember, um 18:45 Uhr (MEZ)."},
		{"the time is not known", "en", "doors", time.Time{}, "The room opens shortly."},
		{"the room is closed: doors do not matter", "en", "room", doors, "The room is still closed."},
		{"a purpose that we do not know", "en", "moon", doors, "The room is still closed."},
	} {
		got, err := set.words[c.lang].wait(c.purpose, c.doors)
		if got = strings.ReplaceAll(got, unbroken, " "); err != nil || got != c.want {
			t.Errorf("%s: got %q, want %q (%v)", c.name, got, c.want, err)
		}
	}
}
