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
	f := c.filters("ordering", "pdf_data", "include_canceled_positions").lacks("voucher__code", "expand")
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
