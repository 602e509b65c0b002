package scanproxy_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// TestExplanationsNameWhatPretixNames compares the explanations of refused rules with the recorded ones. The words are
// ours; the number of reasons, their order and the moments in them must be those of pretix.
func TestExplanationsNameWhatPretixNames(t *testing.T) {
	var scenarios []recorded.Scenario
	for _, file := range recorded.Files(t, filepath.Join("testdata", "truth"), "EINLASS_TRUTH", "*.jsonl", "*.jsonl.gz") {
		scenarios = append(scenarios, recorded.Scenarios(t, file)...)
	}
	var same, all int
	for _, s := range scenarios {
		d := openDoor(t, s.Base)
		for _, st := range stepsOf(t, s) {
			own, kept := d.state()
			v := d.scan(t, st.When.Scan(), *st.When.Now)
			if !st.Knowable {
				d.own, d.kept = own, kept
				d.putEffects(st)
			}
			if v.Type != scanproxy.Rules || st.Server.Explanation == nil || !st.Knowable {
				continue
			}
			all++
			got, want := moments(v.ReasonExplanation), moments(*st.Server.Explanation)
			if slices.Equal(got, want) {
				same++
			} else {
				t.Errorf("%s step %d: got %q, pretix says %q", s.ID, st.N, v.ReasonExplanation, *st.Server.Explanation)
			}
		}
	}
	t.Logf("%d of %d explanations agree", same, all)
}

var moment = regexp.MustCompile(`(\d{4})-(\d{2})-(\d{2}) \d{2}:\d{2}|(\d{2})\.(\d{2})\.(\d{4}) \d{2}:\d{2}|\d{2}:\d{2}`)

// moments is, for each reason, the moment that it names or "", sorted.
func moments(explanation string) []string {
	var out []string
	for _, reason := range strings.Split(explanation, ", ") {
		m := moment.FindString(reason)
		if date, clock, german := strings.Cut(m, " "); german && strings.Contains(date, ".") {
			p := strings.Split(date, ".")
			m = p[2] + "-" + p[1] + "-" + p[0] + " " + clock
		}
		out = append(out, m)
	}
	slices.Sort(out)
	return out
}
