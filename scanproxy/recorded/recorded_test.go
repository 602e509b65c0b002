package recorded

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// trial is a test that may fail.
type trial struct {
	testing.TB
	said string
}

func (t *trial) Helper() {}

func (t *trial) Fatal(args ...any) {
	t.said = fmt.Sprint(args...)
	runtime.Goexit()
}

func (t *trial) Fatalf(format string, args ...any) { t.Fatal(fmt.Sprintf(format, args...)) }

// said is what a test fails with, "" if it passes.
func said(test func(t testing.TB)) string {
	t, done := &trial{}, make(chan struct{})
	go func() {
		defer close(done)
		test(t)
	}()
	<-done
	return t.said
}

func put(t *testing.T, content string, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A case that is not understood must not pass.
func TestCasesAreRefused(t *testing.T) {
	const fixture = `{"events": [{"slug": "fair"}], "orders": {"fair": [{"code": "A1"}]}, "default_now": "2030-06-01T09:30:00Z"}`
	for content, want := range map[string]string{
		`{"cases": []}`:                           "holds no cases",
		`{"checks": [{"id": 1}]}`:                 "holds no cases",
		`{"cases": [`:                             "EOF",
		`{"cases": [{"id": 1, "surprise": 1}]}`:   `unknown field "surprise"`,
		`{"cases": [{"given": {"surprise": 1}}]}`: `unknown field "surprise"`,
		`{"cases": [{"given": {"before": [{"action": "scan", "surprise": 1}]}}]}`: `unknown field "surprise"`,
		`{"cases": [{"when": {"surprise": 1}}]}`:                                  `unknown field "surprise"`,
		`{"cases": [{"given": {"questions": [7]}}]}`:                              "no questions [7]",
		`{"cases": [{"given": {"set": [{"kind": "order", "id": "B1"}]}}]}`:        `no order "B1" to patch`,
		`{"cases": [{"given": {"set": [{"kind": "quota", "id": "A1"}]}}]}`:        `no quota "A1" to patch`,
		`{"cases": [{"given": {"revokedsecrets": {"away": []}}}]}`:                "away, which is no event",
		`{"cases": [{"given": {"before": [{"action": "search"}]}}]}`:              `action "search" before`,
		`{"cases": [{"given": {"set": [{"kind": "order", "id": "A1"}]}}]}`:        "",
	} {
		file := put(t, content, t.TempDir(), "cases.json")
		put(t, fixture, filepath.Dir(file), fixtureFile)
		got := said(func(t testing.TB) {
			for _, c := range Cases(t, file) {
				c.Base(t)
				c.Completed(t)
			}
		})
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q, want %q", content, got, want)
		}
	}
}

func TestRecordingsAreRefused(t *testing.T) {
	for content, want := range map[string]string{
		"": "holds no recordings", "\n\n": "holds no recordings", `{"format": 2}`: "format 2", `{"format": 1`: "EOF",
		"{\"format\": 1}\n\n{\"format\": 1}\n": "",
	} {
		file := put(t, content, t.TempDir(), "x.jsonl")
		got := said(func(t testing.TB) { Scenarios(t, file) })
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}

func TestFilesAreNamedByTheEnvironment(t *testing.T) {
	const variable, ours = "EINLASS_SOME_FILES", "../testdata/check"
	list := func(paths ...string) string { return strings.Join(paths, string(filepath.ListSeparator)) }
	more := t.TempDir()
	one, two := put(t, "{}", more, "some", "one.json"), put(t, "{}", more, "two.json")
	put(t, "{}", more, "some", fixtureFile)
	own := []string{"../testdata/check/cases.json", "../testdata/check/ours.json"}
	for value, want := range map[string][]string{
		"":                                   own,
		list(filepath.Join(more, "some")):    append(slices.Clone(own), one),
		list(two, "", one):                   append(slices.Clone(own), two, one),
		"scanproxy/testdata/check/ours.json": append(slices.Clone(own), "../../scanproxy/testdata/check/ours.json"), // from the root
		"../testdata/check/ours.json":        append(slices.Clone(own), "../testdata/check/ours.json"),              // from here
	} {
		t.Setenv(variable, value)
		if got := Files(t, ours, variable, "*.json"); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
	for value, want := range map[string]string{
		filepath.Join(more, "gone.json"): "no such file", list(two, filepath.Join(more, "gone")): "no such file", t.TempDir(): "holds no *.json",
	} {
		t.Setenv(variable, value)
		if got := said(func(t testing.TB) { Files(t, ours, variable, "*.json") }); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}
