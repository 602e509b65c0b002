package bbb

import (
	"strings"
	"unicode"
)

// longestName is what the attendee list can still show, in runes.
const longestName = 100

// CleanName makes a name safe to sign: invalid UTF-8, control characters and
// direction overrides go, runs of white space become one space, the ends are
// trimmed, and at most 100 runes remain. The result may be empty.
//
// BBB strips control characters itself, but only after some of its releases
// have already written them into replies that no XML parser accepts.
func CleanName(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(cleanRune, s)
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) > longestName {
		s = strings.TrimSpace(string(runes[:longestName]))
	}
	return s
}

// cleanRune maps white space of any kind to a blank and drops what must not
// be in a name.
func cleanRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), isDirectionControl(r), !isXMLChar(r):
		return -1
	}
	return r
}

// isDirectionControl finds the marks that reorder the text around them: with
// them one attendee can dress up as another.
func isDirectionControl(r rune) bool {
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}

// isXMLChar tells what XML 1.0 admits beyond U+001F, without the byte order mark.
func isXMLChar(r rune) bool {
	return r <= '\uD7FF' || '\uE000' <= r && r <= '\uFFFD' && r != '\uFEFF' || r >= 0x10000
}
