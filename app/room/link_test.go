package room

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseLink(t *testing.T) {
	bases := []string{"https://treff.example", "https://alt.example/treff/", "http://127.0.0.1:8080"}
	for link, want := range map[string]string{
		"https://treff.example/r/einsteiger":                 "einsteiger",
		" https://treff.example/r/einsteiger/ ":              "einsteiger",
		"HTTPS://Treff.Example:443/r/einsteiger":             "einsteiger",
		"https://treff.example/r/einsteiger?x=1#top":         "einsteiger",
		"https://alt.example/treff/r/a12":                    "a12",
		"http://127.0.0.1:8080/r/a12":                        "a12",
		"":                                                   "none",
		"   ":                                                "none",
		"https://evil.example/r/einsteiger":                  "foreign",
		"https://treff.example.evil.example/r/a12":           "foreign",
		"https://treff.example@evil.example/r/a12":           "foreign",
		"https://user@treff.example/r/a12":                   "foreign",
		"http://treff.example/r/a12":                         "foreign",
		"https://treff.example:8443/r/a12":                   "foreign",
		"https://treff.example/r/a12/join":                   "foreign",
		"https://treff.example/r/../r/a12":                   "foreign",
		"https://treff.example/r/":                           "foreign",
		"https://treff.example/r/%61%31":                     "foreign",
		"https://treff.example/R/a12":                        "foreign",
		"https://treff.example//r/a12":                       "foreign",
		"https://alt.example/r/a12":                          "foreign",
		"//treff.example/r/a12":                              "foreign",
		"/r/a12":                                             "foreign",
		"treff.example/r/a12":                                "foreign",
		"javascript:alert(1)":                                "foreign",
		"https://treff.example/r/" + strings.Repeat("a", 65): "foreign",
		"https://treff.example/r/-a":                         "foreign",
		"https://treff.example/r/Ä12":                        "foreign",
	} {
		slug, err := ParseLink(link, bases)
		got := slug
		switch err {
		case errNoLink:
			got = "none"
		case errForeignLink:
			got = "foreign"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", link, got, want)
		}
	}
}

// FuzzParseLink: whatever an editor of dates writes, a link is either refused or names a room below our own address.
func FuzzParseLink(f *testing.F) {
	for _, link := range []string{
		"https://treff.example/r/einsteiger", "https://treff.example@evil.example/r/a", "https://treff.example/r/a/../b",
		"https://treff.example/r/a%2fb", "\x00https://treff.example/r/ab", "https://[::1]/r/ab", "https://treff.example:0443/r/ab",
	} {
		f.Add(link)
	}
	const base = "https://treff.example"
	f.Fuzz(func(t *testing.T, link string) {
		slug, err := ParseLink(link, []string{base})
		if err != nil {
			if slug != "" {
				t.Errorf("refused, and yet %q", slug)
			}
			return
		}
		if !slugPattern.MatchString(slug) {
			t.Errorf("%q is no slug", slug)
		}
		u, err := url.Parse(strings.TrimSpace(link))
		if err != nil || !strings.EqualFold(u.Hostname(), "treff.example") || !strings.EqualFold(u.Scheme, "https") {
			t.Errorf("%q was taken for ours", link)
		}
		if again, err := ParseLink(base+"/r/"+slug, []string{base}); err != nil || again != slug {
			t.Errorf("%q does not lead back to %q", slug, link)
		}
	})
}
