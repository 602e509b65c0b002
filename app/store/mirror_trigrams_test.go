package store_test

import (
	"fmt"
	"testing"

	"github.com/einlass/einlass/app/store"
)

// An index is not asked for pieces that very many tickets hold.
func TestTheRarestPartOfASearch(t *testing.T) {
	var texts []string
	for n := range 1000 {
		texts = append(texts, fmt.Sprintf("ANNA-LENA %d\nGUEST%d@MAIL.EXAMPLE", n, n))
	}
	for _, c := range []struct {
		story, text, want string
		atMost            int
	}{
		{"an address: what all begin with is left out", "GUEST123", "T123", 2}, // in the name and in the address
		{"signs end it, as in the index", "23@MAIL", "23@MAIL", 10},
		{"a sign after it", "T123@MAIL", "T123", 2},
		{"spaces are in names", "LENA 57", " 57", 11},
		{"everybody has it", "ANNA", "ANNA", 1000},
		{"nobody has it", "ZACHARIAS", "ZACHARIAS", 0},
		{"too short for a piece", "ÄÖ", "ÄÖ", 1 << 62},
	} {
		part, atMost := store.RarestPart(texts, len(texts)/10, c.text)
		if part != c.want || min(atMost, 1<<62) != c.atMost {
			t.Errorf("%s: %q on at most %d, want %q on %d", c.story, part, atMost, c.want, c.atMost)
		}
	}
}
