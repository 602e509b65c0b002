package scanproxy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// checkCase is one case of testdata/check/cases.json.
type checkCase struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Given struct {
		Set []struct {
			Kind   string          `json:"kind"`
			ID     json.RawMessage `json:"id"`
			Values object          `json:"values"`
		} `json:"set"`
		Questions []int64        `json:"questions"`
		Revoked   map[string]any `json:"revokedsecrets"`
		Blocked   map[string]any `json:"blockedsecrets"`
		Gate      int64          `json:"gate_id"`
		Before    []when         `json:"before"`
	} `json:"given"`
	When when   `json:"when"`
	Then object `json:"then"`
}

// TestCheckCases runs every case of the offline check. EINLASS_CHECK_CASES names further case files (a path list); each
// has its fixture.json beside it.
func TestCheckCases(t *testing.T) {
	files := append([]string{filepath.Join("testdata", "check", "cases.json")}, filepath.SplitList(os.Getenv("EINLASS_CHECK_CASES"))...)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fixture, err := os.ReadFile(filepath.Join(filepath.Dir(file), "fixture.json"))
			if err != nil {
				t.Fatal(err)
			}
			var all struct{ Cases []checkCase }
			readJSON(t, data, &all)
			if len(all.Cases) == 0 {
				t.Error("no cases")
			}
			for _, c := range all.Cases {
				t.Run(fmt.Sprintf("%d %s", c.ID, c.Name), func(t *testing.T) { c.run(t, fixture) })
			}
		})
	}
}

func (c checkCase) run(t *testing.T, fixture []byte) {
	var base object
	readJSON(t, fixture, &base)
	c.prepare(t, base)
	d := openDoor(t, base)
	if c.Given.Gate != 0 {
		d.gate = c.Given.Gate
	}
	start, err := time.Parse(time.RFC3339, text(base["default_now"]))
	if err != nil {
		t.Fatal(err)
	}
	clock := func(w when) time.Time {
		if w.Now != nil {
			return *w.Now
		}
		return start
	}
	for i, b := range c.Given.Before {
		if v := d.scan(t, b.scan(), clock(b)); string(v.Type) != b.ExpectType {
			t.Errorf("scan %d before: got %s (%s), want %s", i, v.Type, v.Rule, b.ExpectType)
		}
	}
	organizer := text(base["organizer"])
	switch c.When.Action {
	case "scan":
		c.expect(t, scanResult(t, organizer, d.scan(t, c.When.scan(), clock(c.When))))
	case "search":
		c.expect(t, d.search(c.When))
	case "status":
		c.expect(t, d.status(c.When))
	case "validate_answer":
		c.expect(t, c.When.validate(t, start))
	case "decode_signed":
		c.expect(t, c.When.decodeSigned())
	case "upload":
		c.expect(t, c.When.upload(t, organizer))
	case "upload_failed":
		c.expect(t, c.When.uploadFailed(t, organizer))
	default:
		t.Errorf("unknown action %q", c.When.Action)
	}
}

// prepare patches the fixture.
func (c checkCase) prepare(t *testing.T, base object) {
	t.Helper()
	for _, set := range c.Given.Set {
		target := findObject(base, set.Kind, strings.Trim(string(set.ID), `"`))
		if target == nil {
			t.Fatalf("no %s %s to patch", set.Kind, set.ID)
		}
		maps.Copy(target, set.Values)
	}
	for event, all := range base["questions_optional"].(object) {
		for _, q := range list(all) {
			if slices.Contains(c.Given.Questions, number(under(q, "id"))) {
				questions := base["questions"].(object)
				questions[event] = append(list(questions[event]), q)
			}
		}
	}
	for kind, rows := range map[string]map[string]any{"revokedsecrets": c.Given.Revoked, "blockedsecrets": c.Given.Blocked} {
		for event, added := range rows {
			byEvent := base[kind].(object)
			byEvent[event] = append(list(byEvent[event]), list(added)...)
		}
	}
}

// findObject returns the object of that kind and id, nil if there is none.
func findObject(base object, kind, id string) object {
	if kind == "settings" {
		o, _ := under(base, "settings", id).(object)
		return o
	}
	place := map[string]string{
		"event": "events", "item": "items", "variation": "items", "checkinlist": "checkinlists", "order": "orders",
		"position": "orders", "medium": "reusablemedia", "subevent": "subevents",
	}[kind]
	inner := map[string]string{"variation": "variations", "position": "positions"}[kind]
	for _, o := range flattened(base[place]) {
		if inner == "" && isNamed(o, id) {
			return o.(object)
		}
		for _, x := range list(under(o, inner)) {
			if isNamed(x, id) {
				return x.(object)
			}
		}
	}
	return nil
}

func flattened(v any) []any {
	if all, isList := v.([]any); isList {
		return all
	}
	var out []any
	byEvent, _ := v.(object)
	for _, event := range slices.Sorted(maps.Keys(byEvent)) {
		out = append(out, list(byEvent[event])...)
	}
	return out
}

func isNamed(o any, id string) bool {
	for _, key := range []string{"id", "code", "slug"} {
		if v := under(o, key); v != nil && fmt.Sprint(v) == id {
			return true
		}
	}
	return false
}

// expect compares the named fields only.
func (c checkCase) expect(t *testing.T, got object) {
	t.Helper()
	var plain object // as JSON would show it
	readJSON(t, encoded(t, got), &plain)
	for key, want := range c.Then {
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
		if !ok || len(l) != len(want) {
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
