package recorded

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Files are the files of ours, a directory, that fit one of the patterns, and those that a variable of the environment
// names, a path list. A relative path in it counts from the root of the module, where go test is called, or from the
// test's directory. A directory stands for the files in it that fit. What is not there fails the test.
func Files(t testing.TB, ours, variable string, patterns ...string) []string {
	t.Helper()
	files := filesIn(t, ours, patterns)
	for _, named := range filepath.SplitList(os.Getenv(variable)) {
		if named == "" {
			continue // a colon too many
		}
		path := fromRoot(named)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatalf("%s: %v", variable, err)
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		files = append(files, filesIn(t, path, patterns)...)
	}
	return files
}

// filesIn fails where there are none.
func filesIn(t testing.TB, directory string, patterns []string) (files []string) {
	t.Helper()
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(directory, p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return filepath.Base(f) == fixtureFile })
	if len(files) == 0 {
		t.Fatalf("%s holds no %s", directory, strings.Join(patterns, " or "))
	}
	return files
}

// fromRoot finds a file that stands in the module, whatever the directory of the test.
func fromRoot(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	root := "."
	for range 8 { // packages do not lie deeper
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Join(root, "..")
	}
	if fromThere := filepath.Join(root, path); exists(fromThere) {
		return fromThere
	}
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Decode reads JSON with numbers as they were written.
func Decode(t testing.TB, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// Strict is Decode for what this program was written for: an unknown key is an error.
func Strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	d.DisallowUnknownFields()
	return d.Decode(into)
}
