package pretix_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/pretix"
)

// The contract is what einlass expects of a pretix. The simulator keeps it always, a real pretix whenever one is given:
// where the two part, one of them is wrong, not the contract.
func TestContract(t *testing.T) {
	for name, world := range map[string]func(*testing.T) *contractWorld{"simulator": simulatedWorld, "real": realWorld} {
		t.Run(name, func(t *testing.T) {
			w := world(t)
			t.Run("configuration", func(t *testing.T) { contractConfiguration(t, w) })
			t.Run("device", func(t *testing.T) { contractDevice(t, w) })
			t.Run("orders", func(t *testing.T) { contractOrders(t, w) })
			t.Run("verdicts", func(t *testing.T) { contractVerdicts(t, w) })
			t.Run("nonce", func(t *testing.T) { contractNonce(t, w) })
			t.Run("two at once", func(t *testing.T) { contractAtOnce(t, w) })
			t.Run("failures", func(t *testing.T) { contractFailures(t, w) })
		})
	}
}

// contractDates are the dates of the series, by start.
var contractDates = []struct {
	key, name string
	in, lasts time.Duration // from when the data was seeded; 0: no end
}{
	{"past", "Antennenbau", -7 * 24 * time.Hour, 2 * time.Hour},
	{"yesterday", "Notfunk", -24 * time.Hour, 2 * time.Hour},
	{"running", "Amateurfunk für Einsteiger", -30 * time.Minute, 2 * time.Hour},
	{"soon", "Morsen lernen", 20 * time.Minute, 2 * time.Hour},
	{"tomorrow", "SDR-Workshop", 24 * time.Hour, 2 * time.Hour},
	{"noend", "Offene Runde", 2 * 24 * time.Hour, 0},
	{"future", "Contest-Betrieb", 14 * 24 * time.Hour, 3 * time.Hour},
	{"inactive", "Entwurf", 21 * 24 * time.Hour, 2 * time.Hour},
}

// must is for calls that are not what a test is about.
func must[T any](t *testing.T) func(T, error) T {
	return func(got T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
}

// same fails the test with the difference. A real pretix writes an instant in a zone of its own.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	instants := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff(want, got, instants); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// contractConfiguration: all that is not about persons can be read with the bridge's rights.
func contractConfiguration(t *testing.T, w *contractWorld) {
	c, ctx := w.as(t, "bridge"), t.Context()
	if v := must[pretix.Version](t)(c.Version(ctx)); v.Pretix == "" || v.Numeric == 0 {
		t.Errorf("version %+v", v)
	}
	var slugs []string
	for _, e := range must[[]pretix.Event](t)(c.Events(ctx)) {
		slugs = append(slugs, e.Slug)
	}
	same(t, "the team's events", slugs, []string{series})

	e := must[pretix.Event](t)(c.Event(ctx, series))
	if !strings.Contains(e.PublicURL, series) || !e.From.Equal(w.seeded.Add(-30*24*time.Hour)) {
		t.Errorf("event %+v", e)
	}
	same(t, "event", []any{e.Slug, e.Name, e.HasSubEvents, e.Live, e.TestMode, e.Timezone, e.MetaData}, []any{
		series, pretix.I18n{"de": "Gutschein", "en": "Voucher"}, true, true, false, "Europe/Berlin",
		map[string]string{"Teilnehmerlink": "https://treff.example/r/default"}, // what is not set is absent
	})
	properties := must[[]pretix.MetaProperty](t)(c.MetaProperties(ctx))
	for i := range properties {
		properties[i].ID = 0
	}
	same(t, "meta properties", properties, []pretix.MetaProperty{{Name: "Teilnehmerlink"}, {Name: "Teilnahmelink"}})

	contractDatesOf(t, w, c)
	contractLists(t, w, c)
	contractCatalog(t, w, c)
}

func contractDatesOf(t *testing.T, w *contractWorld, c *pretix.Client) {
	var want []pretix.SubEvent
	for _, d := range contractDates {
		link := "https://treff.example/r/" + d.key
		s := pretix.SubEvent{
			ID: w.dates[d.key], Event: series, Name: pretix.I18n{"de": d.name, "en": d.name}, Active: d.key != "inactive",
			IsPublic: true, From: w.seeded.Add(d.in), MetaData: map[string]string{"Teilnahmelink": link + "/join"},
		}
		if d.lasts > 0 {
			to := s.From.Add(d.lasts)
			s.To, s.MetaData["Teilnehmerlink"] = &to, link // the one without an end inherits the event's link
		}
		want = append(want, s)
	}
	got := must[[]pretix.SubEvent](t)(c.SubEvents(t.Context(), series, pretix.SubEventFilter{}))
	for i, s := range got {
		one := must[pretix.SubEvent](t)(c.SubEvent(t.Context(), series, s.ID))
		same(t, "a date by itself", one, s)
		if s.LastModified.IsZero() {
			t.Errorf("date %d has no last_modified", s.ID)
		}
		got[i].LastModified = time.Time{}
	}
	same(t, "dates", got, want)

	active := true
	coming := must[[]pretix.SubEvent](t)(c.SubEvents(t.Context(), series, pretix.SubEventFilter{EndsAfter: w.at(), Active: &active}))
	ids := []int64{}
	for _, s := range coming {
		ids = append(ids, s.ID)
	}
	same(t, "active dates that are not over", ids,
		[]int64{w.dates["running"], w.dates["soon"], w.dates["tomorrow"], w.dates["noend"], w.dates["future"]})
}

func contractLists(t *testing.T, w *contractWorld, c *pretix.Client) {
	running := w.dates["running"]
	want := []pretix.CheckinList{
		{ID: w.lists["series"], Name: "Teilnahme"},
		{ID: w.lists["running_only"], Name: "Nur laufender Termin", SubEvent: &running},
		{ID: w.lists["multi"], Name: "Mehrfach", AllowMultipleEntries: true},
		{ID: w.lists["pending"], Name: "Auch unbezahlt", IncludePending: true},
	}
	byID := func(a, b pretix.CheckinList) int { return int(a.ID - b.ID) }
	got := slices.SortedFunc(slices.Values(must[[]pretix.CheckinList](t)(c.CheckinLists(t.Context(), series))), byID)
	for i := range want {
		want[i].AllProducts, want[i].LimitProducts, want[i].AllowEntryAfterExit = true, []int64{}, true
	}
	for i := range got {
		if got[i].HasRules() {
			t.Errorf("list %s has rules %s", got[i].Name, got[i].Rules)
		}
		got[i].Rules = nil
	}
	same(t, "check-in lists", got, want)
}

func contractCatalog(t *testing.T, w *contractWorld, c *pretix.Client) {
	same(t, "items", must[[]pretix.Item](t)(c.Items(t.Context(), series)), []pretix.Item{{
		ID: w.items["Teilnahme"], Name: pretix.I18n{"de": "Teilnahme", "en": "Participation"}, Active: true, Admission: true,
		Personalized: true, Variations: []pretix.Variation{},
	}})
	questions := must[[]pretix.Question](t)(c.Questions(t.Context(), series))
	for i := range questions {
		questions[i].ID = 0
	}
	of, none := []int64{w.items["Teilnahme"]}, []pretix.QuestionOption{}
	same(t, "questions", questions, []pretix.Question{
		{
			Identifier: "RUFZEICHEN", Type: pretix.QuestionLine, Items: of, Options: none, DependencyValues: []string{},
			Text: pretix.I18n{"de": "Rufzeichen", "en": "Callsign"},
		},
		{
			Identifier: "VIDEOCONSENT", Type: pretix.QuestionBoolean, Required: true, Position: 1, Items: of, Options: none,
			DependencyValues: []string{},
			Text: pretix.I18n{
				"de": "Ich bin mit der Videoaufzeichnung einverstanden", "en": "I consent to video recording",
			},
		},
	})
}
