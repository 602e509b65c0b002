package scanproxy

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

var verb = regexp.MustCompile(`%.`)

// TestPhrasesAreComplete: no phrase is missing in either language, and both take the same arguments.
func TestPhrasesAreComplete(t *testing.T) {
	english, german := texts(phrases.English), texts(phrases.German)
	for name, e := range english {
		g := german[name]
		if e == "" || g == "" || e == g || fmt.Sprint(arguments(e)) != fmt.Sprint(arguments(g)) {
			t.Errorf("%s: %q, %q", name, e, g)
		}
	}
	if len(german) != len(english) {
		t.Errorf("%d phrases in English, %d in German", len(english), len(german))
	}
}

// arguments are what a phrase is filled with; a name may be quoted by the verb or by the phrase.
func arguments(phrase string) []string {
	return verb.FindAllString(strings.ReplaceAll(phrase, "%q", "%s"), -1)
}

// texts are all texts in a value, by their path.
func texts(in any) map[string]string {
	found := map[string]string{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			found[path] = v.String()
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprint(path, ".", i), v.Index(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(path+"."+k.String(), v.MapIndex(k))
			}
		}
	}
	walk("", reflect.ValueOf(in))
	delete(found, ".RulePhrases.Clock") // a layout; package rules looks at it
	return found
}

func TestAgoInGerman(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Minute: "gerade eben", 0: "gerade eben", time.Second: "vor 1 Sekunde", 59 * time.Second: "vor 59 Sekunden",
		time.Minute: "vor 1 Minute", 3*time.Minute + 59*time.Second: "vor 3 Minuten", time.Hour: "vor 1 Stunde", 5 * time.Hour: "vor 5 Stunden",
		24 * time.Hour: "vor 1 Tag", 49 * time.Hour: "vor 2 Tagen",
	} {
		if got := phrases.German.ago(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}

// TestVerdictsInGerman shows what a German crew reads, also where the language has a regional spelling.
func TestVerdictsInGerman(t *testing.T) {
	for _, tt := range []struct {
		story, want string
		set         func(*story)
	}{
		{"welcome", "Tageskarte", func(*story) {}},
		{"used at a known device", "Tageskarte Benutzt vor 3 Minuten am Gerät „Tür 1“.", func(s *story) {
			s.history.Checkins = []OwnCheckin{{Type: Entry, At: noon.Add(-3 * time.Minute), Device: "Tür 1"}}
		}},
		{"used at a device of pretix", "Tageskarte Benutzt vor 1 Stunde am Gerät 7.", func(s *story) {
			s.anna.Checkins = []Checkin{{List: 1, Type: Entry, At: noon.Add(-time.Hour), Device: 7}}
		}},
		{"used somewhere", "Tageskarte Benutzt gerade eben.", func(s *story) {
			s.anna.Checkins = []Checkin{{List: 1, Type: Entry, At: noon}}
		}},
		{"a rule", "Tageskarte falscher Eingang", func(s *story) { s.list.Rules = mustRule(t, `{"inList": [{"var": "gate"}, {"objectList": [5]}]}`) }},
		{"a rule that fails", `Tageskarte Die Regeln dieser Liste lassen sich nicht berechnen: unknown operator "unheard_of".`, func(s *story) {
			s.list.Rules = mustRule(t, `{"unheard_of": [1]}`)
		}},
		{"a card that was switched off", "Medium nicht aktiv", func(s *story) { s.card(LinkedMedium{Positions: []int64{101}}) }},
		{"last year's card", "Medium abgelaufen", func(s *story) {
			s.card(LinkedMedium{Medium: Medium{Active: true, Expires: noon.Add(-time.Second)}, Positions: []int64{101}})
		}},
		{"an exchange", "Tausch gegen Karte oder Armband geht nur mit Verbindung", func(s *story) { s.scan.Exchange = true }},
		{"not exchanged", "Dieses Ticket muss zuerst gegen eine Karte oder ein Armband getauscht werden. Das geht nur mit Verbindung.", (*story).exchangeable},
		{"no such list", "Check-in-Liste nicht gefunden", func(s *story) { s.scan.Selected[0].List = 9 }},
		{"no list", "Keine Check-in-Liste gewählt", func(s *story) { s.scan.Selected[0].List = 0 }},
	} {
		s := newStory()
		day := s.Events["fair"].Items[10]
		day.Name["de"] = "Tageskarte"
		tt.set(s)
		f := s.gather(t)
		f.Language = "de-informal"
		v := Decide(f)
		got := strings.TrimSpace(strings.Join([]string{v.Ticket, v.Message, v.ReasonExplanation}, " "))
		if got = strings.ReplaceAll(got, "  ", " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.story, got, tt.want)
		}
	}
}

func TestOldClientsInGerman(t *testing.T) {
	want := "Dieses Ticket wurde getauscht. Bitte Karte oder Armband scannen."
	if v := (Verdict{Type: AlreadyExchanged}).ForOldClients("de"); v.Message != want {
		t.Errorf("got %q", v.Message)
	}
	if v := (Verdict{Type: "NEW"}).ForOldClients("de"); v.Message != "Dieses Gerät versteht die Antwort nicht." {
		t.Errorf("got %q", v.Message)
	}
}

// TestNamesInGerman: searches and statuses name products as verdicts do.
func TestNamesInGerman(t *testing.T) {
	s := newStory()
	event, desk := s.Events["fair"], Desk{Selection: s.scan.Selected[0], Event: s.Events["fair"], List: s.list}
	event.Items[10] = Item{
		ID: 10, Name: Text{"en": "Day ticket", "de": "Tageskarte"},
		Variations: []Variation{{ID: 1, Name: Text{"en": "Reduced", "de": "Ermäßigt"}}},
	}
	s.anna.Variation = 1
	hits := Search(ParseQuery("anna"), 1, []Desk{desk}, s.Tickets, "de", nil)
	if len(hits) != 1 || hits[0].Ticket != "Tageskarte" || hits[0].Variation != "Ermäßigt" {
		t.Errorf("found %+v", hits)
	}
	items := CountStatus(event, s.list, s.Tickets, "de", nil).Items
	if len(items) == 0 || items[0].Name != "Tageskarte" || items[0].Variations[0].Name != "Ermäßigt" {
		t.Errorf("counted %+v", items)
	}
}
