package scanproxy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy"
)

// checkCase is one case of testdata/check/cases.json.
type checkCase struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Given struct {
		Set []struct {
			Kind   string          `json:"kind"`
			ID     json.RawMessage `json:"id"`
			Values object          `json:"values"`
		} `json:"set"`
		Questions []int64        `json:"questions"`
		Revoked   map[string]any `json:"revokedsecrets"`
		Blocked   map[string]any `json:"blockedsecrets"`
		Gate      int64          `json:"gate_id"`
		Before    []when         `json:"before"`
	} `json:"given"`
	When when   `json:"when"`
	Then object `json:"then"`
}

// TestCheckCases runs every case of the offline check. EINLASS_CHECK_CASES names further case files (a path list); each
// has its fixture.json beside it.
func TestCheckCases(t *testing.T) {
	files := append([]string{filepath.Join("testdata", "check", "cases.json")}, filepath.SplitList(os.Getenv("EINLASS_CHECK_CASES"))...)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fixture, err := os.ReadFile(filepath.Join(filepath.Dir(file), "fixture.json"))
			if err != nil {
				t.Fatal(err)
			}
			var all struct{ Cases []checkCase }
			readJSON(t, data, &all)
			if len(all.Cases) == 0 {
				t.Error("no cases")
			}
			for _, c := range all.Cases {
				t.Run(fmt.Sprintf("%d %s", c.ID, c.Name), func(t *testing.T) { c.run(t, fixture) })
			}
		})
	}
}

func (c checkCase) run(t *testing.T, fixture []byte) {
	var base object
	readJSON(t, fixture, &base)
	c.prepare(t, base)
	d := openDoor(t, base)
	if c.Given.Gate != 0 {
		d.gate = c.Given.Gate
	}
	start, err := time.Parse(time.RFC3339, text(base["default_now"]))
	if err != nil {
		t.Fatal(err)
	}
	clock := func(w when) time.Time {
		if w.Now != nil {
			return *w.Now
		}
		return start
	}
	for i, b := range c.Given.Before {
		if v := d.scan(t, b.scan(), clock(b)); string(v.Type) != b.ExpectType {
			t.Errorf("scan %d before: got %s (%s), want %s", i, v.Type, v.Rule, b.ExpectType)
		}
	}
	switch c.When.Action {
	case "scan":
		c.expect(t, scanResult(d.scan(t, c.When.scan(), clock(c.When))))
	case "search":
		c.expect(t, d.search(c.When))
	case "status":
		c.expect(t, d.status(c.When))
	case "validate_answer":
		c.expect(t, c.When.validate(t, start))
	case "decode_signed":
		c.expect(t, c.When.decodeSigned())
	case "upload":
		c.expect(t, c.When.upload(t, text(base["organizer"])))
	case "upload_failed":
		c.expect(t, c.When.uploadFailed(t, text(base["organizer"])))
	default:
		t.Errorf("unknown action %q", c.When.Action)
	}
}

// prepare patches the fixture.
func (c checkCase) prepare(t *testing.T, base object) {
	t.Helper()
	for _, set := range c.Given.Set {
		target := findObject(base, set.Kind, strings.Trim(string(set.ID), `"`))
		if target == nil {
			t.Fatalf("no %s %s to patch", set.Kind, set.ID)
		}
		maps.Copy(target, set.Values)
	}
	for event, all := range base["questions_optional"].(object) {
		for _, q := range list(all) {
			if slices.Contains(c.Given.Questions, number(under(q, "id"))) {
				questions := base["questions"].(object)
				questions[event] = append(list(questions[event]), q)
			}
		}
	}
	for kind, rows := range map[string]map[string]any{"revokedsecrets": c.Given.Revoked, "blockedsecrets": c.Given.Blocked} {
		for event, added := range rows {
			byEvent := base[kind].(object)
			byEvent[event] = append(list(byEvent[event]), list(added)...)
		}
	}
}

// findObject returns the object of that kind and id, nil if there is none.
func findObject(base object, kind, id string) object {
	if kind == "settings" {
		o, _ := under(base, "settings", id).(object)
		return o
	}
	place := map[string]string{
		"event": "events", "item": "items", "variation": "items", "checkinlist": "checkinlists", "order": "orders",
		"position": "orders", "medium": "reusablemedia", "subevent": "subevents",
	}[kind]
	inner := map[string]string{"variation": "variations", "position": "positions"}[kind]
	for _, o := range flattened(base[place]) {
		if inner == "" && isNamed(o, id) {
			return o.(object)
		}
		for _, x := range list(under(o, inner)) {
			if isNamed(x, id) {
				return x.(object)
			}
		}
	}
	return nil
}

func flattened(v any) []any {
	if all, isList := v.([]any); isList {
		return all
	}
	var out []any
	byEvent, _ := v.(object)
	for _, event := range slices.Sorted(maps.Keys(byEvent)) {
		out = append(out, list(byEvent[event])...)
	}
	return out
}

func isNamed(o any, id string) bool {
	for _, key := range []string{"id", "code", "slug"} {
		if v := under(o, key); v != nil && fmt.Sprint(v) == id {
			return true
		}
	}
	return false
}

// expect compares the named fields only.
func (c checkCase) expect(t *testing.T, got object) {
	t.Helper()
	var plain object // as JSON would show it
	readJSON(t, encoded(t, got), &plain)
	for key, want := range c.Then {
		have, known := plain[key]
		if !known {
			t.Errorf("%s: this result has no such field", key)
			continue
		}
		if key == "result_secrets" {
			want = secretSet(list(want))
		}
		if err := includes(have, want); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// includes says whether got has everything that want names: objects may have further keys, lists may not have further
// elements.
func includes(got, want any) error {
	switch want := want.(type) {
	case object:
		o, ok := got.(object)
		if !ok {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		for k, w := range want {
			if err := includes(o[k], w); err != nil {
				return fmt.Errorf("%s: %w", k, err)
			}
		}
		return nil
	case []any:
		l, ok := got.([]any)
		if !ok || len(l) != len(want) {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		for i := range want {
			if err := includes(l[i], want[i]); err != nil {
				return fmt.Errorf("%d: %w", i, err)
			}
		}
		return nil
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || (got == nil) != (want == nil) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

// orNull writes zero values as null, as the wire does.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func scanResult(v scanproxy.Verdict) object {
	queued, failed, reasons := []any{}, []any{}, []any{}
	if a := v.Admit; a != nil {
		queued = append(queued, object{
			"event": a.Event, "list": a.List, "secret": a.Secret.Reveal(), "type": strings.ToLower(string(a.Type)),
			"datetime": a.At.Format(time.RFC3339), "nonce": orNull(a.Nonce), "answers": sentAnswers(a.Answers), "source_type": nil,
		})
	}
	if r := v.Report; r != nil {
		failed = append(failed, object{"event": r.Event, "list": r.List, "body": r.Call("o").Body})
		reasons = append(reasons, r.Reason)
	}
	out := object{
		"type": v.Type, "scanType": v.ScanType, "message": orNull(v.Message), "reasonExplanation": orNull(v.ReasonExplanation),
		"reasonExplanation_not_null": v.ReasonExplanation != "", "ticket": orNull(v.Ticket), "variation": orNull(v.Variation),
		"attendee_name": v.AttendeeName, "seat": orNull(v.Seat), "orderCode": orNull(v.OrderCode), "positionId": orNull(v.PositionID),
		"eventSlug": orNull(v.EventSlug), "locale": orNull(v.Locale), "position": v.Position, "offline": true, "addonText": nil,
		"checkinTexts": v.CheckinTexts, "isRequireAttention": v.RequireAttention, "isCheckinAllowed": v.CheckinAllowed,
		"requiredAnswers": questionAnswers(v.RequiredAnswers), "shownAnswers": questionAnswers(v.ShownAnswers), "firstScanned": nil,
		"queued": queued, "queued_count": len(queued), "failed_checkins": failed, "failed_reasons": reasons,
		"requiredMediaPolicy": nil, "requiredMediaType": nil,
	}
	if !v.FirstScanned.IsZero() {
		out["firstScanned"] = v.FirstScanned.UTC().Format(time.RFC3339)
	}
	return out
}

func sentAnswers(all []scanproxy.Answer) []object {
	out := []object{}
	for _, a := range all {
		out = append(out, object{"question": a.Question, "answer": a.Text})
	}
	return out
}

func questionAnswers(all []scanproxy.QuestionAnswer) []object {
	if all == nil {
		return nil
	}
	out := []object{}
	for _, a := range all {
		out = append(out, object{"question": a.Question.ID, "currentValue": a.Value})
	}
	return out
}

func (d *door) desks(w when) []scanproxy.Desk {
	var out []scanproxy.Desk
	for _, at := range w.Lists {
		out = append(out, scanproxy.Desk{Selection: at, Event: d.snapshot.Events[at.Event], List: d.snapshot.Lists[at]})
	}
	return out
}

func (d *door) ownCheckins(t scanproxy.Ticket, l *scanproxy.List) []scanproxy.OwnCheckin {
	return d.own[listKey(scanproxy.Subject{List: l.ID, Position: t.ID, Secret: t.Secret})]
}

func (d *door) search(w when) object {
	for _, desk := range d.desks(w) {
		if desk.List == nil {
			return object{"error": "Check-in list not found"}
		}
	}
	visited := func(t scanproxy.Ticket, l *scanproxy.List) bool { return len(d.ownCheckins(t, l)) > 0 }
	var secrets, results []any
	for _, h := range scanproxy.Search(scanproxy.ParseQuery(w.Query), w.Page, d.desks(w), d.snapshot.Tickets, "", visited) {
		secrets = append(secrets, h.Secret.Reveal())
		results = append(results, object{
			"secret": h.Secret.Reveal(), "ticket": orNull(h.Ticket), "variation": orNull(h.Variation), "attendee_name": orNull(h.AttendeeName),
			"seat": orNull(h.Seat), "orderCode": h.OrderCode, "positionId": h.PositionID, "addonText": nil, "status": h.Status,
			"isRedeemed": h.Redeemed, "isRequireAttention": h.RequireAttention, "position": h.Position,
		})
	}
	return object{"result_secrets": secretSet(secrets), "results": results}
}

// secretSet is compared as a set: sorted.
func secretSet(secrets []any) []any {
	out := append([]any{}, secrets...)
	slices.SortFunc(out, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return out
}

func (d *door) status(w when) object {
	desk := d.desks(w)[0]
	if desk.List == nil {
		return object{"error": "Check-in list not found"}
	}
	own := func(t scanproxy.Ticket) []scanproxy.OwnCheckin { return d.ownCheckins(t, desk.List) }
	s := scanproxy.CountStatus(desk.Event, desk.List, d.snapshot.Tickets, "", own)
	items, perItem := []object{}, object{}
	for _, i := range s.Items {
		variations := []object{}
		for _, v := range i.Variations {
			variations = append(variations, object{"id": v.ID, "name": v.Name, "total": v.Total, "checkins": v.Checkins})
		}
		items = append(items, object{"id": i.ID, "name": i.Name, "isAdmission": i.Admission, "total": i.Total, "checkins": i.Checkins, "variations": variations})
		perItem[fmt.Sprint(i.ID)] = object{"total": i.Total, "checkins": i.Checkins, "variations": variations}
	}
	return object{
		"eventName": s.Name, "totalTickets": s.TotalTickets, "alreadyScanned": s.AlreadyScanned, "currentlyInside": nil,
		"items": items, "items_len": len(items), "per_item": perItem,
	}
}

func (w when) validate(t *testing.T, now time.Time) object {
	t.Helper()
	var q object
	readJSON(t, w.Question, &q)
	if w.AllOptional {
		q["required"] = false
	}
	event, err := scanproxy.DecodeEvent(scanproxy.EventParts{
		Event: []byte(`{"timezone": "Asia/Seoul"}`), Questions: []json.RawMessage{encoded(t, q)},
	})
	if err != nil {
		t.Fatal(err)
	}
	value, ok := event.Questions[0].Accept(w.Answer, event.Zone, now)
	if !ok {
		return object{"valid": false, "value": nil}
	}
	return object{"valid": true, "value": value}
}

func (w when) decodeSigned() object {
	s, ok := pretix.ParseSigningKeys(w.ValidKeys).Open(w.Secret)
	if !ok {
		return object{"decoded": nil}
	}
	limit := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t.Format(time.RFC3339)
	}
	return object{"decoded": object{
		"seed": s.Seed, "item": orNull(s.Item), "variation": orNull(s.Variation), "subevent": orNull(s.SubEvent),
		"valid_from": limit(s.ValidFrom), "valid_until": limit(s.ValidUntil),
	}}
}

func (w when) upload(t *testing.T, organizer string) object {
	t.Helper()
	var e struct {
		Event, Secret, Type, Nonce string
		List                       int64
		Datetime                   time.Time
		Answers                    []struct {
			Question int64
			Answer   string
		}
	}
	readJSON(t, w.QueueEntry, &e)
	a := scanproxy.Admit{
		Subject: scanproxy.Subject{Event: e.Event, List: e.List, Secret: scanproxy.Code(e.Secret)},
		Type:    scanproxy.ScanType(strings.ToUpper(e.Type)), At: e.Datetime, Nonce: e.Nonce,
	}
	for _, x := range e.Answers {
		a.Answers = append(a.Answers, scanproxy.Answer{Question: x.Question, Text: x.Answer})
	}
	var body object
	isJSON := json.Unmarshal(w.Response.Body, &body) == nil && body != nil
	call := a.Call(organizer)
	return object{
		"request": object{"method": "POST", "path": call.Path, "body": call.Body},
		"entry":   scanproxy.AdmitOutcome(w.Response.Status, isJSON, text(body["status"])),
	}
}

func (w when) uploadFailed(t *testing.T, organizer string) object {
	t.Helper()
	var c struct {
		Event string
		List  int64
		Body  struct {
			Reason   string `json:"error_reason"`
			Raw      string `json:"raw_barcode"`
			Datetime time.Time
			Type     string
			Position int64
		}
	}
	readJSON(t, w.Call, &c)
	call := scanproxy.Report{
		Event: c.Event, List: c.List, Reason: scanproxy.Reason(c.Body.Reason), RawBarcode: scanproxy.Code(c.Body.Raw),
		At: c.Body.Datetime, Type: scanproxy.ScanType(strings.ToUpper(c.Body.Type)), Position: c.Body.Position,
	}.Call(organizer)
	return object{
		"request": object{"method": "POST", "path": call.Path, "body": call.Body, "idempotency_header": "X-Idempotency-Key"},
		"entry":   scanproxy.ReportOutcome(w.Response.Status),
	}
}
