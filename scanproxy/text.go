package scanproxy

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// In returns the text in that language, else in its base language, else in English, else in any language (always the
// same), else "". Source: check 3.
func (t Text) In(language string) string {
	base, _, _ := strings.Cut(language, "-")
	for _, l := range append([]string{language, base, "en"}, slices.Sorted(maps.Keys(t))...) {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

// Title is what the crew calls the product: its internal name, else the public one.
func (i Item) Title(language string) string {
	if i.InternalName != "" {
		return i.InternalName
	}
	return i.Name.In(language)
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
