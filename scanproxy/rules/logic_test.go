package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// data turns JSON into values of a rule.
func data(t *testing.T, raw []byte) any {
	t.Helper()
	p := parser{dec: json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	v, err := p.value(0)
	if err != nil {
		t.Fatal(err)
	}
	return plain(v)
}

// TestLogic runs the rows of testdata/logic.json. EINLASS_JSONLOGIC names further files of the same form (a path list), for
// example the public vectors of jsonlogic.com.
func TestLogic(t *testing.T) {
	files := append([]string{"testdata/logic.json"}, filepath.SplitList(os.Getenv("EINLASS_JSONLOGIC"))...)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var rows []json.RawMessage
			if err := json.Unmarshal(content, &rows); err != nil {
				t.Fatal(err)
			}
			checked := 0
			for _, raw := range rows {
				var row []json.RawMessage
				if json.Unmarshal(raw, &row) != nil || len(row) != 3 {
					continue // a comment
				}
				checked++
				t.Run(string(row[0]), func(t *testing.T) { checkRow(t, row[0], row[1], row[2]) })
			}
			if t.Logf("%d rows", checked); checked < 100 {
				t.Error("these are too few rows")
			}
		})
	}
}

func checkRow(t *testing.T, rule, over, result []byte) {
	t.Helper()
	r, err := Parse(rule)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Eval(nil, data(t, over))
	if strings.Contains(string(result), `"fails"`) {
		if err == nil {
			t.Errorf("got %v, want a failure", got)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(got) // 5 and 5.0 are one result
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(data(t, result), data(t, written)); diff != "" {
		t.Errorf("over %s (-want +got)\n%s", over, diff)
	}
}

// Operators belong to one call: what one scan brings along, another does not see.
func TestOperatorsBelongToOneCall(t *testing.T) {
	r, err := Parse([]byte(`{"double": 4}`))
	if err != nil {
		t.Fatal(err)
	}
	mine := func(name string) Operator {
		if name != "double" {
			return nil
		}
		return func(args []any) (any, error) { return args[0].(int64) * 2, nil }
	}
	if got, err := r.Eval(mine, nil); err != nil || got != int64(8) {
		t.Errorf("with the operator: got %v, %v", got, err)
	}
	if got, err := r.Eval(nil, nil); !errors.Is(err, ErrUnknownOperator) {
		t.Errorf("without the operator: got %v, %v", got, err)
	}
}

func TestParseHasLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`{"and":[`, n) + "true" + strings.Repeat(`]}`, n) }
	wide := `{"and":[` + strings.TrimSuffix(strings.Repeat("1,", maxParts+1), ",") + `]}`
	tests := []struct {
		name, rule string
		want       error
	}{
		{"as deep as the limit", deep(maxDepth/2 - 1), nil},
		{"deeper", deep(maxDepth), ErrTooDeep},
		{"very deep", deep(1_000_000), ErrTooDeep},
		{"too many parts", wide, ErrTooLarge},
	}
	for _, tt := range tests {
		if _, err := Parse([]byte(tt.rule)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	for _, broken := range []string{"", "{", `{"and": [}`, "true false", "nul", `{"a": 1,}`} {
		if _, err := Parse([]byte(broken)); err == nil {
			t.Errorf("%q was parsed", broken)
		}
	}
}

// A rule that would keep the processor busy at the door ends with an error instead.
func TestEvalHasLimits(t *testing.T) {
	hundred := "[" + strings.TrimSuffix(strings.Repeat("1,", 100), ",") + "]"
	loop := `{"var": ""}`
	for range 4 {
		loop = fmt.Sprintf(`{"map": [%s, %s]}`, hundred, loop)
	}
	grow := fmt.Sprintf(`{"reduce": [%s, {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}, "x"]}`, hundred)
	for _, rule := range []string{loop, grow} {
		r, err := Parse([]byte(rule))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Eval(nil, nil); !errors.Is(err, ErrTooMuchWork) {
			t.Errorf("got %v, want %v", err, ErrTooMuchWork)
		}
	}
}
