package scanproxy_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/recorded"
)

// This file writes results in the words of the recorded cases: the field names of the Java proxy, null for nothing.

// orNull writes zero values as null, as the wire does.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// scanResult is a verdict, with what pretix is told of it.
func scanResult(t *testing.T, organizer string, v scanproxy.Verdict) object {
	t.Helper()
	queued, failed, reasons := []any{}, []any{}, []any{}
	if a := v.Admit; a != nil {
		queued = append(queued, queuedRow(t, organizer, *a))
	}
	if r := v.Report; r != nil {
		failed = append(failed, object{"event": r.Event, "list": r.List, "body": reported(t, organizer, *r).body})
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

func (d *door) desks(a recorded.Action) []scanproxy.Desk {
	var out []scanproxy.Desk
	for _, at := range a.Lists {
		out = append(out, scanproxy.Desk{Selection: at, Event: d.snapshot.Events[at.Event], List: d.snapshot.Lists[at]})
	}
	return out
}

func (d *door) ownCheckins(t scanproxy.Ticket, l *scanproxy.List) []scanproxy.OwnCheckin {
	return d.own[listKey(scanproxy.Subject{List: l.ID, Position: t.ID, Secret: t.Secret})]
}

func (d *door) search(a recorded.Action) object {
	for _, desk := range d.desks(a) {
		if desk.List == nil {
			return object{"error": "Check-in list not found"}
		}
	}
	visited := func(t scanproxy.Ticket, l *scanproxy.List) bool { return len(d.ownCheckins(t, l)) > 0 }
	secrets, results := []any{}, []any{}
	for _, h := range scanproxy.Search(scanproxy.ParseQuery(a.Query), a.Page, d.desks(a), d.snapshot.Tickets, "", visited) {
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

func (d *door) status(a recorded.Action) object {
	desk := d.desks(a)[0]
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

// validate judges an answer in the event that scans are usually about: its time zone counts.
func (d *door) validate(t *testing.T, a recorded.Action) object {
	t.Helper()
	var q object
	recorded.Decode(t, a.Question, &q)
	if len(a.Lists) == 0 {
		t.Fatal("neither the case nor its fixture selects an event")
	}
	zone, err := json.Marshal(d.snapshot.Events[a.Lists[0].Event].Zone.String())
	if err != nil {
		t.Fatal(err)
	}
	if a.AllOptional {
		q["required"] = false
	}
	event, err := scanproxy.DecodeEvent(scanproxy.EventParts{
		Event: fmt.Appendf(nil, `{"timezone": %s}`, zone), Questions: []json.RawMessage{encoded(t, q)},
	})
	if err != nil {
		t.Fatal(err)
	}
	value, ok := event.Questions[0].Accept(a.Answer, event.Zone, *a.Now)
	if !ok {
		return object{"valid": false, "value": nil}
	}
	return object{"valid": true, "value": value}
}

func decodeSigned(a recorded.Action) object {
	s, ok := pretix.ParseSigningKeys(a.ValidKeys).Open(a.Secret)
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
