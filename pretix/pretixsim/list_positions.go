package pretixsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// listPositions: paid or valid tickets, all with ?ignore_status=true, canceled positions never. A team that may only
// check in sees nothing without a search of three characters.
func (c *call) listPositions() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	return c.doorList([]*list{l}, c.who.may(OrdersRead))
}

// listPosition is one of them; it hides the unpaid as well.
func (c *call) listPosition() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	id, no := c.pathID("p")
	if no != nil {
		return *no
	}
	p := find(c.tickets(l, c.asks("ignore_status")), func(p *position) bool { return p.ID == id })
	if p == nil {
		return noSuch("OrderPosition")
	}
	return jsonReply(http.StatusOK, c.doorJSON(p, l))
}

// searchPositions searches several lists, also of different events: ?list=1&list=5&search=.
func (c *call) searchPositions() reply {
	var lists []*list
	var missing []string
	for _, text := range c.query["list"] {
		id, err := strconv.Atoi(text)
		if err != nil {
			continue
		}
		l := c.visibleList(id, OrdersRead, OrdersCheckin)
		if l == nil {
			missing = append(missing, text)
			continue
		}
		lists = append(lists, l)
	}
	switch {
	case len(missing) > 0:
		return detail(http.StatusForbidden,
			"You requested lists that do not exist or that you do not have access to: "+strings.Join(missing, ", "))
	case len(lists) == 0:
		return badRequest("No check-in list passed.")
	}
	return c.doorList(lists, c.who.may(OrdersRead))
}

// visibleList finds a list in the events where the caller holds one of the rights.
func (c *call) visibleList(id int, anyOf ...string) *list {
	for _, e := range c.eventsWith(anyOf...) {
		if l := e.list(id); l != nil {
			return l
		}
	}
	return nil
}

func (c *call) doorList(lists []*list, full bool) reply {
	f := c.filters("pdf_data", "ignore_status", "list", "expand")
	f.lacks("ordering", "order__status", "order__status__in", "variation", "variation__in", "item__in", "subevent__in",
		"addon_to", "addon_to__in", "pseudonymization_id", "voucher", "voucher__code", "attendee_name__iexact")
	order, secret, name, search := f.text("order"), f.text("secret"), f.text("attendee_name"), f.text("search")
	date, item := f.text("subevent"), f.text("item")
	used := f.flag("has_checkin")
	checkedIn := f.flag("checked_in")
	if no := f.done(); no != nil {
		return *no
	}
	if c.asks("pdf_data") {
		return c.notSimulated("pdf_data")
	}
	rows := []*position{}
	for _, l := range lists {
		if !full && len(search) < 3 {
			break
		}
		for _, p := range c.tickets(l, c.asks("ignore_status")) {
			was := len(c.s.db.history(p, l)) > 0
			if isFold(order, p.order.Code) && is(secret, p.Secret) && isFold(name, p.AttendeeName) && p.mentions(search) &&
				is(date, fmt.Sprint(p.SubEvent)) && is(item, fmt.Sprint(p.Item)) &&
				agrees(used, was) && agrees(checkedIn, c.inside(l, []*position{p}) == 1) {
				rows = append(rows, p)
			}
		}
	}
	slices.SortFunc(rows, byAttendee(len(lists) > 1))
	return page(c, rows, func(p *position) object { return c.doorJSON(p, lists...) })
}

// byAttendee sorts by name, the nameless last. Several lists break ties by number in the order, newest order first.
func byAttendee(several bool) func(a, b *position) int {
	return func(a, b *position) int {
		if (a.AttendeeName == "") != (b.AttendeeName == "") {
			return cmp.Compare(b.AttendeeName, a.AttendeeName)
		}
		byName := strings.Compare(a.AttendeeName, b.AttendeeName)
		if several {
			return cmp.Or(byName, a.PositionID-b.PositionID, b.ID-a.ID)
		}
		return cmp.Or(byName, a.ID-b.ID)
	}
}
