package pretixsim

import (
	"slices"
	"strconv"
	"strings"
)

func (p *position) parentID() int {
	if p.addonTo == nil {
		return 0
	}
	return p.addonTo.ID
}

func (p *position) email() string {
	return strings.ToLower(p.order.Code) + "-" + strconv.Itoa(p.PositionID) + "@example.invalid"
}

// shownName is whose ticket it is at the door: the attendee's, the parent ticket's, or the invoice's name.
func (p *position) shownName() string {
	switch {
	case p.AttendeeName != "":
		return p.AttendeeName
	case p.addonTo != nil && p.addonTo.AttendeeName != "":
		return p.addonTo.AttendeeName
	case p.order.InvoiceAddress != nil:
		return p.order.InvoiceAddress.Name
	}
	return ""
}

// positionJSON is the position of orderpositions/ and orders/: it does not tell whether the order is paid.
func (c *call) positionJSON(p *position) object {
	o := c.ticketJSON(p, c.s.db.history(p))
	o["attendee_name"], o["attendee_name_parts"] = textOrNull(p.AttendeeName), nameParts(p.AttendeeName)
	o["discount"], o["canceled"], o["tax_code"], o["voucher_budget_use"] = nil, p.Canceled, nil, nil
	o["plugin_data"] = object{}
	return o
}

// inOrderJSON is the position of orders/, the only one whose answers are in the order of the questions, unless there is
// pdf_data.
func (c *call) inOrderJSON(p *position) object {
	o := c.positionJSON(p)
	switch {
	case !c.asks("pdf_data"):
		slices.Reverse(o["answers"].([]object))
	case p.item() == nil: // of no order: only its fields count
		o["pdf_data"] = nil
	default:
		o["pdf_data"] = c.pdfData(p)
	}
	return o
}

// doorJSON is the position of redeem, search and list positions, with the check-ins of the asked lists only.
func (c *call) doorJSON(p *position, onLists ...*list) object {
	o := c.ticketJSON(p, c.s.db.history(p, onLists...))
	o["attendee_name"], o["attendee_name_parts"] = textOrNull(p.shownName()), nameParts(p.shownName())
	o["require_attention"] = p.needsAttention()
	o["order__status"], o["order__locale"] = p.order.Status, p.order.Locale
	o["order__valid_if_pending"], o["order__require_approval"] = p.order.ValidIfPending, p.order.RequireApproval
	c.expand(p, o, onLists)
	if c.asks("pdf_data") {
		o["pdf_data"] = c.pdfData(p)
	}
	return o
}

func (c *call) expand(p *position, o object, onLists []*list) {
	if d := p.subevent(); c.expands("subevent") && d != nil {
		o["subevent"] = c.subEventJSON(p.order.event, d)
	}
	i := p.item()
	if c.expands("item") && i != nil {
		o["item"] = itemJSON(i)
	}
	if c.expands("variation") && i != nil && i.variation(p.Variation) != nil {
		v := i.variation(p.Variation)
		o["variation"] = variationJSON(v, slices.Index(i.variations, v))
	}
	if c.expands("addons") {
		addons := []object{}
		for _, q := range p.order.positions {
			if q.addonTo == p && !q.Canceled {
				addons = append(addons, c.doorJSON(q, onLists...))
			}
		}
		o["addons"] = addons
	}
	if c.expands("answers.question") {
		for n, a := range o["answers"].([]object) {
			a["question"] = questionJSON(p.order.event.question(a["question"].(int)))
			o["answers"].([]object)[n] = a
		}
	}
}

// ticketJSON is what all have in common. Answers come in no fixed order: here backwards, so that nobody gets used
// to one.
func (c *call) ticketJSON(p *position, history []*checkin) object {
	checkins := []object{}
	for _, ci := range history {
		checkins = append(checkins, c.entryJSON(ci))
	}
	var email, blocked any
	if p.AttendeeName != "" {
		email = p.email()
	}
	if len(p.Blocked) > 0 {
		blocked = p.Blocked
	}
	answers := slices.SortedFunc(slices.Values(p.answers), func(a, b *answer) int {
		return byPosition(b.question, a.question)
	})
	return object{
		"answers": answersJSON(answers), "id": p.ID, "order": p.order.Code, "positionid": p.PositionID, "item": p.Item,
		"variation": idOrNull(p.Variation), "price": p.Price, "company": nil, "street": nil, "zipcode": nil, "city": nil,
		"country": nil, "state": nil, "attendee_email": email, "voucher": idOrNull(p.Voucher), "tax_rate": "0.00",
		"tax_value": "0.00", "secret": p.Secret, "addon_to": idOrNull(p.parentID()), "subevent": idOrNull(p.SubEvent),
		"checkins": checkins, "print_logs": []any{}, "downloads": []any{}, "tax_rule": nil,
		"pseudonymization_id": p.pseudo, "seat": seatJSON(p.Seat), "valid_from": c.orNull(p.ValidFrom),
		"valid_until": c.orNull(p.ValidUntil), "blocked": blocked,
	}
}

// entryJSON is a check-in as tickets show it: never with its nonce.
func (c *call) entryJSON(ci *checkin) object {
	o := object{
		"id": ci.id, "datetime": c.stamp(ci.at), "list": ci.list.id, "auto_checked_in": false, "gate": nil,
		"device": nil, "device_id": nil, "type": ci.kind,
	}
	if ci.device != nil {
		o["gate"], o["device"], o["device_id"] = idOrNull(ci.device.Gate), ci.device.ID, ci.device.DeviceID
	}
	return o
}

func seatJSON(s *Seat) any {
	if s == nil {
		return nil
	}
	return object{
		"id": s.ID, "name": s.Name, "seat_guid": s.GUID, "zone_name": s.Zone, "row_name": s.Row, "row_label": nil,
		"seat_label": nil, "seat_number": s.Number,
	}
}

func answersJSON(answers []*answer) []object {
	out := []object{}
	for _, a := range answers {
		options, identifiers := []int{}, []string{}
		for _, o := range a.options {
			options, identifiers = append(options, o.id), append(identifiers, o.Identifier)
		}
		out = append(out, object{
			"question": a.question.id, "answer": a.text, "question_identifier": a.question.Identifier,
			"options": options, "option_identifiers": identifiers,
		})
	}
	return out
}
