package recorded

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
)

// Scenario is one recording of a real pretix: what a device had downloaded, and what it then scanned.
type Scenario struct {
	Format int             `json:"format"` // 1
	ID     string          `json:"id"`
	Base   Object          `json:"base"`
	Steps  json.RawMessage `json:"steps"` // a list; what of a step counts is up to the test
}

// Scenarios reads a file with one recording a line, perhaps with gzip. There is at least one.
func Scenarios(t testing.TB, file string) (all []Scenario) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	if zipped, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		lines = bufio.NewScanner(zipped)
	}
	for lines.Buffer(nil, 16<<20); lines.Scan(); {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var s Scenario
		Decode(t, lines.Bytes(), &s)
		if s.Format != 1 {
			t.Fatalf("%s, recording %d: unknown format %d", file, len(all)+1, s.Format)
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no recordings", file)
	}
	return all
}
