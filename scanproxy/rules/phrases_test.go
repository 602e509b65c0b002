package rules

import (
	"reflect"
	"regexp"
	"testing"
)

var verb = regexp.MustCompile(`%.`)

// TestPhrasesAreComplete: no phrase is missing in either language, and both take the same arguments.
func TestPhrasesAreComplete(t *testing.T) {
	english, german := reflect.ValueOf(English()), reflect.ValueOf(German())
	same := func(name, e, g string) {
		if e == "" || g == "" || !reflect.DeepEqual(verb.FindAllString(e, -1), verb.FindAllString(g, -1)) {
			t.Errorf("%s: %q, %q", name, e, g)
		}
	}
	for i := range english.NumField() {
		if f := english.Type().Field(i); f.Type.Kind() == reflect.String {
			same(f.Name, english.Field(i).String(), german.Field(i).String())
		}
	}
	for name := range counted {
		same(name, English().Quantities[name], German().Quantities[name])
	}
	for operator := range strictness {
		same(operator, English().Complaints[operator], German().Complaints[operator])
	}
}

func TestExplainInGerman(t *testing.T) {
	for rule, want := range map[string]string{
		`{"<": [{"var": "entries_number"}, 3]}`:                           "Eintritte: weniger als 3 erlaubt",
		`{"<=": [{"var": "entries_today"}, 1]}`:                           "Eintritte heute: höchstens 1 erlaubt",
		`{">": [{"var": "entries_days"}, 9]}`:                             "Tage mit Eintritt: mehr als 9 nötig",
		`{">=": [{"var": "minutes_since_last_entry"}, 9999]}`:             "Minuten seit dem letzten Eintritt: mindestens 9999 nötig",
		`{"==": [{"var": "now_isoweekday"}, 0]}`:                          "Wochentag: muss 0 sein",
		`{"==": [{"var": "entry_status"}, "absent"]}`:                     "ist schon drinnen",
		`{"inList": [{"var": "product"}, {"objectList": [1]}]}`:           "diese Ticketart ist hier nicht zugelassen",
		`{"and": [false]}`:                                                "nie erlaubt",
		`{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, 10]}`: "erst nach 18:50 Uhr erlaubt",
		`{"and": [{"inList": [{"var": "gate"}, {"objectList": [9]}]}, {"isBefore": [{"var": "now"}, {"buildTime": ["custom", "2030-05-01T10:00:00+09:00"]}]}]}`: "falscher Eingang, nur vor 01.05.2030 10:00 Uhr erlaubt",
		`{"<": [{"entries_since": [{"buildTime": ["custom", "2030-05-31T15:00"]}]}, 1]}`:                                                                        "Eintritte seit 01.06.2030 00:00 Uhr: weniger als 1 erlaubt",
	} {
		r, err := Parse([]byte(rule))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Explain(door(t), German()); got != want {
			t.Errorf("%s: got %q, want %q", rule, got, want)
		}
	}
}
