package pretixsim

import "net/http"

// failReasons are the reasons a scanner may report for a refusal it made by itself.
var failReasons = []string{
	"canceled", "invalid", "unpaid", "product", "rules", "revoked", "incomplete", "already_redeemed", "ambiguous", "error",
	"blocked", "unapproved", "invalid_time", "annulled", "already_exchanged", "medium_invalid", "medium_exists",
}

// failedCheckin: POST E/checkinlists/{l}/failed_checkins/ -> 201 with the report; the same nonce again is 201 and not
// stored.
func (c *call) failedCheckin() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	f, no := c.fields()
	if no != nil {
		return *no
	}
	ci := &checkin{
		list: l, created: c.at, device: c.who.device,
		reason:      f.choice("error_reason", "", failReasons...),
		explanation: f.text("error_explanation", false, true, true),
		barcode:     f.text("raw_barcode", true, false, false),
		kind:        f.choice("type", "entry", "entry", "exit"),
		nonce:       f.text("nonce", false, true, true),
		at:          f.instant("datetime", false),
	}
	if !f.has("error_reason") {
		f.wrong("error_reason", "This field is required.")
	}
	here := func(id int) bool {
		p := c.s.db.position(id)
		return p != nil && p.order.event == c.event
	}
	ci.position = c.s.db.position(f.reference("position", here))
	item := f.reference("raw_item", func(id int) bool { return c.event.item(id) != nil })
	variation := f.reference("raw_variation", c.event.hasVariation)
	date := f.reference("raw_subevent", func(id int) bool { return c.event.subevent(id) != nil })
	source := f.choice("raw_source_type", "barcode", "barcode", "nfc_uid", "nfc_mf0aes")
	if no := f.done(); no != nil {
		return *no
	}
	if ci.at.IsZero() {
		ci.at = c.at
	}
	c.report(ci)
	body := c.reportJSON(ci)
	body["raw_item"], body["raw_variation"] = idOrNull(item), idOrNull(variation)
	body["raw_subevent"], body["raw_source_type"] = idOrNull(date), source
	return jsonReply(http.StatusCreated, body)
}

func (c *call) reportJSON(ci *checkin) object {
	body := object{
		"error_reason": ci.reason, "error_explanation": textOrNull(ci.explanation), "raw_barcode": ci.barcode,
		"nonce": textOrNull(ci.nonce), "datetime": c.stamp(ci.at), "type": ci.kind, "position": nil,
	}
	if ci.position != nil {
		body["position"] = ci.position.ID
	}
	return body
}

// report stores a failed check-in unless its nonce is known on the list.
func (c *call) report(ci *checkin) {
	known := find(c.s.db.checkins, func(old *checkin) bool {
		return ci.nonce != "" && old.nonce == ci.nonce && old.list == ci.list && old.position == ci.position
	})
	if known != nil {
		return
	}
	ci.id = c.s.db.next("checkin")
	c.s.db.checkins = append(c.s.db.checkins, ci)
	if ci.position != nil {
		ci.position.order.modified = c.at
	}
}
