package migrations

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whether both folders lead to the same columns is asked of real databases, in app/store.

func TestBothEnginesHoldTheSameNumbers(t *testing.T) {
	for lite, big := range map[string]string{SQLite: Postgres, SQLiteMirror: PostgresMirror} {
		sqlite, postgres := names(t, lite), names(t, big)
		if len(sqlite) == 0 {
			t.Fatalf("%s: no migrations are embedded", lite)
		}
		if diff := cmp.Diff(sqlite, postgres); diff != "" {
			t.Errorf("a migration is there for one engine only (-%s +%s):\n%s", lite, big, diff)
		}
	}
}

func TestNumbersAreAscendingWithoutGaps(t *testing.T) {
	shape := regexp.MustCompile(`^(\d{5})_[a-z0-9_]+\.sql$`)
	for _, folder := range []string{SQLite, SQLiteMirror} {
		ascending(t, shape, names(t, folder))
	}
}

func ascending(t *testing.T, shape *regexp.Regexp, names []string) {
	t.Helper()
	for i, name := range names {
		match := shape.FindStringSubmatch(name)
		if match == nil {
			t.Errorf("%s: want <five digits>_<what>.sql", name)
			continue
		}
		if got, want := strings.TrimLeft(match[1], "0"), strconv.Itoa(i+1); got != want {
			t.Errorf("%s: number %s, want %s", name, got, want)
		}
	}
}

// A STRICT table is what keeps SQLite from taking 'hello' as a number.
func TestEverySQLiteTableIsStrict(t *testing.T) {
	for _, folder := range []string{SQLite, SQLiteMirror} {
		for _, name := range names(t, folder) {
			text := read(t, folder+"/"+name)
			tables, strict := strings.Count(text, "CREATE TABLE"), strings.Count(text, ") STRICT;")
			if tables != strict {
				t.Errorf("%s: %d tables, %d of them STRICT", name, tables, strict)
			}
		}
	}
}

func TestInstantsCarryTheirUnit(t *testing.T) {
	typed := regexp.MustCompile(`\b(TIMESTAMP|TIMESTAMPTZ|DATETIME|DATE|TIME)\b`)
	for _, engine := range []string{SQLite, Postgres, SQLiteMirror, PostgresMirror} {
		for _, name := range names(t, engine) {
			if found := typed.FindString(read(t, engine+"/"+name)); found != "" {
				t.Errorf("%s/%s: column type %q, want microseconds in a column that ends in _us", engine, name, found)
			}
		}
	}
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := fs.ReadDir(FS(), folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := fs.ReadFile(FS(), path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
