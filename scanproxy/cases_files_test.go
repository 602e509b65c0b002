package scanproxy_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// furtherFiles are the files that a variable of the environment names, a path list. A relative path counts from the root
// of the module, where go test is called, or from this directory. A directory stands for the files in it that fit one of
// the patterns. What is not there fails the test.
func furtherFiles(t *testing.T, variable string, patterns ...string) (files []string) {
	t.Helper()
	for _, named := range filepath.SplitList(os.Getenv(variable)) {
		if named == "" {
			continue // a colon too many
		}
		path := named
		if fromRoot := filepath.Join("..", named); !filepath.IsAbs(named) && exists(fromRoot) {
			path = fromRoot
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatalf("%s: %v", variable, err)
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		inside := filesIn(t, path, patterns)
		if len(inside) == 0 {
			t.Fatalf("%s: %s holds no %s", variable, named, strings.Join(patterns, " or "))
		}
		files = append(files, inside...)
	}
	return files
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// fixtureFile stands beside each file of cases, and is none itself.
const fixtureFile = "fixture.json"

func filesIn(t *testing.T, directory string, patterns []string) (files []string) {
	t.Helper()
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(directory, p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return slices.DeleteFunc(files, func(f string) bool { return filepath.Base(f) == fixtureFile })
}

// strict decodes what this program was written for: a key that it does not know would be skipped, and the case would say
// less than its author meant.
func strict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}
