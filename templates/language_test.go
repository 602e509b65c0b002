package templates

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct{ name, accept, cookie, query, want string }{
		{"the browser's language", "de-AT,de;q=0.9,en;q=0.8", "", "", "de"},
		{"Swiss German", "gsw", "", "", "de"},
		{"English first", "en-GB,en;q=0.9,de;q=0.8", "", "", "en"},
		{"neither", "fr-FR,fr;q=0.9", "", "", "en"},
		{"French, then German", "fr,de;q=0.5", "", "", "de"},
		{"nothing said", "", "", "", "en"},
		{"the cookie remembers", "en", "de", "", "de"},
		{"the switch wins", "de", "de", "en", "en"},
		{"nonsense in the switch", "de", "", "<script>", "de"},
		{"nonsense in the header", ";;;q=q", "", "", "en"},
		{"a header of a megabyte", strings.Repeat("de,", 1<<18), "", "", "en"},
	} {
		if got := Match(c.accept, c.cookie, c.query); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
