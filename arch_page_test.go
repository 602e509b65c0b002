package einlass_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the import table into docs/architecture.md")

const (
	page       = "docs/architecture.md"
	pageBegins = "<!-- imports:begin -->\n"
	pageEnds   = "<!-- imports:end -->"
)

// TestArchitecturePage holds the table a person reads against the table the rules use. Renew it by `make gen`.
func TestArchitecturePage(t *testing.T) {
	src, err := os.ReadFile(page)
	if errors.Is(err, fs.ErrNotExist) {
		return // nothing that could be wrong
	}
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(src), pageBegins)
	got, after, ends := strings.Cut(rest, pageEnds)
	if !begins || !ends {
		t.Fatalf("%s: the markers %s and %s are missing", page, strings.TrimSpace(pageBegins), pageEnds)
	}
	want := table()
	if *update {
		if err := os.WriteFile(page, []byte(before+pageBegins+want+pageEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s differs from arch_test.go; run make gen (-page +rules):\n%s", page, cmp.Diff(got, want))
	}
}

// table prints floors, test support and homes as Markdown.
func table() string {
	var b strings.Builder
	b.WriteString("| floor | packages |\n|---|---|\n")
	byFloor := map[int][]string{}
	for dir, floor := range floors {
		byFloor[floor] = append(byFloor[floor], dir)
	}
	for _, floor := range slices.Backward(slices.Sorted(maps.Keys(byFloor))) {
		fmt.Fprintf(&b, "| %d | %s |\n", floor, code(byFloor[floor]))
	}
	fmt.Fprintf(&b, "| tests only | %s |\n", code(slices.Collect(maps.Keys(testSupport))))
	b.WriteString("\n| import | only in |\n|---|---|\n")
	for _, target := range slices.Sorted(maps.Keys(homes)) {
		if home := homes[target]; home[0] != anywhere {
			fmt.Fprintf(&b, "| `%s` | %s |\n", target, code(home))
		}
	}
	return b.String()
}

func code(names []string) string {
	return "`" + strings.Join(slices.Sorted(slices.Values(names)), "` `") + "`"
}
