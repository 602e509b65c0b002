package bbb_test

import (
	"strings"
	"testing"

	"github.com/einlass/einlass/bbb"
)

func TestCleanName(t *testing.T) {
	long := strings.Repeat("ä", 150)
	for in, want := range map[string]string{
		"":                         "",
		"Zoë O'Neill (DL0TST)":     "Zoë O'Neill (DL0TST)",
		"  a \t\n b\u00a0\u3000c ": "a b c",
		"a\x00\x0b\x7f\u0085b":     "a b", // U+0085 is a line end
		"\u202egnp.exe":            "gnp.exe",
		"\ufeffa\ufffeb":           "ab",
		"a\xff\xfeb":               "ab",
		"👩‍💻 李雷 שלום":              "👩‍💻 李雷 שלום", // the joiner inside the emoji stays
		"<script>":                 "<script>",
		long:                       long[:200],
		long[:198] + " b":          long[:198],
		"\r\n":                     "",
	} {
		got := bbb.CleanName(in)
		if got != want {
			t.Errorf("CleanName(%q) = %q, want %q", in, got, want)
		}
		if again := bbb.CleanName(got); again != got {
			t.Errorf("cleaning %q twice gives %q", in, again)
		}
	}
}

func TestOpen(t *testing.T) {
	viewer, moderator := bbb.Attendee{Role: bbb.Viewer}, bbb.Attendee{Role: bbb.Moderator}
	for _, c := range []struct {
		story          string
		m              bbb.Meeting
		any, moderated bool
	}{
		{"created, nobody inside", bbb.Meeting{}, false, false},
		{"a viewer alone", bbb.Meeting{Running: true, Attendees: []bbb.Attendee{viewer}}, true, false},
		{"a moderator inside", bbb.Meeting{Running: true, Attendees: []bbb.Attendee{viewer, moderator}}, true, true},
		{"the moderator has left but is counted", bbb.Meeting{Running: true, ModeratorCount: 1}, true, false},
		{"ended", bbb.Meeting{Running: true, HasBeenForciblyEnded: true, Attendees: []bbb.Attendee{moderator}}, false, false},
	} {
		if got := c.m.Open(false); got != c.any {
			t.Errorf("%s: Open(false) = %v", c.story, got)
		}
		if got := c.m.Open(true); got != c.moderated {
			t.Errorf("%s: Open(true) = %v", c.story, got)
		}
	}
}
