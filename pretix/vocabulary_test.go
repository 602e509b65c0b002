package pretix_test

import (
	"encoding/json"
	"testing"

	"github.com/einlass/einlass/pretix"
)

func TestI18n(t *testing.T) {
	cases := []struct{ name, json, lang, want string }{
		{"the language", `{"de":"Haus","en":"house"}`, "en", "house"},
		{"German when the language is missing", `{"de":"Haus","en":"house"}`, "fr", "Haus"},
		{"English without German", `{"en":"house","fr":"maison"}`, "de", "house"},
		{"any, always the same", `{"nl":"huis","fr":"maison"}`, "de", "maison"},
		{"an empty text is no text", `{"de":"","en":"house"}`, "de", "house"},
		{"a region falls back to its language", `{"de":"Haus","en":"house"}`, "en-GB", "house"},
		{"a plain text", `"Haus"`, "en", "Haus"},
		{"null", `null`, "de", ""},
		{"null in a language", `{"de":null,"en":"house"}`, "de", "house"},
		{"nothing", `{}`, "de", ""},
		{"no language", `{"de":"Haus"}`, "", "Haus"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var text pretix.I18n
			if err := json.Unmarshal([]byte(c.json), &text); err != nil {
				t.Fatal(err)
			}
			if got := text.In(c.lang); got != c.want {
				t.Errorf("In(%q) = %q, want %q", c.lang, got, c.want)
			}
		})
	}
	var text pretix.I18n
	if json.Unmarshal([]byte(`["Haus"]`), &text) == nil {
		t.Error("an array is taken as a text")
	}
}

func TestEventLocation(t *testing.T) {
	for zone, ok := range map[string]bool{"Europe/Berlin": true, "UTC": true, "": false, "Local": false, "Mars/Base": false, "../etc": false} {
		loc, err := pretix.Event{Slug: "e", Timezone: zone}.Location()
		if (err == nil) != ok || ok && loc.String() != zone {
			t.Errorf("zone %q: %v, %v", zone, loc, err)
		}
	}
}

func TestCheckinListRules(t *testing.T) {
	for rules, want := range map[string]bool{"": false, `{}`: false, `null`: false, `{"and":[]}`: true} {
		if got := (pretix.CheckinList{Rules: json.RawMessage(rules)}).HasRules(); got != want {
			t.Errorf("rules %q: %v", rules, got)
		}
	}
}

func TestCheckinListCovers(t *testing.T) {
	some := pretix.CheckinList{LimitProducts: []int64{2, 3}}
	all := pretix.CheckinList{AllProducts: true, LimitProducts: []int64{2}}
	if !some.Covers(3) || some.Covers(1) || !all.Covers(1) {
		t.Error("products of a list")
	}
}

func TestBlocked(t *testing.T) {
	for text, want := range map[string]bool{`{"blocked":null}`: false, `{}`: false, `{"blocked":["admin"]}`: true} {
		var p pretix.Position
		if err := json.Unmarshal([]byte(text), &p); err != nil || p.IsBlocked() != want {
			t.Errorf("%s: %v, %v", text, p.IsBlocked(), err)
		}
	}
}
