package rules

import (
	"testing"
	"time"
)

// FuzzRule: whatever is stored as a rule at pretix, a scan gets an answer, always the same, and the explanation speaks
// only where the rule refuses.
func FuzzRule(f *testing.F) {
	for _, s := range []string{
		`{"<": [{"var": "entries_number"}, 3]}`,
		`{"or": [{"isBefore": [{"var": "now"}, {"buildTime": ["customtime", "23:00"]}, 5]}, {"==": [{"entries_since": [{"buildTime": ["date_from"]}]}, 0]}]}`,
		`{"reduce": [[1, 2], {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]}`,
		`{"and": []}`, `{}`, `[]`, `{"substr": ["abc", -1e300, 1e300]}`,
	} {
		f.Add([]byte(s))
	}
	c := Checkin{
		Now: time.Date(2030, 6, 1, 9, 30, 0, 0, time.UTC), DateFrom: time.Date(2030, 6, 1, 10, 0, 0, 0, time.UTC),
		Product: 101, Variation: 3, Inside: true, Entries: []time.Time{time.Date(2030, 6, 1, 8, 0, 0, 0, time.UTC)},
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Parse(raw)
		if err != nil {
			return
		}
		first, errFirst := r.Admits(c)
		second, errSecond := r.Admits(c)
		if first != second || (errFirst == nil) != (errSecond == nil) {
			t.Errorf("%s: %v, %v, then %v, %v", raw, first, errFirst, second, errSecond)
		}
		if why := r.Explain(c, English()); why != "" && (first || errFirst != nil) {
			t.Errorf("%s: explained as %q, but it does not refuse", raw, why)
		}
	})
}

// FuzzReadTime: a text that is read names an existing day and time, and is read the same way when written out.
func FuzzReadTime(f *testing.F) {
	for _, s := range []string{"2030-02-28T12:20:00+01:00", "7:05 pm", "28 Feb 2030", "12h", "03/04/2030"} {
		f.Add(s)
	}
	today := time.Date(2030, 6, 1, 9, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		r, ok := ReadTime(s, today)
		if !ok {
			return
		}
		again, ok := ReadTime(r.String(), today)
		if !ok || again != r {
			t.Errorf("%q is %+v, written as %q it is %+v, %v", s, r, r, again, ok)
		}
	})
}
