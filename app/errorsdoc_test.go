package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/einlass/einlass/app/room"
)

// TestEveryErrorNumberIsExplained: what a volunteer hears on the phone must be found in the page.
func TestEveryErrorNumberIsExplained(t *testing.T) {
	page, err := os.ReadFile("../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]room.Reason{}
	for _, why := range room.Reasons() {
		if other, taken := seen[why.Code()]; taken {
			t.Errorf("%s and %s share the number %d", why, other, why.Code())
		}
		seen[why.Code()] = why
		if !strings.Contains(string(page), fmt.Sprintf("| %d | %s |", why.Code(), why)) {
			t.Errorf("docs/errors.md does not explain %d (%s)", why.Code(), why)
		}
	}
	if rows := strings.Count(string(page), "\n| ") - 1; rows != len(seen) {
		t.Errorf("docs/errors.md has %d rows for %d reasons", rows, len(seen))
	}
}
