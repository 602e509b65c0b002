package recorded

import (
	"encoding/json"
	"testing"

	"github.com/einlass/einlass/scanproxy"
)

// Rows are the objects of a kind (items, orders, …) that a base holds of an event.
func Rows(base Object, kind, event string) []any {
	rows, _ := Under(base, kind, event).([]any)
	return rows
}

// Under follows keys into objects; nil where there is none.
func Under(v any, keys ...string) any {
	for _, k := range keys {
		o, _ := v.(Object)
		v = o[k]
	}
	return v
}

// Gate is that of the device of a base, 0 if it has none.
func Gate(base Object) int64 {
	gate := Under(base, "device_info", "device", "gate")
	if o, named := gate.(Object); named {
		gate = o["id"]
	}
	n, _ := gate.(json.Number)
	id, _ := n.Int64() // what is no number is no gate
	return id
}

// Snapshot is a base as a local copy in memory.
func Snapshot(t testing.TB, base Object) *scanproxy.Snapshot {
	t.Helper()
	s := &scanproxy.Snapshot{
		Events: map[string]*scanproxy.Event{}, Lists: map[scanproxy.Selection]*scanproxy.List{}, Revoked: map[string][]scanproxy.Code{},
	}
	for _, e := range objects(base["events"]) {
		slug, _ := e["slug"].(string)
		loadEvent(t, s, base, e, slug)
		loadTickets(t, s, base, slug)
	}
	for _, raw := range encoded(t, base["reusablemedia"]) {
		m, err := scanproxy.DecodeMedium(raw)
		if err != nil {
			t.Fatal(err)
		}
		s.Media = append(s.Media, m)
	}
	return s
}

func loadEvent(t testing.TB, s *scanproxy.Snapshot, base, e Object, slug string) {
	t.Helper()
	of := func(kind string) []json.RawMessage { return encoded(t, Under(base, kind, slug)) }
	event, err := scanproxy.DecodeEvent(scanproxy.EventParts{
		Event: encode(t, e), Settings: encode(t, Under(base, "settings", slug)),
		Items: of("items"), Questions: of("questions"), SubEvents: of("subevents"),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Events[slug] = event
	for _, raw := range of("checkinlists") {
		l, err := scanproxy.DecodeList(slug, raw)
		if err != nil {
			t.Fatal(err)
		}
		s.Lists[scanproxy.Selection{Event: slug, List: l.ID}] = l
	}
}

func loadTickets(t testing.TB, s *scanproxy.Snapshot, base Object, slug string) {
	t.Helper()
	for _, raw := range encoded(t, Under(base, "orders", slug)) {
		tickets, err := scanproxy.DecodeOrder(slug, raw)
		if err != nil {
			t.Fatal(err)
		}
		s.Tickets = append(s.Tickets, tickets...)
	}
	code := func(row Object) scanproxy.Code { text, _ := row["secret"].(string); return scanproxy.Code(text) }
	for _, row := range objects(Under(base, "revokedsecrets", slug)) {
		s.Revoked[slug] = append(s.Revoked[slug], code(row))
	}
	for _, row := range objects(Under(base, "blockedsecrets", slug)) {
		if row["blocked"] == true {
			s.Blocked = append(s.Blocked, code(row))
		}
	}
}

// encoded are the elements of a list.
func encoded(t testing.TB, v any) (all []json.RawMessage) {
	t.Helper()
	rows, _ := v.([]any)
	for _, row := range rows {
		all = append(all, encode(t, row))
	}
	return all
}

func encode(t testing.TB, v any) json.RawMessage {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
