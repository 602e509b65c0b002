package store_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/scanproxy"
)

// mirrorScenario is what of a recording of pretix matters here: the data, and the scans.
type mirrorScenario struct {
	ID    string
	Base  fields
	Steps []struct{ When asked }
}

// TestScenariosAreJudgedAlike proves the copy in a database against the one in memory on shops of all kinds, which follow
// each other in one database. The verdicts themselves are compared with pretix' in package scanproxy. EINLASS_TRUTH names
// further recordings (a path list).
func TestScenariosAreJudgedAlike(t *testing.T) {
	const most = 12 // of the recordings at hand; each takes a few hundred transactions
	scenarios := recordedScenarios(t, filepath.Join("..", "..", "scanproxy", "testdata", "truth", "visible.jsonl.gz"))[:most]
	for _, file := range filepath.SplitList(os.Getenv("EINLASS_TRUTH")) {
		scenarios = append(scenarios, recordedScenarios(t, file)...)
	}
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		for i, s := range scenarios {
			t.Run(s.ID, func(t *testing.T) {
				mirrored(t, m, s.Base, int64(i+1))
				j := judges{memory: snapshotOf(t, s.Base), mirror: m, own: map[string][]scanproxy.OwnCheckin{}}
				for _, step := range s.Steps {
					j.scan(t, step.When)
				}
			})
		}
	})
}

func recordedScenarios(t *testing.T, file string) (all []mirrorScenario) {
	t.Helper()
	data := readFile(t, file)
	lines := bufio.NewScanner(bytes.NewReader(data))
	if zipped, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
		lines = bufio.NewScanner(zipped)
	}
	for lines.Buffer(nil, 16<<20); lines.Scan(); {
		var s mirrorScenario
		decode(t, lines.Bytes(), &s)
		all = append(all, s)
	}
	must(t, lines.Err())
	return all
}
