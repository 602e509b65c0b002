package pretix

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// I18n is a text in several languages, by language code ("de", "en", "de-informal"); any subset may be there.
// The key "" holds a text without a language.
type I18n map[string]string

// UnmarshalJSON takes what pretix sends ({"de": "…", "en": "…"} or null) and what it accepts ("…").
func (s *I18n) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '"' {
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*s = I18n{"": text}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(s))
}

// In returns the text in lang ("de" or "de-AT"), else in German, else in English, else in any language that has one
// (always the same one), else "".
func (s I18n) In(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	for _, l := range []string{lang, base, "de", "en"} {
		if text := s[l]; text != "" {
			return text
		}
	}
	for _, l := range slices.Sorted(maps.Keys(s)) {
		if text := s[l]; text != "" {
			return text
		}
	}
	return ""
}
