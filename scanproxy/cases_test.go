package scanproxy_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/einlass/einlass/scanproxy/recorded"
)

// TestCheckCases runs every case of the offline check. EINLASS_CHECK_CASES names further case files (a path list, see
// recorded.Files); each has its fixture.json beside it.
func TestCheckCases(t *testing.T) {
	for _, file := range recorded.Files(t, filepath.Join("testdata", "check"), "EINLASS_CHECK_CASES", "*.json") {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			for _, c := range recorded.Cases(t, file) {
				t.Run(fmt.Sprintf("%d %s", c.ID, c.Name), func(t *testing.T) { runCase(t, c) })
			}
		})
	}
}

func runCase(t *testing.T, c recorded.Case) {
	base := c.Base(t)
	if len(c.Then) == 0 {
		t.Fatal("nothing is expected")
	}
	d := openDoor(t, base)
	d.gate = c.Given.Gate
	before, action := c.Completed(t)
	for i, b := range before {
		if v := d.scan(t, b.Scan(), *b.Now); string(v.Type) != b.ExpectType {
			t.Errorf("scan %d before: got %s (%s), want %s", i, v.Type, v.Rule, b.ExpectType)
		}
	}
	expect(t, d.do(t, action, text(base["organizer"])), c.Then)
}

// do is what a case is about.
func (d *door) do(t *testing.T, a recorded.Action, organizer string) object {
	t.Helper()
	switch a.Action {
	case "scan":
		return scanResult(t, organizer, d.scan(t, a.Scan(), *a.Now))
	case "search":
		return d.search(a)
	case "status":
		return d.status(a)
	case "validate_answer":
		return d.validate(t, a)
	case "decode_signed":
		return decodeSigned(a)
	case "upload":
		return upload(t, a, organizer)
	case "upload_failed":
		return uploadFailed(t, a, organizer)
	}
	t.Fatalf("unknown action %q", a.Action)
	return nil
}

// expect compares the named fields only.
func expect(t *testing.T, got, then object) {
	t.Helper()
	var plain object // as JSON would show it
	recorded.Decode(t, encoded(t, got), &plain)
	for key, want := range then {
		have, known := plain[key]
		if !known {
			t.Errorf("%s: this result has no such field", key)
			continue
		}
		if key == "result_secrets" {
			want = secretSet(list(want))
		}
		if err := includes(have, want); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// includes says whether got has everything that want names: objects may have further keys, lists may not have further
// elements.
func includes(got, want any) error {
	switch want := want.(type) {
	case object:
		o, ok := got.(object)
		if !ok {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		for k, w := range want {
			if err := includes(o[k], w); err != nil {
				return fmt.Errorf("%s: %w", k, err)
			}
		}
		return nil
	case []any:
		l, ok := got.([]any)
		if !ok && got != nil || len(l) != len(want) { // no list is an empty one
			return fmt.Errorf("got %v, want %v", got, want)
		}
		for i := range want {
			if err := includes(l[i], want[i]); err != nil {
				return fmt.Errorf("%d: %w", i, err)
			}
		}
		return nil
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || (got == nil) != (want == nil) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}
