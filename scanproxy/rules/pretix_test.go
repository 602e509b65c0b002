package rules

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
	_ "time/tzdata" // zones must be there on any machine
)

// judged is what pretix' rule engine said to one rule. e2e/truth/rules_only.py records such lines.
type judged struct {
	Rule json.RawMessage `json:"rule"`
	At   struct {
		Now       time.Time   `json:"now"`
		Zone      string      `json:"zone"`
		From      time.Time   `json:"date_from"`
		To        time.Time   `json:"date_to"`
		Admission time.Time   `json:"date_admission"`
		Product   int64       `json:"product"`
		Variation int64       `json:"variation"`
		Gate      int64       `json:"gate"`
		Entries   []time.Time `json:"entries"`
		Inside    bool        `json:"inside"`
	} `json:"at"`
	Admits      *bool   `json:"admits"`      // nil: the evaluation fails
	Explanation *string `json:"explanation"` // nil: none, or pretix fails over it
}

// TestRulesOfPretix compares with recorded judgements. EINLASS_RULES names further recordings (a path list).
func TestRulesOfPretix(t *testing.T) {
	files := append([]string{filepath.Join("testdata", "pretix.jsonl")}, filepath.SplitList(os.Getenv("EINLASS_RULES"))...)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			lines, n := bufio.NewScanner(f), 0
			for lines.Buffer(nil, 1<<20); lines.Scan(); n++ {
				var j judged
				if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
					t.Fatal(err)
				}
				j.compare(t)
			}
			if t.Logf("%d rules", n); n == 0 || lines.Err() != nil {
				t.Errorf("nothing was compared: %v", lines.Err())
			}
		})
	}
}

func (j judged) compare(t *testing.T) {
	t.Helper()
	zone, err := time.LoadLocation(j.At.Zone)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Parse(j.Rule)
	if err != nil {
		t.Fatal(err)
	}
	at := Checkin{
		Now: j.At.Now, Zone: zone, DateFrom: j.At.From, DateTo: j.At.To, DateAdmission: j.At.Admission,
		Product: j.At.Product, Variation: j.At.Variation, Gate: j.At.Gate, Entries: j.At.Entries, Inside: j.At.Inside,
	}
	got, err := r.Admits(at)
	if j.Explanation != nil {
		unknown := *j.Explanation == "Unknown reason"
		if said := r.Explain(at, English()); (said == English().Unknown) != unknown {
			t.Errorf("explained with %q, by pretix with %q: %s at %s in %s", said, *j.Explanation, j.Rule, j.At.Now, zone)
		}
	}
	switch {
	case j.Admits == nil && err == nil:
		t.Errorf("got %v, at pretix it fails: %s at %s in %s", got, j.Rule, j.At.Now, zone)
	case j.Admits != nil && err != nil:
		t.Errorf("fails (%v), pretix says %v: %s at %s in %s", err, *j.Admits, j.Rule, j.At.Now, zone)
	case j.Admits != nil && got != *j.Admits:
		t.Errorf("got %v, pretix says %v: %s at %s in %s", got, *j.Admits, j.Rule, j.At.Now, zone)
	}
}
