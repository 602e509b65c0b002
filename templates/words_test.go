package templates

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// keysOf returns the words of a language, flattened: "refusal.blocked.title" -> text. Plural forms count as one key.
func keysOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	data, err := wordFiles.ReadFile("i18n/" + lang + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	flat := map[string]string{}
	flatten(flat, "", tree)
	return flat
}

func flatten(flat map[string]string, prefix string, tree map[string]any) {
	for key, value := range tree {
		switch v := value.(type) {
		case map[string]any:
			flatten(flat, prefix+key+".", v)
		case string:
			if key == "one" || key == "other" {
				flat[strings.TrimSuffix(prefix, ".")] += v
				continue
			}
			flat[prefix+key] = v
		}
	}
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	want := slices.Sorted(maps.Keys(keysOf(t, "de")))
	for _, lang := range Languages() {
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(keysOf(t, lang)))); diff != "" {
			t.Errorf("de and %s differ (-de +%s):\n%s", lang, lang, diff)
		}
	}
}

func TestNoWordsAreEmpty(t *testing.T) {
	for _, lang := range Languages() {
		for key, text := range keysOf(t, lang) {
			if strings.TrimSpace(text) == "" || strings.Contains(text, "TODO") {
				t.Errorf("%s in %s says %q", key, lang, text)
			}
		}
	}
}

// quoted finds keys as pages and code write them: t "frame.imprint", w.text("wait.room").
var quoted = regexp.MustCompile(`"([a-z_]+(?:\.[a-z_]+)+)"`)

func TestEveryKeyIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, source := range append(glob(t, pageFiles, "html/*.html"), glob(t, os.DirFS("."), "*.go")...) {
		for _, match := range quoted.FindAllStringSubmatch(source, -1) {
			used[match[1]] = true
		}
	}
	for key := range keysOf(t, "de") {
		family := regexp.MustCompile(`^(notice|consent\.no|error\.name|error\.code|refusal\.\w+)\.[\w-]+$|^wait\.\w+$`)
		if !used[key] && !family.MatchString(key) {
			t.Errorf("nobody uses %s", key)
		}
	}
}

func glob(t *testing.T, files fs.FS, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(files, pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("find %s: %v", pattern, err)
	}
	var texts []string
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	return texts
}

// TestReasons reads the rules of the bridge as text, so that this package imports nothing of ours, not even in tests:
// each reason with a number there has words here, and no words are left over.
func TestReasons(t *testing.T) {
	reasons, codes := reasonsOf(t, "../app/room/admission.go")
	words := map[string]bool{}
	for key := range keysOf(t, "de") {
		if parts := strings.Split(key, "."); len(parts) == 3 && parts[0] == "refusal" {
			words[parts[1]] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(reasons)), slices.Sorted(maps.Keys(words))); diff != "" {
		t.Errorf("reasons and words differ (-rules +words):\n%s", diff)
	}
	for reason, name := range reasons {
		if codes[name] == 0 {
			t.Errorf("%s has no number", reason)
		}
	}
}

// reasonsOf returns the constants of type Reason (text -> name) and the table of their numbers (name -> number).
func reasonsOf(t *testing.T, path string) (map[string]string, map[string]int) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatalf("the reasons have moved? %v", err)
	}
	reasons, codes := map[string]string{}, map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "Reason" && len(n.Values) == 1 {
				text, _ := strconv.Unquote(n.Values[0].(*ast.BasicLit).Value)
				reasons[text] = n.Names[0].Name
			}
		case *ast.KeyValueExpr:
			if name, ok := n.Key.(*ast.Ident); ok {
				if number, ok := n.Value.(*ast.BasicLit); ok {
					codes[name.Name], _ = strconv.Atoi(number.Value)
				}
			}
		}
		return true
	})
	if len(reasons) < 30 {
		t.Fatalf("found %d reasons in %s only", len(reasons), path)
	}
	return reasons, codes
}

// Each refusal must read well with all facts and with none.
func TestRefusalsReadWell(t *testing.T) {
	set, err := New()
	if err != nil {
		t.Fatal(err)
	}
	reasons, _ := reasonsOf(t, "../app/room/admission.go")
	full := mentions{Room: "Raum", Day: "Montag", Date: "Dienstag", Doors: "Mittwoch", Until: "Donnerstag", Retry: "2 Minuten"}
	for _, lang := range Languages() {
		for reason := range reasons {
			for name, facts := range map[string]mentions{"all facts": full, "none": {}, "same browser": {SameBrowser: true}} {
				said, err := set.words[lang].say("refusal."+reason, facts)
				if err != nil {
					t.Errorf("%s with %s: %v", reason, name, err)
					continue
				}
				for _, sentence := range []string{said.Text, said.Todo} {
					if !strings.HasSuffix(sentence, ".") || strings.Contains(sentence, "  ") || strings.Contains(sentence, "<no value>") {
						t.Errorf("%s in %s with %s says %q", reason, lang, name, sentence)
					}
				}
				if long := len([]rune(said.Text + said.Todo)); long > 420 {
					t.Errorf("%s in %s: %d characters are too many for the phone", reason, lang, long)
				}
			}
		}
	}
}

func TestUnknownReasonIsToldAsOurMistake(t *testing.T) {
	set, err := New()
	if err != nil {
		t.Fatal(err)
	}
	got, err := set.words["en"].refusal(Refusal{Reason: "brand_new"})
	if err != nil || got.Title != "Something went wrong" {
		t.Errorf("got %q, %v", got.Title, err)
	}
}

func TestDurations(t *testing.T) {
	set, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for seconds, want := range map[int]string{1: "1 Sekunde", 20: "20 Sekunden", 90: "90 Sekunden", 91: "2 Minuten", 120: "2 Minuten", 121: "3 Minuten"} {
		if got, err := set.words["de"].duration(seconds); err != nil || got != want {
			t.Errorf("%d s: got %q, want %q (%v)", seconds, got, want, err)
		}
	}
}
