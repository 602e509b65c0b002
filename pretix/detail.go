package pretix

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const maxDetail = 300 // bytes

// detail returns pretix' own words for a failure. They come in four shapes:
//
//	{"detail": "text"}   {"field": ["text"], …}   ["text"]   HTML
func detail(got answer) string {
	if !isJSON(got.header) {
		return foreign(got)
	}
	var body any
	if json.Unmarshal(got.body, &body) != nil {
		return "broken JSON"
	}
	return cut(strings.Join(words(body), "; "))
}

// foreign describes an answer that is not from pretix' API.
func foreign(got answer) string {
	switch {
	case got.status >= 300 && got.status < 400:
		return "redirected elsewhere; is the base URL right?"
	case got.status >= 500:
		return "server error"
	}
	return "an answer that is no JSON; is this the address of a pretix, and does it have this endpoint?"
}

// words collects the texts of an error body, fields in alphabetical order.
func words(body any) []string {
	switch v := body.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, words(e)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, field := range slices.Sorted(maps.Keys(v)) {
			text := strings.Join(words(v[field]), " ")
			if field != "detail" && field != "non_field_errors" {
				text = field + ": " + text
			}
			all = append(all, text)
		}
		return all
	}
	return nil
}

// cut shortens text to maxDetail bytes, between characters, and keeps it on one line.
func cut(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= maxDetail {
		return text
	}
	end := maxDetail
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// hide removes a secret from pretix' words, should it ever repeat one.
func hide(text, secret string) string {
	if secret == "" {
		return text
	}
	return strings.ReplaceAll(text, secret, redacted)
}
