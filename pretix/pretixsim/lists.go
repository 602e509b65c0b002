package pretixsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (c *call) listList() reply {
	f := c.filters("expand", "include", "exclude").lacks("ordering")
	date := f.reference("subevent", c.anySubEventHere)
	match := f.text("subevent_match")
	matchID, err := strconv.Atoi(match)
	if match != "" && err != nil {
		f.errs["subevent_match"] = []string{"Enter a number."}
	}
	if no := f.done(); no != nil {
		return *no
	}
	rows := slices.DeleteFunc(slices.Clone(c.event.lists), func(l *list) bool {
		return (date != 0 && l.SubEvent != date) || (match != "" && l.SubEvent != 0 && l.SubEvent != matchID)
	})
	slices.SortFunc(rows, c.byDateAndName)
	return page(c, rows, func(l *list) object { return c.trim(c.listJSON(l)) })
}

// byDateAndName: lists of one date first, by that date; series lists last.
func (c *call) byDateAndName(a, b *list) int {
	da, db := c.event.subevent(a.SubEvent), c.event.subevent(b.SubEvent)
	switch {
	case da != nil && db == nil:
		return -1
	case da == nil && db != nil:
		return 1
	case da != nil && !da.DateFrom.Equal(db.DateFrom):
		return da.DateFrom.Compare(db.DateFrom)
	}
	return cmp.Or(strings.Compare(a.Name, b.Name), a.id-b.id)
}

func (c *call) thatList() (*list, *reply) {
	id, no := c.pathID("id")
	if no != nil {
		return nil, no
	}
	l := c.event.list(id)
	if l == nil {
		rep := noSuch("CheckinList")
		return nil, &rep
	}
	return l, nil
}

func (c *call) listDetail() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	return jsonReply(http.StatusOK, c.listJSON(l))
}

func (c *call) listCreate() reply {
	l := &list{event: c.event}
	if no := c.readList(l); no != nil {
		return *no
	}
	l.id = c.s.db.next("list")
	c.event.lists = append(c.event.lists, l)
	return jsonReply(http.StatusCreated, c.listJSON(l))
}

func (c *call) listChange() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	changed := *l
	if no := c.readList(&changed); no != nil {
		return *no
	}
	*l = changed
	return jsonReply(http.StatusOK, c.listJSON(l))
}

func (c *call) listDelete() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	c.event.lists = slices.DeleteFunc(c.event.lists, func(x *list) bool { return x == l })
	c.s.db.checkins = slices.DeleteFunc(c.s.db.checkins, func(ci *checkin) bool { return ci.list == l })
	return reply{status: http.StatusNoContent}
}

func (c *call) readList(l *list) *reply {
	f, no := c.fields()
	if no != nil {
		return no
	}
	if name := f.text("name", true, false, false); name != "" {
		l.Name = name
	}
	// A list made over the API admits no product unless it says so, but `all_products` defaults to true.
	if limit := f.references("limit_products", false, c.s.db.anyItem); limit != nil {
		l.LimitProducts = limit
	}
	if f.flag("all_products", len(l.LimitProducts) == 0) {
		l.LimitProducts = nil
	} else if l.LimitProducts == nil {
		l.LimitProducts = []int{}
	}
	if f.has("subevent") {
		l.SubEvent = f.reference("subevent", c.s.db.anySubEvent)
	}
	l.IncludePending = f.flag("include_pending", l.IncludePending)
	l.AllowMultipleEntries = f.flag("allow_multiple_entries", l.AllowMultipleEntries)
	l.NoEntryAfterExit = !f.flag("allow_entry_after_exit", !l.NoEntryAfterExit)
	l.AddonMatch = f.flag("addon_match", l.AddonMatch)
	if rules, ok := f.value("rules", false, false); ok {
		l.Rules, _ = rules.(map[string]any)
	}
	f.known = append(f.known, "exit_all_at", "ignore_in_statistics", "consider_tickets_used")
	if no := f.done(); no != nil {
		return no
	}
	if text := c.listRefused(l); text != "" {
		no := nonField(text)
		return &no
	}
	return nil
}

func (c *call) listRefused(l *list) string {
	for _, id := range l.LimitProducts {
		if c.event.item(id) == nil {
			return "One or more items do not belong to this event."
		}
	}
	if l.SubEvent != 0 && c.event.subevent(l.SubEvent) == nil {
		return "The subevent does not belong to this event."
	}
	if op := unknownOperator(l.Rules); op != "" {
		return fmt.Sprintf("Logic operator %q is currently not allowed.", op)
	}
	return ""
}

// admits reports whether the product is on the list.
func (l *list) admits(itemID int) bool {
	return l.LimitProducts == nil || slices.Contains(l.LimitProducts, itemID)
}

// tickets returns the positions a list counts: not canceled, of its date and products, of paid (or valid) orders.
func (c *call) tickets(l *list, anyStatus bool) []*position {
	var out []*position
	for _, o := range c.s.db.orders {
		counted := o.Status == "p" || (o.Status == "n" && (o.ValidIfPending || l.IncludePending))
		if o.event != l.event || !(counted || anyStatus) {
			continue
		}
		for _, p := range o.positions {
			if !p.Canceled && (l.SubEvent == 0 || p.SubEvent == l.SubEvent) && l.admits(p.Item) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (c *call) listJSON(l *list) object {
	tickets := c.tickets(l, false)
	rules := l.Rules
	if rules == nil {
		rules = object{}
	}
	o := object{
		"id": l.id, "name": l.Name, "all_products": l.LimitProducts == nil, "limit_products": ids(l.LimitProducts),
		"subevent": idOrNull(l.SubEvent), "checkin_count": c.used(l, tickets), "position_count": len(tickets),
		"include_pending": l.IncludePending, "allow_multiple_entries": l.AllowMultipleEntries,
		"allow_entry_after_exit": !l.NoEntryAfterExit, "rules": rules, "exit_all_at": nil, "addon_match": l.AddonMatch,
		"ignore_in_statistics": false, "consider_tickets_used": true,
	}
	if d := l.event.subevent(l.SubEvent); d != nil && c.expands("subevent") {
		o["subevent"] = c.subEventJSON(l.event, d)
	}
	return o
}

// used counts tickets with an entry on the list.
func (c *call) used(l *list, tickets []*position) int {
	n := 0
	for _, p := range tickets {
		if slices.ContainsFunc(c.s.db.history(p, l), func(ci *checkin) bool { return ci.kind == "entry" }) {
			n++
		}
	}
	return n
}

// inside counts tickets whose latest check-in on the list is an entry.
func (c *call) inside(l *list, tickets []*position) int {
	n := 0
	for _, p := range tickets {
		if h := c.s.db.history(p, l); len(h) > 0 && h[0].kind == "entry" {
			n++
		}
	}
	return n
}

func (c *call) listStatus() reply {
	l, no := c.thatList()
	if no != nil {
		return *no
	}
	tickets := c.tickets(l, false)
	items := []object{}
	for _, i := range c.event.sortedItems() {
		mine := filter(tickets, func(p *position) bool { return p.Item == i.id })
		if !l.admits(i.id) {
			continue
		}
		variations := []object{}
		for _, v := range i.variations {
			some := filter(mine, func(p *position) bool { return p.Variation == v.id })
			variations = append(variations, object{
				"id": v.id, "value": v.Value.in(c.event.Locale), "checkin_count": c.used(l, some), "position_count": len(some),
			})
		}
		items = append(items, object{
			"id": i.id, "name": i.Name.in(c.event.Locale), "admission": !i.NoAdmission, "checkin_count": c.used(l, mine),
			"position_count": len(mine), "variations": variations,
		})
	}
	return jsonReply(http.StatusOK, object{
		"event": object{"name": c.event.Name.in(c.event.Locale)}, "checkin_count": c.used(l, tickets),
		"position_count": len(tickets), "inside_count": c.inside(l, tickets), "items": items,
	})
}

// sortedItems is the shop's order: by category, items without one last, then by position.
func (e *event) sortedItems() []*item {
	rank := func(i *item) int {
		k := slices.IndexFunc(e.categories, func(k *category) bool { return k.id == i.Category })
		if k < 0 {
			return len(e.categories)
		}
		return e.categories[k].Position
	}
	return slices.SortedFunc(slices.Values(e.items), func(a, b *item) int {
		return cmp.Or(rank(a)-rank(b), a.Position-b.Position, a.id-b.id)
	})
}

func filter[T any](all []T, test func(T) bool) []T {
	var out []T
	for _, x := range all {
		if test(x) {
			out = append(out, x)
		}
	}
	return out
}
