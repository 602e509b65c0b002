package recorded

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

// Object is a JSON object.
type Object = map[string]any

// Case is one case of the offline check.
type Case struct {
	ID     int             `json:"id"`
	Name   string          `json:"name"`
	Source json.RawMessage `json:"source"` // where the case comes from, for readers
	Note   string          `json:"note"`
	Given  struct {
		Set []struct {
			Kind   string          `json:"kind"`
			ID     json.RawMessage `json:"id"`
			Values Object          `json:"values"`
		} `json:"set"`
		Questions []int64          `json:"questions"`
		Revoked   map[string][]any `json:"revokedsecrets"`
		Blocked   map[string][]any `json:"blockedsecrets"`
		Gate      int64            `json:"gate_id"` // 0 is none, whatever the fixture says of its device
		Before    []Action         `json:"before"`
	} `json:"given"`
	When Action `json:"when"`
	Then Object `json:"then"` // what is compared

	fixture    []byte
	unreadable error
}

// fixtureFile stands beside each file of cases, and is none itself.
const fixtureFile = "fixture.json"

// Cases reads a file of cases, and the fixture beside it. There is at least one. A case that is not understood fails on its
// own, when its Base is asked for.
func Cases(t testing.TB, file string) []Case {
	t.Helper()
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
	Decode(t, data, &all)
	if len(all.Cases) == 0 {
		t.Fatalf("%s holds no cases", file)
	}
	cases := make([]Case, len(all.Cases))
	for i, raw := range all.Cases {
		cases[i].unreadable = Strict(raw, &cases[i])
		cases[i].fixture = fixture
	}
	return cases
}

// Base is the fixture as the case changes it.
func (c Case) Base(t testing.TB) Object {
	t.Helper()
	if c.unreadable != nil {
		t.Fatal(c.unreadable)
	}
	var base Object
	Decode(t, c.fixture, &base)
	for _, set := range c.Given.Set {
		target := find(base, set.Kind, strings.Trim(string(set.ID), `"`))
		if target == nil {
			t.Fatalf("no %s %s to patch", set.Kind, set.ID)
		}
		maps.Copy(target, set.Values)
	}
	c.ask(t, base)
	for kind, rows := range map[string]map[string][]any{"revokedsecrets": c.Given.Revoked, "blockedsecrets": c.Given.Blocked} {
		for event, added := range rows {
			if find(base, "event", event) == nil {
				t.Fatalf("%s of %s, which is no event", kind, event)
			}
			add(base, kind, event, added...)
		}
	}
	return base
}

// ask activates questions.
func (c Case) ask(t testing.TB, base Object) {
	t.Helper()
	missing := map[string]bool{}
	for _, id := range c.Given.Questions {
		missing[fmt.Sprint(id)] = true
	}
	optional, _ := base["questions_optional"].(Object)
	for event, all := range optional {
		for _, q := range objects(all) {
			if id := fmt.Sprint(q["id"]); missing[id] {
				delete(missing, id)
				add(base, "questions", event, q)
			}
		}
	}
	if len(missing) > 0 {
		t.Fatalf("no questions %v to activate", slices.Sorted(maps.Keys(missing)))
	}
}

// Completed are the scans done before and the action itself; where they do not say when or at which lists, the fixture
// does.
func (c Case) Completed(t testing.TB) (before []Action, action Action) {
	t.Helper()
	var usual struct {
		Now   time.Time  `json:"default_now"`
		Lists Selections `json:"default_lists"`
	}
	Decode(t, c.fixture, &usual)
	if usual.Now.IsZero() {
		t.Fatal("the fixture has no default_now")
	}
	complete := func(a Action) Action {
		if a.Now == nil {
			a.Now = &usual.Now
		}
		if a.Lists == nil {
			a.Lists = usual.Lists
		}
		return a
	}
	for _, b := range c.Given.Before {
		if b.Action != "scan" {
			t.Fatalf("action %q before", b.Action)
		}
		before = append(before, complete(b))
	}
	return before, complete(c.When)
}
