package pretixsim

import (
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readableEvents are those whose orders the caller may read: the event, or the organizer's events with the right.
func (c *call) readableEvents() []*event {
	if c.event == nil {
		return c.eventsWith(OrdersRead)
	}
	return []*event{c.event}
}

func (c *call) readableOrders() []*order {
	events := c.readableEvents()
	var out []*order
	for _, o := range c.s.db.orders {
		if slices.Contains(events, o.event) {
			out = append(out, o)
		}
	}
	return out
}

func (c *call) orderList() reply {
	keep, no := c.orderFilter()
	if no != nil {
		return *no
	}
	if no := c.withoutPDFData(c.readableEvents()...); no != nil {
		return *no
	}
	rows := []*order{}
	for _, o := range c.readableOrders() {
		if keep(o) {
			rows = append(rows, o)
		}
	}
	c.sortOrders(rows)
	if no := c.excludeCrashes(); no != nil {
		return *no
	}
	return c.generated(page(c, rows, func(o *order) object { return c.trim(c.orderJSON(o)) }))
}

func (c *call) orderFilter() (func(*order) bool, *reply) {
	f := c.filters("ordering", "pdf_data", "include", "exclude", "include_canceled_positions", "include_canceled_fees")
	f.lacks("customer", "payment_provider", "expand")
	code, status, email, locale := f.text("code"), f.text("status"), f.text("email"), f.text("locale")
	testmode, approval := f.flag("testmode"), f.flag("require_approval")
	date, item, variation := f.text("subevent"), f.text("item"), f.text("variation")
	modified, since, before := f.instant("modified_since"), f.instant("created_since"), f.instant("created_before")
	after, until := f.instant("subevent_after"), f.instant("subevent_before")
	search, channel := f.text("search"), f.text("sales_channel")
	if no := f.done(); no != nil {
		return nil, no
	}
	return func(o *order) bool {
		return isFold(code, o.Code) && isFold(status, o.Status) && isFold(email, o.Email) && is(locale, o.Locale) &&
			agrees(testmode, o.TestMode) && agrees(approval, o.RequireApproval) && is(channel, "web") &&
			o.any(date, func(p *position) int { return p.SubEvent }) &&
			o.any(item, func(p *position) int { return p.Item }) &&
			o.any(variation, func(p *position) int { return p.Variation }) &&
			!o.modified.Before(modified) && !o.Datetime.Before(since) && (before.IsZero() || o.Datetime.Before(before)) &&
			o.datesWithin(after, until) && o.mentions(search)
	}, nil
}

func is(want, have string) bool { return want == "" || want == have }

func isFold(want, have string) bool { return want == "" || strings.EqualFold(want, have) }

// any reports whether some position, canceled ones too, has this id.
func (o *order) any(want string, have func(*position) int) bool {
	return want == "" || slices.ContainsFunc(o.positions, func(p *position) bool {
		return strconv.Itoa(have(p)) == want
	})
}

// datesWithin: some date ends after `after`, and some date starts before `before`; zero asks nothing.
func (o *order) datesWithin(after, before time.Time) bool {
	some := func(test func(*subevent) bool) bool {
		return slices.ContainsFunc(o.positions, func(p *position) bool { return p.subevent() != nil && test(p.subevent()) })
	}
	ends := func(d *subevent) time.Time {
		if d.DateTo.IsZero() {
			return d.DateFrom
		}
		return d.DateTo
	}
	return (after.IsZero() || some(func(d *subevent) bool { return ends(d).After(after) })) &&
		(before.IsZero() || some(func(d *subevent) bool { return d.DateFrom.Before(before) }))
}

func (o *order) mentions(part string) bool {
	if part == "" || containsFold(o.Code, part) || containsFold(o.Email, part) ||
		(o.InvoiceAddress != nil && containsFold(o.InvoiceAddress.Name, part)) {
		return true
	}
	return slices.ContainsFunc(o.positions, func(p *position) bool {
		return containsFold(p.AttendeeName, part) || (p.AttendeeName != "" && containsFold(p.email(), part)) ||
			strings.HasPrefix(strings.ToLower(p.Secret), strings.ToLower(part))
	})
}

// sortOrders: by purchase by default, and the newest first among equals.
func (c *call) sortOrders(rows []*order) {
	field, desc := c.ordering("datetime", "datetime", "code", "status", "last_modified", "cancellation_date")
	slices.SortFunc(rows, func(a, b *order) int {
		var order int
		switch field {
		case "code":
			order = strings.Compare(a.Code, b.Code)
		case "status":
			order = strings.Compare(a.Status, b.Status)
		case "last_modified":
			order = a.modified.Compare(b.modified)
		case "cancellation_date":
			order = a.Cancelled.Compare(b.Cancelled)
		default:
			order = a.Datetime.Compare(b.Datetime)
		}
		if desc {
			order = -order
		}
		if order == 0 {
			return b.id - a.id
		}
		return order
	})
}

// orderDetail wants the exact code; the filter ?code= does not.
func (c *call) orderDetail() reply {
	if no := c.withoutPDFData(c.readableEvents()...); no != nil {
		return *no
	}
	o := find(c.readableOrders(), func(o *order) bool { return o.Code == c.vars["code"] })
	if o == nil {
		return noSuch("Order")
	}
	if no := c.excludeCrashes(); no != nil {
		return *no
	}
	return jsonReply(http.StatusOK, c.trim(c.orderJSON(o)))
}

func (c *call) orderJSON(o *order) object {
	total := o.total()
	positions := []object{}
	for _, p := range o.positions {
		if !p.Canceled || c.asks("include_canceled_positions") {
			positions = append(positions, c.inOrderJSON(p))
		}
	}
	paidOn, provider, payments := c.payment(o, total)
	return object{
		"code": o.Code, "event": o.event.Slug, "status": o.Status, "testmode": o.TestMode, "secret": o.secret,
		"email": o.Email, "phone": nil, "locale": o.Locale, "datetime": c.stamp(o.Datetime),
		"expires": c.stamp(o.Expires), "payment_date": paidOn, "payment_provider": provider, "fees": []any{},
		"total": total, "tax_rounding_mode": "line", "comment": "", "custom_followup_at": nil,
		"invoice_address": c.addressJSON(o), "positions": positions, "downloads": []any{}, "checkin_attention": false,
		"checkin_text": nil, "last_modified": c.stamp(o.modified), "payments": payments, "refunds": []any{},
		"require_approval": o.RequireApproval, "sales_channel": "web",
		"url":      fmt.Sprintf("%s/%s/%s/order/%s/%s/", c.baseURL(), o.event.org.Slug, o.event.Slug, o.Code, o.secret),
		"customer": nil, "valid_if_pending": o.ValidIfPending, "api_meta": object{},
		"cancellation_date": c.orNull(o.Cancelled), "plugin_data": object{},
	}
}

// total adds the prices, canceled positions included as the shop's seed does, to two decimals.
func (o *order) total() string {
	sum := new(big.Rat)
	for _, p := range o.positions {
		if price, ok := new(big.Rat).SetString(p.Price); ok {
			sum.Add(sum, price)
		}
	}
	return sum.FloatString(2)
}

// payment shows one manual payment for a paid order that cost something.
func (c *call) payment(o *order, total string) (date, provider any, payments []object) {
	if o.Status != "p" || total == "0.00" {
		return nil, nil, []object{}
	}
	return o.Datetime.In(c.s.zone).Format(time.DateOnly), "manual", []object{{
		"local_id": 1, "state": "confirmed", "amount": total, "created": c.stamp(o.created),
		"payment_date": c.stamp(o.Datetime), "provider": "manual", "payment_url": nil, "details": object{},
	}}
}

func (c *call) addressJSON(o *order) any {
	a := o.InvoiceAddress
	if a == nil {
		return nil
	}
	return object{
		"last_modified": c.stamp(o.modified), "is_business": false, "company": "", "name": a.Name,
		"name_parts": nameParts(a.Name), "street": a.Street, "zipcode": a.ZipCode, "city": a.City, "country": a.Country,
		"state": "", "vat_id": "", "vat_id_validated": false, "custom_field": nil, "internal_reference": "",
		"transmission_type": "email", "transmission_info": nil,
	}
}

func nameParts(name string) object {
	if name == "" {
		return object{}
	}
	return object{"_scheme": "full", "full_name": name}
}
