package scanproxy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // zones must be there on any machine

	"github.com/einlass/einlass/scanproxy"
)

// door is a scan proxy without database: a snapshot of pretix and the journal as a map.
type door struct {
	snapshot scanproxy.Snapshot
	own      map[string][]scanproxy.OwnCheckin // by list and ticket
	kept     map[string][]scanproxy.Answer     // by ticket
	gate     int64
	usually  when // what an action means that does not say it
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
type object = map[string]any

// readJSON decodes with numbers as they were written.
func readJSON(t *testing.T, data []byte, into any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		t.Fatal(err)
	}
}

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

// when is a recorded scan, search or status request.
type when struct {
	Action       string            `json:"action"`
	Now          *time.Time        `json:"now"`
	Lists        selections        `json:"lists"`
	Secret       string            `json:"secret"`
	Source       string            `json:"source_type"`
	Type         string            `json:"type"`
	Answers      map[string]string `json:"answers"`
	IgnoreUnpaid bool              `json:"ignore_unpaid"`
	AllowQuest   *bool             `json:"allow_questions"`
	Nonce        *string           `json:"nonce"`
	ExchangeType *string           `json:"exchange_medium_type"`
	ExchangeID   *string           `json:"exchange_medium_identifier"`
	BadgeData    bool              `json:"with_badge_data"`  // as the next one without effect
	OrderLocale  bool              `json:"use_order_locale"` // on a verdict
	ExpectType   string            `json:"expect_type"`

	Query string `json:"query"`
	Page  int    `json:"page"`

	Question    json.RawMessage `json:"question"`
	Answer      string          `json:"answer"`
	AllOptional bool            `json:"all_answers_optional"`
	ValidKeys   []string        `json:"valid_keys"`

	QueueEntry json.RawMessage `json:"queue_entry"`
	Call       json.RawMessage `json:"call"`
	Response   struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	} `json:"response"`
}

// UnmarshalJSON refuses what a recorded action must not say: we would act as if it did not.
func (w *when) UnmarshalJSON(data []byte) error {
	type plain when
	return strict(data, (*plain)(w))
}

// selections keeps the order of the JSON object: the first event is told about unknown codes.
type selections []scanproxy.Selection

func (s *selections) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		var id int64
		if err := dec.Decode(&id); err != nil {
			return err
		}
		*s = append(*s, scanproxy.Selection{Event: key.(string), List: id})
	}
	return nil
}

func (w when) scan() scanproxy.Scan {
	s := scanproxy.Scan{
		Selected: w.Lists, Code: scanproxy.Code(w.Secret), Source: w.Source, Type: scanproxy.Entry,
		Answers: map[int64]string{}, IgnoreUnpaid: w.IgnoreUnpaid, SkipQuestions: w.AllowQuest != nil && !*w.AllowQuest,
		Exchange: w.ExchangeType != nil || w.ExchangeID != nil,
	}
	if w.Type == "exit" {
		s.Type = scanproxy.Exit
	}
	if w.Nonce != nil {
		s.Nonce = *w.Nonce
	}
	for q, a := range w.Answers {
		s.Answers[number(json.Number(q))] = a
	}
	return s
}
