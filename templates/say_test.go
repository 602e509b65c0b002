package templates

import "testing"

func TestContact(t *testing.T) {
	for support, want := range map[string]string{
		"https://club.example/help":   "https://club.example/help",
		"hilfe@club.example":          "mailto:hilfe@club.example",
		"+49 (30) 123-45/67":          "tel:+49301234567",
		"im Chat bei DL1ABC":          "",
		"javascript:alert(1)":         "",
		"javascript:a@b":              "",
		"data:text/html,<b>@":         "",
		"Telefon 030 1234567, abends": "",
		"":                            "",
	} {
		if got := string(contact(support)); got != want {
			t.Errorf("%q: got %q, want %q", support, got, want)
		}
	}
}
