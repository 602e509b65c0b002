package scanproxy

import (
	"encoding/json"
	"testing"
	"time"
)

// FuzzDecode: whatever a page of pretix holds, decoding it ends, and what was decoded can be decided on. A scanner in
// the queue must not pay for one odd row.
func FuzzDecode(f *testing.F) {
	for _, row := range []string{
		`{"slug":"a","timezone":"Europe/Berlin","date_from":"2026-12-01T19:00:00+01:00","date_to":null,"valid_keys":{"pretix_sig1":["x"]}}`,
		`{"id":1,"name":"List","all_products":true,"rules":{"<":[{"var":"entries_today"},1]},"subevent":null}`,
		`{"id":1,"all_products":false,"limit_products":[2],"rules":{"and":[]}}`,
		`{"code":"A1","status":"p","positions":[{"id":1,"positionid":1,"item":2,"secret":"s","checkins":[{"list":1,"type":"entry","datetime":"2026-12-01T19:00:00Z"}],"answers":[{"question":1,"answer":"True","options":[]}]}]}`,
		`{"code":"A1","status":"n","positions":[{"id":1,"secret":null,"blocked":[],"valid_from":"x","addon_to":1}]}`,
		`{"id":1,"type":"nfc_uid","identifier":"ab","linked_orderpositions":[1],"expires":"2026-12-01"}`,
		`null`, `[]`, `{}`,
	} {
		f.Add([]byte(row))
	}
	now := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, row []byte) {
		e, eventErr := DecodeEvent(EventParts{Event: row, Items: []json.RawMessage{row}, Questions: []json.RawMessage{row}, SubEvents: []json.RawMessage{row}})
		l, listErr := DecodeList("a", row)
		tickets, orderErr := DecodeOrder("a", row)
		if _, err := DecodeMedium(row); err != nil && len(err.Error()) > 1000 {
			t.Error("the error is longer than the row deserves")
		}
		if eventErr != nil {
			e = &Event{Slug: "a", Zone: time.UTC}
		}
		if listErr != nil {
			l = &List{ID: 1, Event: "a", AllProducts: true}
		}
		if orderErr != nil {
			tickets = nil
		}
		for _, ticket := range tickets {
			facts := Facts{
				Scan: Scan{Selected: []Selection{{Event: "a", List: l.ID}}, Code: ticket.Secret, Type: Entry}, Now: now,
				Desks: []Desk{{Selection: Selection{Event: "a", List: l.ID}, Event: e, List: l}}, Hits: []Ticket{ticket},
			}
			if v := Decide(facts); v.Type == "" {
				t.Errorf("no verdict on %s", row)
			}
		}
	})
}
