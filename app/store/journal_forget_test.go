package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// attic is a journal with the copy beside it, some time after the events.
type attic struct {
	*testing.T
	store   *store.Store
	journal *store.Journal
	copy    *store.Mirror
}

// Everything in the attic is told from here. The retention period is 14 days.
var atticNow = time.Date(2030, 7, 1, 12, 0, 0, 0, time.UTC)

func daysAgo(n int) time.Time { return atticNow.AddDate(0, 0, -n) }

func atAttics(t *testing.T, story func(a attic)) {
	atBothURLs(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		story(attic{t, s, storetest.Journal(t, s), openMirror(t, url, nil)})
	})
}

// checkin is a row: told and shown back long ago unless it says otherwise. Its secret is its name.
type checkin struct {
	name    string
	event   string
	state   string // "" is sent
	ago     int    // days since the scan; 0 is 30
	told    int    // days since pretix was told; 0 is ago
	unseen  bool   // not shown back yet
	double  bool
	handled bool // acknowledged
}

func (a attic) put(rows ...checkin) {
	a.Helper()
	const insert = `INSERT INTO checkins (event, list, position, secret, type, at_us, nonce, device, device_name, answers, state,
			attempts, next_us, done_us, reason, settled_generation, other_at_us, other_device, seen_us)
		VALUES ($1, 1, 7, $2, 'ENTRY', $3, 'n', 3, 'North', '{"5":"Mira"}', $4, 1, 0, $5, '', $6, $7, 0, $8)`
	for _, c := range rows {
		state, ago := c.state, c.ago
		if state == "" {
			state = "sent"
		}
		if ago == 0 {
			ago = 30
		}
		told := c.told
		if told == 0 {
			told = ago
		}
		one := func(yes bool) int {
			if yes {
				return 1
			}
			return 0
		}
		if err := a.store.Exec(a.Context(), insert, c.event, c.name, daysAgo(ago), state, daysAgo(told),
			one(!c.unseen), one(c.double), one(c.handled)); err != nil {
			a.Fatal(err)
		}
	}
}

// knows puts an event into the copy. Dates are days ago; several make a series.
func (a attic) knows(resource, event string, dates ...int) {
	a.Helper()
	row := fields{"slug": event, "has_subevents": len(dates) > 1, "date_from": daysAgo(dates[0]), "date_to": nil}
	key := mirror.Key{Resource: resource}
	if resource == mirror.Event {
		key.Event = event
	}
	apply(a.T, a.copy, mirror.Batch{Key: key, Rows: raws(a.T, row), Done: true})
	if len(dates) == 1 {
		return
	}
	var series []any
	for i, date := range dates {
		series = append(series, fields{"id": i + 1, "event": event, "date_from": daysAgo(date), "date_to": nil})
	}
	apply(a.T, a.copy, mirror.Batch{Key: mirror.Key{Resource: mirror.SubEvents}, Rows: raws(a.T, series...)})
}

// knowsAllDates: there are no more dates than those that the copy knows.
func (a attic) knowsAllDates() {
	a.Helper()
	apply(a.T, a.copy, mirror.Batch{Key: mirror.Key{Resource: mirror.SubEvents}, Done: true})
}

// Of many dates the old ones come first, and the copy may be made anew at any time.
func TestScansStayWhileTheDatesOfASeriesAreFetched(t *testing.T) {
	atAttics(t, func(a attic) {
		a.knows(mirror.Events, "series", 90, 60, 30)
		a.put(checkin{name: "series", event: "series"}, checkin{name: "newest", event: "elsewhere"})
		a.forget()
		if diff := cmp.Diff([]string{"series"}, a.left()); diff != "" {
			a.Errorf("left (-want +got)\n%s", diff)
		}
		a.knowsAllDates()
		a.forget()
		if left := a.left(); len(left) > 0 {
			a.Errorf("with all dates, left %v", left)
		}
	})
}

func (a attic) forget() store.ForgottenScans {
	a.Helper()
	gone, err := a.journal.Forget(a.Context(), a.copy, daysAgo(14))
	if err != nil {
		a.Fatal(err)
	}
	return gone
}

func (a attic) query(query string) []string {
	a.Helper()
	found, err := a.store.Query(a.Context(), query)
	if err != nil {
		a.Fatal(err)
	}
	return found
}

func (a attic) left() []string {
	a.Helper()
	return a.query(`SELECT secret FROM checkins WHERE secret <> '' AND secret <> 'newest' ORDER BY id`)
}

func TestScansAreForgottenWhenTheirEventIsLongOver(t *testing.T) {
	atAttics(t, func(a attic) {
		a.knows(mirror.Event, "over", 30)
		a.put(
			checkin{name: "told and shown", event: "over"},
			checkin{name: "told, never shown", event: "over", unseen: true},
			checkin{name: "waits", event: "over", state: "queued", told: 30},
			checkin{name: "given up", event: "over", state: "given_up"},
			checkin{name: "given up, handled", event: "over", state: "given_up", handled: true},
			checkin{name: "double", event: "over", double: true},
			checkin{name: "double, handled", event: "over", double: true, handled: true},
			checkin{name: "told yesterday", event: "over", told: 1},
			checkin{name: "newest", event: "elsewhere"},
		)
		want := []string{"waits", "given up", "double", "told yesterday"}
		if gone := a.forget(); gone.Checkins != 4 {
			a.Errorf("%d are gone, want 4", gone.Checkins)
		}
		if diff := cmp.Diff(want, a.left()); diff != "" {
			a.Errorf("left (-want +got)\n%s", diff)
		}
		if gone := a.forget(); gone.Checkins != 0 {
			a.Errorf("%d went the second time", gone.Checkins)
		}
	})
}

func TestScansStayWhileTheirEventLasts(t *testing.T) {
	atAttics(t, func(a attic) {
		a.knows(mirror.Event, "now", -1)
		a.knows(mirror.Event, "series", 60, 30, -7) // a signed ticket for its first date would fit a list for all dates
		a.knows(mirror.Event, "longer than announced", 30)
		a.knows(mirror.Event, "tickets held", 30)
		a.knows(mirror.Event, "series over", 60, 30)
		a.knowsAllDates()
		apply(t, a.copy, mirror.Batch{
			Key: mirror.Key{Resource: mirror.Orders, Event: "tickets held"}, Rows: raws(t, anOrder(1, aPosition(1, 1, nil))), Done: true,
		})
		a.put(
			checkin{name: "now", event: "now", unseen: true},
			checkin{name: "series", event: "series"},
			checkin{name: "longer, old", event: "longer than announced"},
			checkin{name: "longer, new", event: "longer than announced", ago: 2},
			checkin{name: "held", event: "tickets held"},
			checkin{name: "series over", event: "series over"},
			checkin{name: "unknown", event: "unknown"},
			checkin{name: "only listed", event: "only listed"},
			checkin{name: "newest", event: "elsewhere"},
		)
		want := []string{"now", "series", "longer, old", "longer, new", "held", "unknown", "only listed"}
		a.forget()
		if diff := cmp.Diff(want, a.left()); diff != "" {
			a.Errorf("left (-want +got)\n%s", diff)
		}
		// Now pretix' list of events is there, and the orders of what was over are gone.
		a.knows(mirror.Events, "only listed", 20)
		if _, err := a.copy.ForgetOrders(t.Context(), daysAgo(14)); err != nil {
			a.Fatal(err)
		}
		a.forget()
		want = []string{"now", "series", "longer, old", "longer, new"}
		if diff := cmp.Diff(want, a.left()); diff != "" {
			a.Errorf("later, left (-want +got)\n%s", diff)
		}
	})
}

// What tells twice from once stays; who was asked what, and where, does not.
func TestScansLoseNamesAndAnswersFirst(t *testing.T) {
	atAttics(t, func(a attic) {
		a.knows(mirror.Event, "series", 30, -7)
		a.put(
			checkin{name: "old", event: "series"},
			checkin{name: "not shown back", event: "series", unseen: true},
			checkin{name: "double", event: "series", double: true},
			checkin{name: "young", event: "series", ago: 2},
		)
		if gone := a.forget(); gone.Trimmed != 1 || gone.Checkins != 0 {
			a.Errorf("gone %+v", gone)
		}
		got := a.query(`SELECT secret || ' ' || position || ' ' || nonce || ' ' || device_name || ' ' || answers FROM checkins ORDER BY id`)
		want := []string{"old 7 n  {}"}
		for _, name := range []string{"not shown back", "double", "young"} {
			want = append(want, name+` 7 n North {"5":"Mira"}`)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			a.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// A number that comes a second time would hide a visit from those who ask for all after it.
func TestNumbersOfScansAreNeverUsedAgain(t *testing.T) {
	atAttics(t, func(a attic) {
		a.knows(mirror.Event, "over", 30)
		var rows []checkin
		for i := range 205 { // three slices
			rows = append(rows, checkin{name: fmt.Sprint("ticket", i), event: "over"})
		}
		a.put(rows...)
		last := a.query(`SELECT max(id) FROM checkins`)
		if gone := a.forget(); gone.Checkins != 204 {
			a.Errorf("%d are gone, want all but the newest", gone.Checkins)
		}
		if got := a.query(`SELECT secret || nonce || device_name || answers || position FROM checkins`); !slices.Equal(got, []string{"{}0"}) {
			a.Errorf("the newest holds %q", got)
		}
		a.put(checkin{name: "next", event: "over", ago: 1})
		if got := a.query(`SELECT id FROM checkins WHERE secret = 'next' AND id > ` + last[0]); len(got) != 1 {
			a.Error("the next scan has an old number")
		}
	})
}

func TestRefusalsAndPrintLogsAreForgottenByAge(t *testing.T) {
	atAttics(t, func(a attic) {
		for _, table := range []string{"refusals", "print_logs"} {
			extra, values := "list, raw_barcode, type, error_reason, raw_item, raw_variation, raw_subevent", "1, 'secret', 'ENTRY', 'invalid', 0, 0, 0"
			if table == "print_logs" {
				extra, values = "body", "'{}'"
			}
			for _, c := range []struct {
				state         string
				told, handled int
			}{{"sent", 15, 0}, {"sent", 13, 0}, {"queued", 15, 0}, {"given_up", 15, 0}, {"given_up", 15, 1}} {
				insert := strings.NewReplacer("TABLE", table, "EXTRA", extra, "VALUES2", values).Replace(
					`INSERT INTO TABLE (event, position, at_us, nonce, device, device_name, state, attempts, next_us, done_us, reason, seen_us, EXTRA)
					VALUES ('lasts', 7, $1, '', 3, 'North', $2, 1, 0, $1, '', $3, VALUES2)`)
				if err := a.store.Exec(t.Context(), insert, daysAgo(c.told), c.state, c.handled); err != nil {
					a.Fatal(err)
				}
			}
		}
		if gone := a.forget(); gone.Refusals != 2 || gone.PrintLogs != 2 {
			a.Errorf("gone %+v, want two of each", gone)
		}
		for _, table := range []string{"refusals", "print_logs"} {
			if got := a.query(`SELECT state FROM ` + table + ` ORDER BY id`); !slices.Equal(got, []string{"sent", "queued", "given_up"}) {
				a.Errorf("%s: left %v", table, got)
			}
		}
	})
}

func TestKeptAnswersGoWithTheirTickets(t *testing.T) {
	atAttics(t, func(a attic) {
		apply(t, a.copy, mirror.Batch{
			Key: mirror.Key{Resource: mirror.Orders, Event: "fair"}, Rows: raws(t, anOrder(1, aPosition(1, 1, nil))), Done: true,
		})
		a.put(checkin{name: "signed, inside", event: "elsewhere"})
		for _, k := range []struct {
			secret        string
			position, ago int
		}{{"held", 11, 30}, {"gone", 12, 30}, {"young", 12, 13}, {"signed, inside", 0, 30}, {"signed, refused", 0, 30}} {
			const insert = `INSERT INTO kept_answers (secret, question, position, answer, at_us, settled_generation)
				VALUES ($1, 5, $2, 'Mira', $3, 0)`
			if err := a.store.Exec(t.Context(), insert, k.secret, k.position, daysAgo(k.ago)); err != nil {
				a.Fatal(err)
			}
		}
		if gone := a.forget(); gone.Answers != 2 {
			a.Errorf("%d are gone, want 2", gone.Answers)
		}
		if got := a.query(`SELECT secret FROM kept_answers ORDER BY secret`); !slices.Equal(got, []string{"held", "signed, inside", "young"}) {
			a.Errorf("left %v", got)
		}
	})
}

func TestWhatIsAcknowledgedIsNotShownAnyMore(t *testing.T) {
	atAttics(t, func(a attic) {
		a.put(checkin{name: "double", event: "fair", double: true}, checkin{name: "given up", event: "fair", state: "given_up"},
			checkin{name: "all is well", event: "fair"})
		for id, want := range []bool{false, true, true, false, false} {
			if got, err := a.journal.Acknowledge(t.Context(), scanproxy.Checkins, int64(id), atticNow); err != nil || got != want {
				a.Errorf("%d: %v, %v, want %v", id, got, err, want)
			}
		}
		if again, err := a.journal.Acknowledge(t.Context(), scanproxy.Checkins, 1, atticNow); err != nil || again {
			a.Errorf("a second time: %v, %v", again, err)
		}
		doubles, err := a.journal.Doubles(t.Context(), time.Time{})
		given, err2 := a.journal.GivenUp(t.Context(), 10)
		backlog, err3 := a.journal.Backlog(t.Context())
		if len(doubles)+len(given) > 0 || backlog.Doubles+backlog.GivenUp > 0 || err != nil || err2 != nil || err3 != nil {
			a.Errorf("still shown: %v, %v, %+v; %v, %v, %v", doubles, given, backlog, err, err2, err3)
		}
		if _, err := a.journal.Acknowledge(t.Context(), "rooms", 1, atticNow); err == nil {
			a.Error("there are uploads of a kind that does not exist")
		}
	})
}
