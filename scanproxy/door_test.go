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

func encodedList(t *testing.T, v any) (out []json.RawMessage) {
	t.Helper()
	for _, x := range list(v) {
		out = append(out, encoded(t, x))
	}
	return out
}

func under(v any, keys ...string) any {
	for _, k := range keys {
		o, _ := v.(object)
		v = o[k]
	}
	return v
}

func text(v any) string { s, _ := v.(string); return s }

func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// openDoor loads downloaded data, in the shapes of fixture.json.
func openDoor(t *testing.T, base object) *door {
	t.Helper()
	d := newDoor(scanproxy.Snapshot{
		Events: map[string]*scanproxy.Event{}, Lists: map[scanproxy.Selection]*scanproxy.List{},
		Revoked: map[string][]scanproxy.Code{},
	})
	for _, e := range list(base["events"]) {
		d.loadEvent(t, base, e.(object))
	}
	for _, raw := range encodedList(t, base["reusablemedia"]) {
		m, err := scanproxy.DecodeMedium(raw)
		if err != nil {
			t.Fatal(err)
		}
		d.snapshot.Media = append(d.snapshot.Media, m)
	}
	switch gate := under(base, "device_info", "device", "gate").(type) {
	case object:
		d.gate = number(gate["id"])
	case json.Number:
		d.gate = number(gate)
	}
	return d
}

func (d *door) loadEvent(t *testing.T, base, e object) {
	t.Helper()
	slug := text(e["slug"])
	event, err := scanproxy.DecodeEvent(scanproxy.EventParts{
		Event: encoded(t, e), Settings: encoded(t, under(base, "settings", slug)),
		Items: encodedList(t, under(base, "items", slug)), Questions: encodedList(t, under(base, "questions", slug)),
		SubEvents: encodedList(t, under(base, "subevents", slug)),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.snapshot.Events[slug] = event
	for _, raw := range encodedList(t, under(base, "checkinlists", slug)) {
		l, err := scanproxy.DecodeList(slug, raw)
		if err != nil {
			t.Fatal(err)
		}
		d.snapshot.Lists[scanproxy.Selection{Event: slug, List: l.ID}] = l
	}
	for _, raw := range encodedList(t, under(base, "orders", slug)) {
		tickets, err := scanproxy.DecodeOrder(slug, raw)
		if err != nil {
			t.Fatal(err)
		}
		d.snapshot.Tickets = append(d.snapshot.Tickets, tickets...)
	}
	for _, r := range list(under(base, "revokedsecrets", slug)) {
		d.snapshot.Revoked[slug] = append(d.snapshot.Revoked[slug], scanproxy.Code(text(under(r, "secret"))))
	}
	for _, b := range list(under(base, "blockedsecrets", slug)) {
		if under(b, "blocked") == true {
			d.snapshot.Blocked = append(d.snapshot.Blocked, scanproxy.Code(text(under(b, "secret"))))
		}
	}
}
