package scanproxy

import (
	"context"
	"testing"

	"github.com/einlass/einlass/scanproxy/rules"
)

// BenchmarkDecide judges one ticket on a list with a rule, its facts being at hand.
func BenchmarkDecide(b *testing.B) {
	s := newStory()
	s.list.Rules, s.list.RulesError = rules.Parse([]byte(`{"or": [{"<": [{"var": "entries_today"}, 3]}, {"isAfter": [{"var": "now"}, {"buildTime": ["customtime", "18:00"]}, 10]}]}`))
	f, err := Gather(context.Background(), &s.Snapshot, s.scan, noon)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if v := Decide(f); v.Type != Valid {
			b.Fatal(v.Type)
		}
	}
}
