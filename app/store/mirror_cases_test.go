package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// mirrorCase is what of a recorded case of the offline check matters here: which data there is, and what is asked.
type mirrorCase struct {
	ID    int
	Given struct {
		Set []struct {
			Kind   string
			ID     any
			Values fields
		}
		Questions      []json.Number
		RevokedSecrets map[string][]any
		BlockedSecrets map[string][]any
		Before         []asked
	}
	When asked
}

type asked struct {
	Action       string
	Lists        json.RawMessage
	Secret       string
	SourceType   string `json:"source_type"`
	Type         string
	Answers      map[string]string
	IgnoreUnpaid bool    `json:"ignore_unpaid"`
	Nonce        *string `json:"nonce"`
	Now          *time.Time
	Query        string
}

// TestCasesAreJudgedAlike proves the copy in a database against the one in memory: on each case of the offline check they
// lead to the same verdicts, hits and counts. One database lives through all cases, so it sees everything change.
func TestCasesAreJudgedAlike(t *testing.T) {
	directory := filepath.Join("..", "..", "scanproxy", "testdata", "check")
	fixture := readFile(t, filepath.Join(directory, "fixture.json"))
	var all struct{ Cases []mirrorCase }
	decode(t, readFile(t, filepath.Join(directory, "cases.json")), &all)
	if len(all.Cases) == 0 {
		t.Fatal("no cases")
	}
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		holds := "" // what the copy holds, to leave it when nothing changes
		for _, c := range all.Cases {
			t.Run(strconv.Itoa(c.ID), func(t *testing.T) { c.run(t, m, fixture, &holds) })
		}
	})
}

func (c mirrorCase) run(t *testing.T, m *store.Mirror, fixture []byte, holds *string) {
	var base fields
	decode(t, fixture, &base)
	c.prepare(base)
	memory := snapshotOf(t, base)
	if wanted := string(raws(t, base)[0]); wanted != *holds {
		mirrored(t, m, base, int64(c.ID))
		*holds = wanted
	}
	j := judges{memory: memory, mirror: m, own: map[string][]scanproxy.OwnCheckin{}}
	for _, a := range append(slices.Clone(c.Given.Before), c.When) {
		switch a.Action {
		case "", "scan":
			j.scan(t, a)
		case "search":
			j.search(t, a)
		case "status":
			j.status(t, a)
		}
	}
}

// judges ask both copies.
type judges struct {
	memory *scanproxy.Snapshot
	mirror *store.Mirror
	own    map[string][]scanproxy.OwnCheckin // by ticket and list
}

func (j *judges) scan(t *testing.T, a asked) {
	t.Helper()
	scan, now := a.scan(t), doorsOpen
	if a.Now != nil {
		now = *a.Now
	}
	want, err := j.judge(t.Context(), j.memory, scan, now)
	if err != nil {
		t.Fatal(err)
	}
	var got scanproxy.Verdict
	err = j.mirror.Read(t.Context(), func(l scanproxy.Lookup, _ int64) (err error) {
		got, err = j.judge(t.Context(), l, scan, now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if want.Admit != nil {
		key := want.Admit.Subject.Secret.Reveal() + fmt.Sprint(want.Admit.List)
		j.own[key] = append(j.own[key], scanproxy.OwnCheckin{Type: want.Admit.Type, At: want.Admit.At, Nonce: want.Admit.Nonce})
	}
}

func (j *judges) judge(ctx context.Context, l scanproxy.Lookup, scan scanproxy.Scan, now time.Time) (scanproxy.Verdict, error) {
	facts, err := scanproxy.Gather(ctx, l, scan, now)
	if err != nil {
		return scanproxy.Verdict{}, err
	}
	if about, found := facts.Subject(); found {
		facts.History.Checkins = j.own[about.Secret.Reveal()+fmt.Sprint(about.List)]
	}
	return scanproxy.Decide(facts), nil
}

func (j *judges) desks(t *testing.T, a asked) (desks []scanproxy.Desk) {
	t.Helper()
	for _, at := range a.selections(t) {
		desk, err := j.memory.Desk(t.Context(), at, "")
		if err != nil {
			t.Fatal(err)
		}
		desks = append(desks, desk)
	}
	return desks
}

func (j *judges) search(t *testing.T, a asked) {
	t.Helper()
	desks, q := j.desks(t, a), scanproxy.ParseQuery(a.Query)
	want := scanproxy.Search(q, 1, desks, j.memory.Tickets, "", nil)
	found, err := j.mirror.Find(t.Context(), a.Query, a.selections(t), 0, scanproxy.SearchPageSize)
	if err != nil {
		t.Fatal(err)
	}
	if got := scanproxy.Search(q, 1, desks, found, "", nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func (j *judges) status(t *testing.T, a asked) {
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

func (a asked) scan(t *testing.T) scanproxy.Scan {
	t.Helper()
	s := scanproxy.Scan{
		Selected: a.selections(t), Code: scanproxy.Code(a.Secret), Source: a.SourceType,
		Type: scanproxy.ScanType(strings.ToUpper(a.Type)), IgnoreUnpaid: a.IgnoreUnpaid, Nonce: "given", Answers: map[int64]string{},
	}
	if a.Nonce != nil {
		s.Nonce = *a.Nonce
	}
	for id, text := range a.Answers {
		question, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		s.Answers[question] = text
	}
	return s
}

// selections keeps the order of the lists, which counts.
func (a asked) selections(t *testing.T) (all []scanproxy.Selection) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(a.Lists))
	d.UseNumber()
	var at scanproxy.Selection
	for {
		token, err := d.Token()
		if err != nil {
			return all
		}
		switch v := token.(type) {
		case string:
			at.Event = v
		case json.Number:
			if at.List, err = v.Int64(); err != nil {
				t.Fatal(err)
			}
			all = append(all, at)
		}
	}
}

// prepare patches the data.
func (c mirrorCase) prepare(base fields) {
	for _, set := range c.Given.Set {
		if target := lookUp(base, set.Kind, fmt.Sprint(set.ID)); target != nil {
			maps.Copy(target, set.Values)
		}
	}
	for event, questions := range base["questions_optional"].(fields) {
		for _, q := range questions.([]any) {
			if slices.Contains(c.Given.Questions, q.(fields)["id"].(json.Number)) {
				add(base, "questions", event, q)
			}
		}
	}
	for kind, rows := range map[string]map[string][]any{mirror.Revoked: c.Given.RevokedSecrets, mirror.Blocked: c.Given.BlockedSecrets} {
		for event, added := range rows {
			add(base, kind, event, added...)
		}
	}
}

func add(base fields, kind, event string, rows ...any) {
	of := base[kind].(fields)
	old, _ := of[event].([]any)
	of[event] = append(old, rows...)
}

// lookUp finds an object of the fixture, at any depth, by its kind and id.
func lookUp(base fields, kind, id string) fields {
	if kind == "settings" {
		return base["settings"].(fields)[id].(fields)
	}
	place := map[string]string{
		"event": "events", "item": "items", "variation": "items", "checkinlist": "checkinlists", "order": "orders",
		"position": "orders", "medium": "reusablemedia", "subevent": "subevents",
	}[kind]
	inner := map[string]string{"variation": "variations", "position": "positions"}[kind]
	for _, o := range flat(base[place]) {
		if inner == "" {
			if is(o, id) {
				return o
			}
			continue
		}
		rows, _ := o[inner].([]any)
		for _, x := range rows {
			if is(x.(fields), id) {
				return x.(fields)
			}
		}
	}
	return nil
}

func is(o fields, id string) bool {
	for _, key := range []string{"id", "code", "slug"} {
		if o[key] != nil && fmt.Sprint(o[key]) == id {
			return true
		}
	}
	return false
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

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return data
}

// decode keeps numbers as they are written.
func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	must(t, d.Decode(into))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
