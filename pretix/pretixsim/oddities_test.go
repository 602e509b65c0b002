package pretixsim

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// TestOrderCode: the path wants the exact code, the filter does not mind.
func TestOrderCode(t *testing.T) {
	w := newSeeded(t)
	for path, want := range map[string]int{"orders/TRF01/": 200, "orders/trf01/": 404} {
		if got, _ := w.get(ser + path); got != want {
			t.Errorf("%s: got %d, want %d", path, got, want)
		}
	}
	for _, path := range []string{"orders/?code=trf01", "orderpositions/?order=trf01"} {
		if _, list := w.get(ser + path); list["count"] != 1.0 {
			t.Errorf("%s: got %v rows, want 1", path, list["count"])
		}
	}
}

// TestEmptyFieldsAreNull: a ticket without name, answers or end shows null, not "".
func TestEmptyFieldsAreNull(t *testing.T) {
	w := newSeeded(t)
	_, p := w.get(fmt.Sprintf("%sorderpositions/%d/", ser, w.NoName.Position))
	if p["attendee_name"] != nil || p["blocked"] != nil || len(p["answers"].([]any)) != 0 {
		t.Errorf("ticket without a name: %v", p)
	}
	_, d := w.get(fmt.Sprintf("%ssubevents/%d/", ser, w.Dates.NoEnd))
	if _, own := d["meta_data"].(map[string]any)["Teilnehmerlink"]; d["date_to"] != nil || own {
		t.Errorf("date without an end that inherits its link: %v", d)
	}
}

// TestUnblockedStays: the list of blocked secrets keeps a ticket that was unblocked, as such.
func TestUnblockedStays(t *testing.T) {
	w := newSeeded(t)
	w.BlockPosition(w.Blocked.Position)
	_, list := w.get(ser + "blockedsecrets/")
	row := list["results"].([]any)[0].(map[string]any)
	if list["count"] != 1.0 || row["blocked"] != false || row["secret"] != w.Blocked.Secret {
		t.Errorf("blocked secrets: %v", list)
	}
}

// TestOnceADay: the rule's day ends at midnight of the event, not of the server.
func TestOnceADay(t *testing.T) {
	w := newSeeded(t)
	for _, c := range []struct{ name, at, want string }{
		{"in the evening", "2026-11-23T22:30:00Z", "201 ok"}, // 23:30 in Berlin
		{"half an hour before midnight there", "2026-11-23T22:45:00Z", "400 error rules"},
		{"after midnight there", "2026-11-23T23:15:00Z", "201 ok"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		w.now = at
		if got, _ := w.scan("Token "+w.Token, w.Plain, w.Lists.Daily, ""); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestEndBeforeStart: refused when a date is made; a change of one of the two times is not compared with the other.
func TestEndBeforeStart(t *testing.T) {
	w := newSeeded(t)
	early := `"date_to": "2020-01-01T00:00:00Z"`
	code, _ := w.post(ser+"subevents/", `{"name": {"de": "x"}, "date_from": "2027-01-01T00:00:00Z", "meta_data": {}, `+early+`}`)
	if code != http.StatusBadRequest {
		t.Errorf("creating: got %d, want 400", code)
	}
	path := fmt.Sprintf("%ssubevents/%d/", ser, w.Dates.Running)
	if got := w.send("PATCH", path, "Token "+w.Token, `{`+early+`}`); got.Code != http.StatusOK {
		t.Errorf("changing: got %d, want 200", got.Code)
	}
}

// TestPushTwice: a key makes the creation of a date safe to repeat.
func TestPushTwice(t *testing.T) {
	w := newSeeded(t)
	push := func() float64 {
		r := newRequest("POST", ser+"subevents/", "Token "+w.Token, `{"name": {"de": "Neu"}, "active": true,
			"date_from": "2027-01-12T19:00:00+01:00", "meta_data": {"Teilnehmerlink": "https://treff.example/r/neu"}}`)
		r.Header.Set("X-Idempotency-Key", "push-1")
		_, body := decode(t, serve(w.Server, r))
		id, _ := body["id"].(float64)
		return id
	}
	first, second := push(), push()
	_, list := w.get(ser + "subevents/?attr%5BTeilnehmerlink%5D=https://treff.example/r/neu")
	if first == 0 || first != second || list["count"] != 1.0 {
		t.Errorf("ids %v and %v, %v dates", first, second, list["count"])
	}
}

// TestConsent: the answer of a choice has option identifiers, that of a yes/no question a word.
func TestConsent(t *testing.T) {
	w := newSeeded(t)
	for _, c := range []struct {
		name, event string
		ticket      Ticket
		want        string
	}{
		{"choice yes", w.Event, w.Plain, "Ja [YES]"},
		{"choice no", w.Event, w.ConsentNo, "Nein [NO]"},
		{"yes/no yes", w.BoolEvent, w.Bool.ConsentTrue, "True []"},
		{"yes/no no", w.BoolEvent, w.Bool.ConsentFalse, "False []"},
	} {
		_, p := w.get(fmt.Sprintf("%sevents/%s/orderpositions/%d/", api, c.event, c.ticket.Position))
		a := p["answers"].([]any)[0].(map[string]any)
		if got := fmt.Sprint(a["answer"], " ", a["option_identifiers"]); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
