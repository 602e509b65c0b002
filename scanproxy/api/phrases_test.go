package api

import (
	"reflect"
	"regexp"
	"testing"
)

// TestPhrasesAreComplete: no phrase is missing in either language, and both take the same arguments.
func TestPhrasesAreComplete(t *testing.T) {
	verb := regexp.MustCompile(`%.`)
	english, german := reflect.ValueOf(spoken.English), reflect.ValueOf(spoken.German)
	for i := range english.NumField() {
		if english.Field(i).Kind() != reflect.String {
			continue
		}
		e, g := english.Field(i).String(), german.Field(i).String()
		if e == "" || g == "" || e == g || !reflect.DeepEqual(verb.FindAllString(e, -1), verb.FindAllString(g, -1)) {
			t.Errorf("%s: %q, %q", english.Type().Field(i).Name, e, g)
		}
	}
}
