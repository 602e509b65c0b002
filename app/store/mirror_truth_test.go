package store_test

import (
	"path/filepath"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// TestScenariosAreJudgedAlike proves the copy in a database against the one in memory on shops of all kinds, which follow
// each other in one database. The verdicts themselves are compared with pretix' in package scanproxy. EINLASS_TRUTH names
// further recordings (see recorded.Files).
func TestScenariosAreJudgedAlike(t *testing.T) {
	const most = 12 // of the recordings at hand; each takes a few hundred transactions
	var scenarios []recorded.Scenario
	for i, file := range recorded.Files(t, filepath.Join("..", "..", "scanproxy", "testdata", "truth"), "EINLASS_TRUTH", "*.jsonl", "*.jsonl.gz") {
		all := recorded.Scenarios(t, file)
		if i == 0 {
			all = all[:most]
		}
		scenarios = append(scenarios, all...)
	}
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		for i, s := range scenarios {
			t.Run(s.ID, func(t *testing.T) {
				mirrored(t, m, s.Base, int64(i+1))
				j := judges{memory: snapshotOf(t, s.Base), mirror: m, own: map[string][]scanproxy.OwnCheckin{}}
				var steps []struct{ When recorded.Action }
				recorded.Decode(t, s.Steps, &steps)
				for _, step := range steps {
					j.judge(t, step.When)
				}
			})
		}
	})
}
