package pretixsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (c *call) positionList() reply {
	if c.asks("pdf_data") {
		return c.notSimulated("pdf_data")
	}
	keep, no := c.positionFilter()
	if no != nil {
		return *no
	}
	rows := []*position{}
	for _, o := range c.readableOrders() {
		for _, p := range o.positions {
			if (!p.Canceled || c.asks("include_canceled_positions")) && keep(p) {
				rows = append(rows, p)
			}
		}
	}
	c.sortPositions(rows)
	return page(c, rows, func(p *position) object {
		o := c.positionJSON(p)
		if c.event == nil {
			o["event"] = p.order.event.Slug // only the organizer's list says which
		}
		return o
	})
}

// positionFilter: `positionid` is no filter, whatever one may hope.
func (c *call) positionFilter() (func(*position) bool, *reply) {
	f := c.filters("pdf_data", "include_canceled_positions")
	order, secret, pseudo := f.text("order"), f.text("secret"), f.text("pseudonymization_id")
	name, search := f.text("attendee_name"), f.text("search")
	used := f.flag("has_checkin")
	date, dates := f.reference("subevent", c.anySubEventHere), f.anyOf("subevent__in")
	item, items := f.reference("item", c.anyItemHere), f.anyOf("item__in")
	status, statuses := f.text("order__status"), f.anyOf("order__status__in")
	variation, variations := f.text("variation"), f.anyOf("variation__in")
	parent, parents := f.text("addon_to"), f.anyOf("addon_to__in")
	voucher := f.text("voucher")
	if no := f.done(); no != nil {
		return nil, no
	}
	return func(p *position) bool {
		id := strconv.Itoa
		return isFold(order, p.order.Code) && is(secret, p.Secret) && is(pseudo, p.pseudo) &&
			isFold(name, p.AttendeeName) && agrees(used, len(c.s.db.history(p)) > 0) &&
			(date == 0 || p.SubEvent == date) && isIn(dates, id(p.SubEvent)) &&
			(item == 0 || p.Item == item) && isIn(items, id(p.Item)) &&
			is(status, p.order.Status) && isIn(statuses, p.order.Status) &&
			is(variation, id(p.Variation)) && isIn(variations, id(p.Variation)) &&
			is(parent, id(p.parentID())) && isIn(parents, id(p.parentID())) && is(voucher, id(p.Voucher)) &&
			p.mentions(search)
	}, nil
}

func isIn(want []string, have string) bool { return want == nil || slices.Contains(want, have) }

func (c *call) anySubEventHere(id int) bool {
	if c.event == nil {
		return c.s.db.anySubEvent(id)
	}
	return c.event.subevent(id) != nil
}

func (c *call) anyItemHere(id int) bool {
	if c.event == nil {
		return c.s.db.anyItem(id)
	}
	return c.event.item(id) != nil
}

func (p *position) mentions(part string) bool {
	return part == "" || containsFold(p.shownName(), part) || containsFold(p.order.Email, part) ||
		strings.HasPrefix(strings.ToLower(p.order.Code), strings.ToLower(part)) ||
		strings.HasPrefix(strings.ToLower(p.Secret), strings.ToLower(part))
}

func (c *call) sortPositions(rows []*position) {
	field, desc := c.ordering("order__datetime", "order__code", "order__datetime", "positionid", "attendee_name", "order__status")
	slices.SortFunc(rows, func(a, b *position) int {
		var order int
		switch field {
		case "order__code":
			order = strings.Compare(a.order.Code, b.order.Code)
		case "positionid":
			order = a.PositionID - b.PositionID
		case "attendee_name":
			order = strings.Compare(a.shownName(), b.shownName())
		case "order__status":
			order = strings.Compare(a.order.Status, b.order.Status)
		default:
			order = cmp.Or(a.order.Datetime.Compare(b.order.Datetime), a.PositionID-b.PositionID)
		}
		if desc {
			order = -order
		}
		return cmp.Or(order, b.ID-a.ID)
	})
}

func (c *call) thatPosition() (*position, *reply) {
	id, no := c.pathID("id")
	if no != nil {
		return nil, no
	}
	p := c.s.db.position(id)
	if p == nil || p.order.event != c.event || (p.Canceled && !c.asks("include_canceled_positions")) {
		rep := noSuch("OrderPosition")
		return nil, &rep
	}
	return p, nil
}

func (c *call) positionDetail() reply {
	p, no := c.thatPosition()
	if no != nil {
		return *no
	}
	return jsonReply(http.StatusOK, c.positionJSON(p))
}

// addBlock: POST {"name": "api:…"}; the prefix is required.
func (c *call) addBlock() reply {
	return c.changeBlock(func(blocks []string, name string) []string { return append(blocks, name) })
}

// removeBlock leaves null, not an empty list.
func (c *call) removeBlock() reply {
	return c.changeBlock(func(blocks []string, name string) []string {
		left := slices.DeleteFunc(slices.Clone(blocks), func(b string) bool { return b == name })
		if len(left) == 0 {
			return nil
		}
		return left
	})
}

func (c *call) changeBlock(change func(blocks []string, name string) []string) reply {
	p, no := c.thatPosition()
	if no != nil {
		return *no
	}
	f, no := c.fields()
	if no != nil {
		return *no
	}
	name := f.text("name", true, false, false)
	if len(f.errs) == 0 && !strings.HasPrefix(name, "api:") {
		f.wrong("name", `Only values starting with "api:" are allowed.`)
	}
	if no := f.done(); no != nil {
		return *no
	}
	p.Blocked = change(p.Blocked, name)
	c.s.noteBlock(p)
	p.order.modified = c.at
	return jsonReply(http.StatusOK, c.positionJSON(p))
}

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

// inOrderJSON is the position of orders/, the only one whose answers are in the order of the questions.
func (c *call) inOrderJSON(p *position) object {
	o := c.positionJSON(p)
	slices.Reverse(o["answers"].([]object))
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
