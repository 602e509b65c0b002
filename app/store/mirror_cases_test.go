package store_test

import (
	"context"
	"fmt"
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
	j := &judges{memory: recorded.Snapshot(t, base), own: map[string][]scanproxy.OwnCheckin{}, kept: map[string][]scanproxy.Answer{}, device: north}
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
	var dates []any
	events, _ := base["events"].([]any)
	for _, e := range events {
		slug, _ := recorded.Under(e, "slug").(string)
		of := func(resource, kind string) {
			rows := raws(t, recorded.Rows(base, kind, slug)...)
			apply(t, m, mirror.Batch{Key: mirror.Key{Resource: resource, Event: slug}, Rows: rows, Complete: true, Done: true})
		}
		single := func(resource string, row any) {
			apply(t, m, mirror.Batch{Key: mirror.Key{Resource: resource, Event: slug}, Rows: raws(t, row), Complete: true, Done: true})
		}
		single(mirror.Event, e)
		single(mirror.Settings, recorded.Under(base, "settings", slug))
		of(mirror.Items, "items")
		of(mirror.Questions, "questions")
		of(mirror.Lists, "checkinlists")
		of(mirror.Revoked, "revokedsecrets")
		of(mirror.Blocked, "blockedsecrets")
		orders := raws(t, recorded.Rows(base, "orders", slug)...)
		apply(t, m, mirror.Batch{
			Key: mirror.Key{Resource: mirror.Orders, Event: slug}, Rows: orders, Walk: walk, Sweep: true, Done: true,
		})
		dates = append(dates, recorded.Rows(base, "subevents", slug)...)
	}
	apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.Events}, Rows: raws(t, events...), Complete: true, Done: true})
	apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.SubEvents}, Rows: raws(t, dates...), Complete: true, Done: true})
	media, _ := base["reusablemedia"].([]any)
	apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.Media}, Rows: raws(t, media...), Complete: true, Done: true})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
