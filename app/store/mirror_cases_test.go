package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// TestCasesAreJudgedAlike proves the copy and the journal in a database against those in memory: in each case of the
// offline check they lead to the same verdicts, hits and counts. What the verdicts are, package scanproxy compares. One
// database lives through all cases, so it sees everything change. EINLASS_CHECK_CASES names further cases (see
// recorded.Files).
func TestCasesAreJudgedAlike(t *testing.T) {
	files := recorded.Files(t, filepath.Join("..", "..", "scanproxy", "testdata", "check"), "EINLASS_CHECK_CASES", "*.json")
	atBothURLs(t, func(t *testing.T, url string) {
		b := openBox(t, url)
		for _, file := range files {
			for _, c := range recorded.Cases(t, file) {
				t.Run(fmt.Sprintf("%s %d", filepath.Base(filepath.Dir(file)), c.ID), func(t *testing.T) {
					j := b.judges(t, c.Base(t))
					j.device.Gate = c.Given.Gate
					before, action := c.Completed(t)
					for _, a := range append(before, action) {
						j.judge(t, a)
					}
				})
			}
		}
	})
}

// box is a scan proxy's database.
type box struct {
	mirror  *store.Mirror
	journal *store.Journal
	holds   string // what the copy holds, to leave it when nothing changes
	walks   int64
}

func openBox(t *testing.T, url string) *box {
	t.Helper()
	url = pooled(url)
	j := storetest.Journal(t, storetest.Open(t, url))
	return &box{journal: j, mirror: openMirror(t, url, func(o *store.MirrorOptions) { o.Settler = j })}
}

// judges makes the copy hold the base, and empties the journal.
func (b *box) judges(t *testing.T, base fields) *judges {
	t.Helper()
	must(t, b.journal.Clear(t.Context()))
	if wanted := string(raws(t, base)[0]); wanted != b.holds {
		b.walks++
		mirrored(t, b.mirror, base, b.walks)
		b.holds = wanted
	}
	j := &judges{memory: snapshotOf(t, base), own: map[string][]scanproxy.OwnCheckin{}, kept: map[string][]scanproxy.Answer{}, device: north}
	j.door = &scanproxy.Door{Copy: b.mirror, Journal: b.journal, Finder: b.mirror, Now: func() time.Time { return j.now }}
	return j
}

// judges are a door with a database, and one without.
type judges struct {
	door   *scanproxy.Door
	memory *scanproxy.Snapshot
	own    map[string][]scanproxy.OwnCheckin // by ticket and list
	kept   map[string][]scanproxy.Answer     // by ticket
	device scanproxy.Device
	now    time.Time
	scans  int
}

// judge leaves alone what no door is needed for.
func (j *judges) judge(t *testing.T, a recorded.Action) {
	t.Helper()
	j.now = *a.Now
	switch a.Action {
	case "scan":
		j.scan(t, a.Scan())
	case "search":
		j.search(t, a)
	case "status":
		j.status(t, a)
	}
}

func (j *judges) scan(t *testing.T, scan scanproxy.Scan) {
	t.Helper()
	if j.scans++; scan.Nonce == "" {
		scan.Nonce = fmt.Sprint("scan-", j.scans) // a random one would differ
	}
	want, err := j.decide(t.Context(), scan)
	if err != nil {
		t.Fatal(err)
	}
	got, err := j.door.Scan(t.Context(), j.device, scan)
	if err != nil {
		t.Fatal(err)
	}
	sameLimit := cmp.Comparer(func(a, b *big.Rat) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
	if diff := cmp.Diff(want, got, sameLimit); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// decide judges in memory, and remembers.
func (j *judges) decide(ctx context.Context, scan scanproxy.Scan) (scanproxy.Verdict, error) {
	facts, err := scanproxy.Gather(ctx, j.memory, scan, j.now)
	if err != nil {
		return scanproxy.Verdict{}, err
	}
	facts.Gate = j.device.Gate
	about, found := facts.Subject()
	if found {
		facts.History = scanproxy.History{Checkins: j.own[spotOf(about)], Answers: j.kept[ticketOf(about)]}
	}
	v := scanproxy.Decide(facts)
	if a := v.Admit; a != nil {
		at := spotOf(a.Subject)
		j.own[at] = append(j.own[at], scanproxy.OwnCheckin{Type: a.Type, At: a.At, Nonce: a.Nonce, Device: j.device.Name})
	}
	if found {
		j.kept[ticketOf(about)] = slices.Concat(v.Keep, j.kept[ticketOf(about)])
	}
	return v, nil
}

func ticketOf(s scanproxy.Subject) string { return fmt.Sprint(s.Position, s.Secret.Reveal()) }

func spotOf(s scanproxy.Subject) string { return fmt.Sprint(s.List, " ", ticketOf(s)) }

// visits are the check-ins in the journal of memory.
func (j *judges) visits(t scanproxy.Ticket, list int64) []scanproxy.OwnCheckin {
	return j.own[spotOf(scanproxy.Subject{List: list, Position: t.ID, Secret: t.Secret})]
}

// desks are those of the lists; false if one is not there.
func (j *judges) desks(t *testing.T, a recorded.Action) (desks []scanproxy.Desk, all bool) {
	t.Helper()
	for _, at := range a.Lists {
		desk, err := j.memory.Desk(t.Context(), at, "")
		if err != nil {
			t.Fatal(err)
		}
		if desk.Missing() != nil {
			return nil, false
		}
		desks = append(desks, desk)
	}
	return desks, true
}

func (j *judges) search(t *testing.T, a recorded.Action) {
	t.Helper()
	got, err := j.door.Search(t.Context(), j.device, a.Lists, a.Query, a.Page)
	desks, all := j.desks(t, a)
	if (err == nil) != all {
		t.Fatalf("all lists are there: %v, yet: %v", all, err)
	}
	own := func(t scanproxy.Ticket, l *scanproxy.List) bool { return len(j.visits(t, l.ID)) > 0 }
	want := scanproxy.Search(scanproxy.ParseQuery(a.Query), a.Page, desks, j.memory.Tickets, "", own)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func (j *judges) status(t *testing.T, a recorded.Action) {
	t.Helper()
	desks, all := j.desks(t, a)
	for i, at := range a.Lists {
		got, err := j.door.Status(t.Context(), at)
		if (err == nil) != all {
			t.Fatalf("all lists are there: %v, yet: %v", all, err)
		}
		if err != nil {
			continue
		}
		own := func(t scanproxy.Ticket) []scanproxy.OwnCheckin { return j.visits(t, at.List) }
		want := scanproxy.CountStatus(desks[i].Event, desks[i].List, j.memory.Tickets, "", own)
		if diff := cmp.Diff(want, got); diff != "" {
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
