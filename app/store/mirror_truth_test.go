package store_test

import (
	"path/filepath"
	"testing"

	"github.com/einlass/einlass/scanproxy/recorded"
)

// TestScenariosAreJudgedAlike proves the copy and the journal in a database against those in memory on shops of all
// kinds, which follow each other in one database. The verdicts themselves are compared with pretix' in package scanproxy. EINLASS_TRUTH names
// further recordings (see recorded.Files).
func TestScenariosAreJudgedAlike(t *testing.T) {
	const most = 12 // of the recordings at hand; each takes a few hundred transactions
	var scenarios []recorded.Scenario
	for _, file := range recorded.Files(t, filepath.Join("..", "..", "scanproxy", "testdata", "truth"), "EINLASS_TRUTH", "*.jsonl", "*.jsonl.gz") {
		all := recorded.Scenarios(t, file)
		if filepath.Base(file) == "visible.jsonl.gz" {
			all = all[:most]
		}
		scenarios = append(scenarios, all...)
	}
	atBothURLs(t, func(t *testing.T, url string) {
		b := openBox(t, url)
		for _, s := range scenarios {
			t.Run(s.ID, func(t *testing.T) {
				j := b.judges(t, s.Base)
				var steps []struct{ When recorded.Action }
				recorded.Decode(t, s.Steps, &steps)
				for _, step := range steps {
					j.judge(t, step.When)
				}
			})
		}
	})
}
