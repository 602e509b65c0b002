package pretixsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

func (c *call) quotaList() reply {
	if rep := c.unchanged("quotas"); rep != nil {
		return *rep
	}
	f := c.filters().lacks("ordering")
	date := f.reference("subevent", func(id int) bool { return c.event.subevent(id) != nil })
	withAvailability := f.text("with_availability") == "true"
	if no := f.done(); no != nil {
		return *no
	}
	rows := []*quota{}
	for _, q := range c.event.quotas {
		if date == 0 || q.SubEvent == date {
			rows = append(rows, q)
		}
	}
	return c.dated("quotas", page(c, rows, func(q *quota) object {
		o := quotaJSON(q)
		if withAvailability {
			o["available"], o["available_number"] = c.available(q)
		}
		return o
	}))
}

func (c *call) thatQuota() (*quota, *reply) {
	id, no := c.pathID("id")
	if no != nil {
		return nil, no
	}
	q := find(c.event.quotas, func(q *quota) bool { return q.id == id })
	if q == nil {
		rep := noSuch("Quota")
		return nil, &rep
	}
	return q, nil
}

func (c *call) quotaDetail() reply {
	q, no := c.thatQuota()
	if no != nil {
		return *no
	}
	return jsonReply(http.StatusOK, quotaJSON(q))
}

func (c *call) quotaAvailability() reply {
	q, no := c.thatQuota()
	if no != nil {
		return *no
	}
	paid, pending := c.sold(q)
	open, number := c.available(q)
	return jsonReply(http.StatusOK, object{
		"paid_orders": paid, "pending_orders": pending, "exited_orders": 0, "blocking_vouchers": 0,
		"cart_positions": 0, "waiting_list": 0, "available_number": number, "available": open, "total_size": q.sizeOrNull(),
	})
}

func (c *call) sold(q *quota) (paid, pending int) {
	for _, o := range c.s.db.orders {
		for _, p := range o.positions {
			if o.event != c.event || p.Canceled || p.SubEvent != q.SubEvent || !slices.Contains(q.Items, p.Item) {
				continue
			}
			switch o.Status {
			case "p":
				paid++
			case "n":
				pending++
			}
		}
	}
	return paid, pending
}

func (c *call) available(q *quota) (open bool, number any) {
	if q.Size == nil {
		return true, nil
	}
	paid, pending := c.sold(q)
	left := max(0, *q.Size-paid-pending)
	return left > 0, left
}

// quotaCreate: in a series subevent is required; an item with variations needs some of them.
func (c *call) quotaCreate() reply {
	f, no := c.fields()
	if no != nil {
		return *no
	}
	q := &quota{Quota: Quota{
		Name:  f.text("name", true, false, false),
		Size:  f.size(),
		Items: f.references("items", false, c.s.db.anyItem),
		Variations: f.references("variations", false, func(id int) bool {
			return c.s.db.anyEvent(func(e *event) bool { return e.hasVariation(id) })
		}),
		SubEvent: f.reference("subevent", c.s.db.anySubEvent),
	}}
	for _, name := range []string{"closed", "close_when_sold_out", "release_after_exit", "ignore_for_event_availability"} {
		f.flag(name, false)
	}
	if no := f.done(); no != nil {
		return *no
	}
	if text := c.event.refuses(q); text != "" {
		return nonField(text)
	}
	q.id = c.s.db.next("quota")
	c.event.quotas = append(c.event.quotas, q)
	if q.SubEvent == 0 { // a date's quotas are logged with the date
		c.event.logged["quotas"] = c.at
	}
	return jsonReply(http.StatusCreated, quotaJSON(q))
}

func (e *event) hasVariation(id int) bool {
	return slices.ContainsFunc(e.items, func(i *item) bool { return i.variation(id) != nil })
}

// refuses returns what is wrong with a quota as a whole.
func (e *event) refuses(q *quota) string {
	for _, id := range q.Items {
		i := e.item(id)
		if i == nil {
			return "One or more items do not belong to this event."
		}
		covered := slices.ContainsFunc(q.Variations, func(v int) bool { return i.variation(v) != nil })
		if len(i.variations) > 0 && !covered {
			return "One or more items has variations but none of these are in the variations list."
		}
	}
	for _, v := range q.Variations {
		if !slices.ContainsFunc(q.Items, func(id int) bool { return e.item(id).variation(v) != nil }) {
			return "All variations must belong to an item contained in the items list."
		}
	}
	switch {
	case e.HasSubEvents && q.SubEvent == 0:
		return "Subevent cannot be null for event series."
	case q.SubEvent != 0 && e.subevent(q.SubEvent) == nil, !e.HasSubEvents && q.SubEvent != 0:
		return "The subevent does not belong to this event."
	}
	return ""
}

func (f *fields) size() *int {
	v, ok := f.value("size", false, true)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(fmt.Sprint(v))
	switch {
	case err != nil:
		f.wrong("size", "A valid integer is required.")
	case n < 0:
		f.wrong("size", "Ensure this value is greater than or equal to 0.")
	}
	return &n
}

func (q *quota) sizeOrNull() any {
	if q.Size == nil {
		return nil
	}
	return *q.Size
}

func quotaJSON(q *quota) object {
	return object{
		"id": q.id, "name": q.Name, "size": q.sizeOrNull(), "items": ids(q.Items), "variations": ids(q.Variations),
		"subevent": idOrNull(q.SubEvent), "closed": false, "close_when_sold_out": false, "release_after_exit": false,
		"ignore_for_event_availability": false,
	}
}
