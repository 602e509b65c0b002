package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/scanproxy"
)

// answerKeys is every key of an answer to a check: they are always there, null if there is nothing to say.
const answerKeys = "addonText attendee_name checkinTexts eventSlug firstScanned isCheckinAllowed isRequireAttention locale message offline " +
	"orderCode position positionId reasonExplanation requiredAnswers requiredMediaPolicy requiredMediaType scanType seat shownAnswers ticket type variation"

func TestEveryKeyIsAlwaysThere(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for _, secret := range []string{"secretvalid00000000000000", "secretquestion00000000000", "nobody"} {
		var keys []string
		for key := range c.scan(secret) {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if diff := cmp.Diff(strings.Fields(answerKeys), keys); diff != "" {
			t.Errorf("%s (-want +got):\n%s", secret, diff)
		}
	}
}

func TestAnswersOnTheWire(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	valid := c.scan("secretvalid00000000000000")
	for key, want := range map[string]any{
		"type": "VALID", "scanType": "ENTRY", "ticket": "Day ticket", "attendee_name": "Ada Wong", "orderCode": "AAAAA", "positionId": 1.0,
		"variation": nil, "seat": nil, "message": nil, "firstScanned": nil, "reasonExplanation": nil, "requiredAnswers": nil,
		"isCheckinAllowed": true, "isRequireAttention": false, "eventSlug": "harbor", "offline": true,
	} {
		if valid[key] != want {
			t.Errorf("VALID: %s is %v, want %v", key, valid[key], want)
		}
	}
	p.Pass(90 * time.Second)
	used := c.scan("secretvalid00000000000000")
	if used["type"] != "USED" || used["firstScanned"] != "2030-06-01T09:30:00.000Z" || !strings.Contains(used["reasonExplanation"].(string), "Door of") {
		t.Errorf("USED: %v", used)
	}
	invalid := c.scan("nobody")
	for _, key := range []string{"ticket", "attendee_name", "orderCode", "positionId", "position", "eventSlug", "checkinTexts"} {
		if invalid[key] != nil {
			t.Errorf("INVALID: %s is %v, want null", key, invalid[key])
		}
	}
	if exit := c.scan("secretvalid00000000000000", `"type":"exit"`); exit["type"] != "VALID" || exit["scanType"] != "EXIT" {
		t.Errorf("exit: %v", exit)
	}
}

// Same nonce, same scan: a script that lost the answer hears it again.
func TestTheSameNonceIsTheSameScan(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	for range 2 {
		expectType(t, c.scan("secretvalid00000000000000", `"nonce":"once"`), "VALID")
	}
	expectType(t, c.scan("secretvalid00000000000000", `"nonce":"twice"`), "USED")
}

// Android sends null where it has nothing, Desktop leaves it out.
func TestNullIsTheDefault(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	door := &deadlines{}
	p.server.Door = door
	c.scan(`\u001d\\000001x`, `"answers":null`, `"type":null`, `"source_type":null`, `"nonce":null`, `"allowQuestions":null`,
		`"ignore_unpaid":null`, `"with_badge_data":null`, `"exchange_medium_type":null`, `"exchange_medium_identifier":null`)
	want := scanproxy.Scan{
		Selected: []scanproxy.Selection{{Event: "harbor", List: 1001}}, Code: "\x1d\\000001x", Type: scanproxy.Entry, Answers: map[int64]string{},
	}
	if diff := cmp.Diff(want, door.scan); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c.post("/proxyapi/v1/rpc/check/", `{"events_and_checkin_lists":{"z":1,"a":2,"m":3},"ticketid":"x","type":"Exit","source_type":"nfc_uid","nonce":"n",
		"allowQuestions":false,"ignore_unpaid":true,"exchange_medium_type":"barcode","answers":[{"question":{"server_id":7,"options":[{}]},"value":"True","options":[{"id":1}]}],"unknown":{}}`)
	want = scanproxy.Scan{
		Selected: []scanproxy.Selection{{Event: "z", List: 1}, {Event: "a", List: 2}, {Event: "m", List: 3}}, Code: "x", Type: scanproxy.Exit,
		Source: "nfc_uid", Nonce: "n", SkipQuestions: true, IgnoreUnpaid: true, Exchange: true, Answers: map[int64]string{7: "True"},
	}
	if diff := cmp.Diff(want, door.scan); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatStandsTwiceCountsAsItStandsLast(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	door := &deadlines{}
	p.server.Door = door
	c.post("/proxyapi/v1/rpc/check/", `{"events_and_checkin_lists":{"a":1,"b":2},"ticketid":"x","events_and_checkin_lists":{"c":3,"d":4,"c":5},"ticketid":"y"}`)
	want := []scanproxy.Selection{{Event: "c", List: 5}, {Event: "d", List: 4}}
	if diff := cmp.Diff(want, door.scan.Selected); diff != "" || door.scan.Code != "y" {
		t.Errorf("scanned %#v at (-want +got):\n%s", door.scan.Code.Reveal(), diff)
	}
}

// A photo is a path on the phone. Here it is only a text, and one that nobody opens or passes on.
func TestPhotosAreRefused(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	for _, value := range []string{"file:///etc/passwd", " FILE:///etc/passwd", "file:/data/x.jpg", "file:////data/user/0/x.jpg"} {
		got := c.scan("secretfile000000000000000", `"answers":[{"question":{"server_id":909},"value":"`+value+`"}]`)
		if got["type"] != "ERROR" || !strings.Contains(got["message"].(string), "Photos") {
			t.Errorf("%s: %v", value, got)
		}
	}
	expectType(t, c.scan("secretfile000000000000000", `"answers":[{"question":{"server_id":909},"value":""}]`), "VALID")
}

// Desktop cannot send answers through a proxy: asking it for an optional one would never end.
func TestDesktopIsNotAskedWhatItNeedNotAnswer(t *testing.T) {
	p := newProxy(t)
	p.world.snapshot.Events["harbor"].Questions[0].Required = false // of secretquestion
	expectType(t, p.device(androidBrand).scan("secretquestion00000000000"), "ANSWERS_REQUIRED")
	expectType(t, p.device(desktopBrand).scan("secretchoice0000000000000"), "ANSWERS_REQUIRED")                           // that one is required
	expectType(t, p.device(desktopBrand).scan("secretquestion00000000000", `"useOrderLocale":false`), "ANSWERS_REQUIRED") // one to come
	expectType(t, p.device(desktopBrand).scan("secretquestion00000000000"), "VALID")
}

// Desktop reads moments without seconds and zone only; pretix stores them with both.
func TestMomentsInTheFormThatDesktopReads(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	ask := func(typ scanproxy.QuestionType, value string) scanproxy.QuestionAnswer {
		return scanproxy.QuestionAnswer{Question: scanproxy.Question{ID: 1, Type: typ, Raw: json.RawMessage(`{"options":[]}`)}, Value: value}
	}
	cases := []struct {
		typ         scanproxy.QuestionType
		value, want string
	}{
		{scanproxy.DayClock, "2030-06-01T10:00:00+00:00", "2030-06-01T19:00"}, // the event is in Seoul
		{scanproxy.DayClock, "2030-06-01T10:00", "2030-06-01T10:00"},
		{scanproxy.DayClock, "", ""},
		{scanproxy.Clock, "14:30:00", "14:30"},
		{scanproxy.Clock, "14:30", "14:30"},
		{scanproxy.Day, "2030-06-01", "2030-06-01"},
		{scanproxy.Line, "14:30:00", "14:30:00"},
	}
	v := scanproxy.Verdict{Type: scanproxy.Valid, EventSlug: "harbor"}
	for _, x := range cases {
		v.ShownAnswers = append(v.ShownAnswers, ask(x.typ, x.value))
	}
	p.server.Door = answers{v}
	for i, shown := range c.scan("x")["shownAnswers"].([]any) {
		if got := shown.(map[string]any)["currentValue"]; got != cases[i].want {
			t.Errorf("%s %q: got %q, want %q", cases[i].typ, cases[i].value, got, cases[i].want)
		}
	}
}

func TestStatusInBothSpellings(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	c.scan("secretvalid00000000000000")
	got := c.get("/proxyapi/v1/rpc/harbor/1001/status/").object(t)
	item := got["items"].([]any)[0].(map[string]any)
	for name, is := range map[string][2]any{
		"eventName": {got["eventName"], "Main gate"}, "event_name": {got["event_name"], "Main gate"},
		"totalTickets": {got["totalTickets"], 13.0}, "alreadyScanned": {got["alreadyScanned"], 2.0}, "currentlyInside": {got["currentlyInside"], 2.0},
		"isAdmission": {item["isAdmission"], true}, "admission": {item["admission"], true},
		"checkins": {item["checkins"], 2.0}, "variations": {len(item["variations"].([]any)), 0},
	} {
		if is[0] != is[1] {
			t.Errorf("%s is %v, want %v", name, is[0], is[1])
		}
	}
}

func TestSearchOnTheWire(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	search := func(query string) []map[string]any {
		t.Helper()
		var hits []map[string]any
		a := c.post("/proxyapi/v1/rpc/harbor/1001/search/", `{"query":"`+query+`"}`)
		if err := json.Unmarshal([]byte(a.body), &hits); err != nil || hits == nil {
			t.Fatalf("%d %s: %v", a.status, a.body, err)
		}
		return hits
	}
	if hits := search("nobody at all"); len(hits) != 0 {
		t.Errorf("%d hits", len(hits))
	}
	for _, typed := range []string{"Wong", "Wong ", " ada wong", "Ada "} { // a phone's keyboard adds blanks
		if hits := search(typed); len(hits) == 0 || hits[0]["attendee_name"] != "Ada Wong" {
			t.Errorf("%q finds %v", typed, hits)
		}
	}
	hits := search("secretused")
	if len(hits) != 1 {
		t.Fatalf("%d hits, want 1", len(hits))
	}
	for key, want := range map[string]any{
		"secret": "secretused000000000000000", "ticket": "Day ticket", "variation": nil, "attendee_name": "Bob Used", "seat": nil, "orderCode": "AAAAA",
		"positionId": 2.0, "addonText": nil, "status": "PAID", "isRedeemed": true, "isRequireAttention": false,
	} {
		if hits[0][key] != want {
			t.Errorf("%s is %v, want %v", key, hits[0][key], want)
		}
	}
	if a := c.post("/proxyapi/v1/rpc/harbor/4711/search/", `{"query":"secretused"}`); a.status != 400 || a.body != "Check-in list not found\n" {
		t.Errorf("unknown list: %d %s", a.status, a.body)
	}
}
