package scanproxy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // zones must be there on any machine

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// door is a scan proxy without database: a snapshot of pretix and the journal as a map.
type door struct {
	snapshot scanproxy.Snapshot
	own      map[string][]scanproxy.OwnCheckin // by list and ticket
	kept     map[string][]scanproxy.Answer     // by ticket
	gate     int64
}

// tester is a test, or a try of a property.
type tester interface {
	Helper()
	Fatal(...any)
}

func newDoor(s scanproxy.Snapshot) *door {
	return &door{snapshot: s, own: map[string][]scanproxy.OwnCheckin{}, kept: map[string][]scanproxy.Answer{}}
}

// scan is what the proxy does with one scan: gather, decide, write.
func (d *door) scan(t tester, s scanproxy.Scan, now time.Time) scanproxy.Verdict {
	t.Helper()
	f, err := scanproxy.Gather(context.Background(), &d.snapshot, s, now)
	if err != nil {
		t.Fatal(err)
	}
	f.Gate = d.gate
	subject, found := f.Subject()
	if found {
		f.History = d.history(subject)
	}
	v := scanproxy.Decide(f)
	if v.Admit != nil {
		d.admit(v.Admit.Subject, scanproxy.OwnCheckin{Type: v.Admit.Type, At: v.Admit.At, Nonce: v.Admit.Nonce, Device: "Door 1"})
	}
	if found {
		d.keep(subject, v.Keep)
	}
	return v
}

func ticketKey(s scanproxy.Subject) string {
	if s.Position != 0 {
		return fmt.Sprint(s.Position)
	}
	return s.Secret.Reveal()
}

func listKey(s scanproxy.Subject) string { return fmt.Sprint(s.List, "/", ticketKey(s)) }

func (d *door) history(s scanproxy.Subject) scanproxy.History {
	return scanproxy.History{Checkins: d.own[listKey(s)], Answers: d.kept[ticketKey(s)]}
}

func (d *door) admit(s scanproxy.Subject, c scanproxy.OwnCheckin) {
	d.own[listKey(s)] = append(slices.Clone(d.own[listKey(s)]), c)
}

func (d *door) keep(s scanproxy.Subject, answers []scanproxy.Answer) {
	d.kept[ticketKey(s)] = slices.Concat(answers, d.kept[ticketKey(s)])
}

// state copies the journal, so that a step can be undone.
func (d *door) state() (own map[string][]scanproxy.OwnCheckin, kept map[string][]scanproxy.Answer) {
	return maps.Clone(d.own), maps.Clone(d.kept)
}

// object is a JSON object of the recorded data.
type object = recorded.Object

func encoded(t *testing.T, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func list(v any) []any { l, _ := v.([]any); return l }

func text(v any) string { s, _ := v.(string); return s }

func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// openDoor loads downloaded data, in the shapes of fixture.json.
func openDoor(t *testing.T, base object) *door {
	t.Helper()
	d := newDoor(*recorded.Snapshot(t, base))
	d.gate = recorded.Gate(base)
	return d
}
