package store

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzOrder: whatever pretix sends, an order is refused or comes out of the copy as it went in.
func FuzzOrder(f *testing.F) {
	for _, seed := range []string{
		`{"code":"A","positions":[]}`,
		`{"code":"A","positions":null,"news":[{}]}`,
		`{"code":"A","positions":[{"id":1,"secret":"x"}],"fees":[{"id":1,"secret":"x"}]}`,
		`{"fees":[{"id":1,"secret":"x"}],"code":"A","positions":[{"id":1,"secret":"x"}]}`,
		`{"code":"A", "positions" : [ {"id":1} , {"id":1} ] , "z":1}`,
		`{"code":"A","positions":[{"id":1,"answers":[{"question":1,"answer":"]}"}],"checkins":[{"id":1,"datetime":"2030-01-01T00:00:00Z"}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := readOrder("fair", raw)
		if err != nil {
			return
		}
		var positions [][]byte
		for _, p := range o.tickets {
			positions = append(positions, p.Raw)
			answers, err := encodeAnswers(p.Answers)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := decodeAnswers(answers); err != nil || len(got) != len(p.Answers) {
				t.Errorf("answers %v, %v; want %v", got, err, p.Answers)
			}
		}
		var got, want any
		if err := json.Unmarshal(join(o.head, o.tail, positions), &got); err != nil {
			t.Fatalf("it is no JSON any more: %v", err)
		}
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}
