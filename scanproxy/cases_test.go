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

// checkCase is one case of testdata/check/cases.json. A key that is not named here fails the case.
type checkCase struct {
	ID     int             `json:"id"`
	Name   string          `json:"name"`
	Source json.RawMessage `json:"source"` // where the case comes from, for readers
	Note   string          `json:"note"`
	Given  struct {
		Set []struct {
			Kind   string          `json:"kind"`
			ID     json.RawMessage `json:"id"`
			Values object          `json:"values"`
		} `json:"set"`
		Questions []int64          `json:"questions"`
		Revoked   map[string][]any `json:"revokedsecrets"`
		Blocked   map[string][]any `json:"blockedsecrets"`
		Gate      int64            `json:"gate_id"` // 0 is none, whatever the fixture says of its device
		Before    []when           `json:"before"`
	} `json:"given"`
	When when   `json:"when"`
	Then object `json:"then"`
}

// TestCheckCases runs every case of the offline check. EINLASS_CHECK_CASES names further case files (a path list, see
// furtherFiles); each has its fixture.json beside it.
func TestCheckCases(t *testing.T) {
	files := append(filesIn(t, filepath.Join("testdata", "check"), []string{"*.json"}), furtherFiles(t, "EINLASS_CHECK_CASES", "*.json")...)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { runCases(t, file) })
	}
}

func runCases(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fixture, err := os.ReadFile(filepath.Join(filepath.Dir(file), fixtureFile))
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []json.RawMessage `json:"cases"`
	}
	readJSON(t, data, &all)
	if len(all.Cases) == 0 {
		t.Fatalf("%s holds no cases", file)
	}
	for i, raw := range all.Cases {
		var c checkCase
		if err := strict(raw, &c); err != nil {
			t.Errorf("%s: case %d of %d: %v", file, i+1, len(all.Cases), err)
			continue
		}
		t.Run(fmt.Sprintf("%d %s", c.ID, c.Name), func(t *testing.T) { c.run(t, fixture) })
	}
}

func (c checkCase) run(t *testing.T, fixture []byte) {
	if len(c.Then) == 0 {
		t.Fatal("nothing is expected")
	}
	var base object
	readJSON(t, fixture, &base)
	c.prepare(t, base)
	d := openDoor(t, base)
	d.gate = c.Given.Gate
	d.usually = usually(t, base)
	for i, b := range c.Given.Before {
		if b.Action != "scan" {
			t.Fatalf("action %q before", b.Action)
		}
		if v := d.scan(t, d.complete(b).scan(), *d.complete(b).Now); string(v.Type) != b.ExpectType {
			t.Errorf("scan %d before: got %s (%s), want %s", i, v.Type, v.Rule, b.ExpectType)
		}
	}
	c.expect(t, d.do(t, d.complete(c.When), text(base["organizer"])))
}

// do is what a case is about.
func (d *door) do(t *testing.T, w when, organizer string) object {
	t.Helper()
	switch w.Action {
	case "scan":
		return scanResult(t, organizer, d.scan(t, w.scan(), *w.Now))
	case "search":
		return d.search(w)
	case "status":
		return d.status(w)
	case "validate_answer":
		return d.validate(t, w)
	case "decode_signed":
		return w.decodeSigned()
	case "upload":
		return w.upload(t, organizer)
	case "upload_failed":
		return w.uploadFailed(t, organizer)
	}
	t.Fatalf("unknown action %q", w.Action)
	return nil
}

// usually is what the fixture says of actions that say nothing themselves.
func usually(t *testing.T, base object) (w when) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, text(base["default_now"]))
	if err != nil {
		t.Fatal(err)
	}
	w.Now = &now
	readJSON(t, encoded(t, base["default_lists"]), &w.Lists)
	return w
}

func (d *door) complete(w when) when {
	if w.Now == nil {
		w.Now = d.usually.Now
	}
	if w.Lists == nil {
		w.Lists = d.usually.Lists
	}
	return w
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
	c.ask(t, base)
	for kind, rows := range map[string]map[string][]any{"revokedsecrets": c.Given.Revoked, "blockedsecrets": c.Given.Blocked} {
		for event, added := range rows {
			if findObject(base, "event", event) == nil {
				t.Fatalf("%s of %s, which is no event", kind, event)
			}
			add(base, kind, event, added...)
		}
	}
}

// ask activates questions.
func (c checkCase) ask(t *testing.T, base object) {
	t.Helper()
	missing := slices.Clone(c.Given.Questions)
	optional, _ := base["questions_optional"].(object)
	for event, all := range optional {
		for _, q := range list(all) {
			if i := slices.Index(missing, number(under(q, "id"))); i >= 0 {
				missing = slices.Delete(missing, i, i+1)
				add(base, "questions", event, q)
			}
		}
	}
	if len(missing) > 0 {
		t.Fatalf("no questions %v to activate", missing)
	}
}

func add(base object, kind, event string, rows ...any) {
	of, _ := base[kind].(object)
	if of == nil {
		of = object{}
		base[kind] = of
	}
	of[event] = append(list(of[event]), rows...)
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
