package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// TestCasesAreJudgedAlike proves the copy in a database against the one in memory: on each case of the offline check they
// lead to the same verdicts, hits and counts. What the verdicts are, package scanproxy compares. One database lives
// through all cases, so it sees everything change. EINLASS_CHECK_CASES names further cases (see recorded.Files).
func TestCasesAreJudgedAlike(t *testing.T) {
	files := recorded.Files(t, filepath.Join("..", "..", "scanproxy", "testdata", "check"), "EINLASS_CHECK_CASES", "*.json")
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		holds, walk := "", int64(0) // what the copy holds, to leave it when nothing changes
		for _, file := range files {
			for _, c := range recorded.Cases(t, file) {
				t.Run(fmt.Sprintf("%s %d", filepath.Base(filepath.Dir(file)), c.ID), func(t *testing.T) {
					base := c.Base(t)
					if wanted := string(raws(t, base)[0]); wanted != holds {
						walk++
						mirrored(t, m, base, walk)
						holds = wanted
					}
					j := judges{memory: snapshotOf(t, base), mirror: m, gate: c.Given.Gate, own: map[string][]scanproxy.OwnCheckin{}}
					before, action := c.Completed(t)
					for _, a := range append(before, action) {
						j.judge(t, a)
					}
				})
			}
		}
	})
}

// judges ask both copies.
type judges struct {
	memory *scanproxy.Snapshot
	mirror *store.Mirror
	gate   int64
	own    map[string][]scanproxy.OwnCheckin // by ticket and list
	scans  int
}

// judge leaves alone what no copy is needed for.
func (j *judges) judge(t *testing.T, a recorded.Action) {
	t.Helper()
	switch a.Action {
	case "scan":
		j.scan(t, a)
	case "search":
		j.search(t, a)
	case "status":
		j.status(t, a)
	}
}

func (j *judges) scan(t *testing.T, a recorded.Action) {
	t.Helper()
	scan := a.Scan()
	if j.scans++; scan.Nonce == "" {
		scan.Nonce = fmt.Sprint("scan ", j.scans) // a random one would differ
	}
	want, err := j.decide(t.Context(), j.memory, scan, *a.Now)
	if err != nil {
		t.Fatal(err)
	}
	var got scanproxy.Verdict
	err = j.mirror.Read(t.Context(), func(l scanproxy.Lookup, _ int64) (err error) {
		got, err = j.decide(t.Context(), l, scan, *a.Now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sameLimit := cmp.Comparer(func(a, b *big.Rat) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
	if diff := cmp.Diff(want, got, sameLimit); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if want.Admit != nil {
		key := want.Admit.Subject.Secret.Reveal() + fmt.Sprint(want.Admit.List)
		j.own[key] = append(j.own[key], scanproxy.OwnCheckin{Type: want.Admit.Type, At: want.Admit.At, Nonce: want.Admit.Nonce})
	}
}

func (j *judges) decide(ctx context.Context, l scanproxy.Lookup, scan scanproxy.Scan, now time.Time) (scanproxy.Verdict, error) {
	facts, err := scanproxy.Gather(ctx, l, scan, now)
	if err != nil {
		return scanproxy.Verdict{}, err
	}
	facts.Gate = j.gate
	if about, found := facts.Subject(); found {
		facts.History.Checkins = j.own[about.Secret.Reveal()+fmt.Sprint(about.List)]
	}
	return scanproxy.Decide(facts), nil
}

func (j *judges) desks(t *testing.T, a recorded.Action) (desks []scanproxy.Desk) {
	t.Helper()
	for _, at := range a.Lists {
		desk, err := j.memory.Desk(t.Context(), at, "")
		if err != nil {
			t.Fatal(err)
		}
		desks = append(desks, desk)
	}
	return desks
}

func (j *judges) search(t *testing.T, a recorded.Action) {
	t.Helper()
	desks, q := j.desks(t, a), scanproxy.ParseQuery(a.Query)
	want := scanproxy.Search(q, 1, desks, j.memory.Tickets, "", nil)
	found, err := j.mirror.Find(t.Context(), a.Query, a.Lists, 0, scanproxy.SearchPageSize)
	if err != nil {
		t.Fatal(err)
	}
	if got := scanproxy.Search(q, 1, desks, found, "", nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func (j *judges) status(t *testing.T, a recorded.Action) {
	t.Helper()
	for _, desk := range j.desks(t, a) {
		got, err := j.mirror.Count(t.Context(), desk.Selection, "", nil, scanproxy.CopyMark{})
		if desk.List == nil {
			if err == nil {
				t.Error("a list that is not there is counted")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		want := scanproxy.CountStatus(desk.Event, desk.List, j.memory.Tickets, "", nil)
		if diff := cmp.Diff(want, got.Status); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// mirrored makes the copy hold exactly the base.
func mirrored(t *testing.T, m *store.Mirror, base fields, walk int64) {
	t.Helper()
	var dates, events []any
	for _, e := range flat(base["events"]) {
		slug := e["slug"].(string)
		events = append(events, e)
		of := func(resource, kind string) {
			rows, _ := base[kind].(fields)[slug].([]any)
			apply(t, m, mirror.Batch{Key: mirror.Key{Resource: resource, Event: slug}, Rows: raws(t, rows...), Complete: true, Done: true})
		}
		single := func(resource string, row any) {
			apply(t, m, mirror.Batch{Key: mirror.Key{Resource: resource, Event: slug}, Rows: raws(t, row), Complete: true, Done: true})
		}
		single(mirror.Event, e)
		single(mirror.Settings, base["settings"].(fields)[slug])
		of(mirror.Items, "items")
		of(mirror.Questions, "questions")
		of(mirror.Lists, "checkinlists")
		of(mirror.Revoked, "revokedsecrets")
		of(mirror.Blocked, "blockedsecrets")
		rows, _ := base["orders"].(fields)[slug].([]any)
		apply(t, m, mirror.Batch{
			Key: mirror.Key{Resource: mirror.Orders, Event: slug}, Rows: raws(t, rows...), Walk: walk, Sweep: true, Done: true,
		})
		some, _ := base["subevents"].(fields)[slug].([]any)
		dates = append(dates, some...)
	}
	apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.Events}, Rows: raws(t, events...), Complete: true, Done: true})
	apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.SubEvents}, Rows: raws(t, dates...), Complete: true, Done: true})
	media, _ := base["reusablemedia"].([]any)
	apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.Media}, Rows: raws(t, media...), Complete: true, Done: true})
}

// snapshotOf builds the copy in memory.
func snapshotOf(t *testing.T, base fields) *scanproxy.Snapshot {
	t.Helper()
	s := &scanproxy.Snapshot{
		Events: map[string]*scanproxy.Event{}, Lists: map[scanproxy.Selection]*scanproxy.List{}, Revoked: map[string][]scanproxy.Code{},
	}
	for _, e := range flat(base["events"]) {
		slug := e["slug"].(string)
		of := func(kind string) []json.RawMessage {
			rows, _ := base[kind].(fields)[slug].([]any)
			return raws(t, rows...)
		}
		event, err := scanproxy.DecodeEvent(scanproxy.EventParts{
			Event: raws(t, e)[0], Settings: raws(t, base["settings"].(fields)[slug])[0],
			Items: of("items"), Questions: of("questions"), SubEvents: of("subevents"),
		})
		must(t, err)
		s.Events[slug] = event
		for _, raw := range of("checkinlists") {
			list, err := scanproxy.DecodeList(slug, raw)
			must(t, err)
			s.Lists[scanproxy.Selection{Event: slug, List: list.ID}] = list
		}
		for _, raw := range of("orders") {
			tickets, err := scanproxy.DecodeOrder(slug, raw)
			must(t, err)
			s.Tickets = append(s.Tickets, tickets...)
		}
		for _, r := range flat(base["revokedsecrets"].(fields)[slug]) {
			s.Revoked[slug] = append(s.Revoked[slug], scanproxy.Code(r["secret"].(string)))
		}
		for _, b := range flat(base["blockedsecrets"].(fields)[slug]) {
			if b["blocked"] == true {
				s.Blocked = append(s.Blocked, scanproxy.Code(b["secret"].(string)))
			}
		}
	}
	media, _ := base["reusablemedia"].([]any)
	for _, raw := range raws(t, media...) {
		medium, err := scanproxy.DecodeMedium(raw)
		must(t, err)
		s.Media = append(s.Media, medium)
	}
	return s
}

func flat(v any) (out []fields) {
	switch v := v.(type) {
	case []any:
		for _, o := range v {
			out = append(out, o.(fields))
		}
	case fields:
		for _, event := range slices.Sorted(maps.Keys(v)) {
			out = append(out, flat(v[event])...)
		}
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
