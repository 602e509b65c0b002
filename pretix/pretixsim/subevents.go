package pretixsim

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// subEventList serves the event's dates and, on the organizer route, those of every visible event.
func (c *call) subEventList() reply {
	events := []*event{c.event}
	if c.event == nil {
		events = c.eventsWith()
	}
	keep, no := c.subEventFilter()
	if no != nil {
		return *no
	}
	rows := []*subevent{}
	of := map[*subevent]*event{}
	for _, e := range events {
		for _, d := range e.subevents {
			if keep(e, d) {
				rows = append(rows, d)
				of[d] = e
			}
		}
	}
	c.sortSubEvents(rows)
	return c.generated(page(c, rows, func(d *subevent) object { return c.subEventJSON(of[d], d) }))
}

func (c *call) subEventFilter() (func(*event, *subevent) bool, *reply) {
	f := c.filters("ordering").lacks("sales_channel", "event__live", "date_to_after", "date_to_before", "expand")
	active, public, past, future := f.flag("active"), f.flag("is_public"), f.flag("is_past"), f.flag("is_future")
	endsAfter, modified := f.instant("ends_after"), f.instant("modified_since")
	after, before := f.instant("date_from_after"), f.instant("date_from_before")
	search := f.text("search")
	attrs := c.attributes(f)
	if no := f.done(); no != nil {
		return nil, no
	}
	return func(e *event, d *subevent) bool {
		ends := d.DateTo
		if ends.IsZero() {
			ends = d.DateFrom
		}
		return agrees(active, !d.Inactive) && agrees(public, !d.Private) &&
			agrees(past, ends.Before(c.at)) && agrees(future, !ends.Before(c.at)) &&
			!ends.Before(endsAfter) && !d.modified.Before(modified) && !d.DateFrom.Before(after) &&
			(before.IsZero() || !d.DateFrom.After(before)) && d.mentions(search) && e.hasMeta(d, attrs)
	}, nil
}

// attributes reads attr[Name]=value. A property that does not exist is ignored by pretix: all dates come back.
func (c *call) attributes(f *filters) map[string]string {
	attrs := map[string]string{}
	for key := range c.query {
		name, ok := strings.CutPrefix(key, "attr[")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "]")
		if c.org.hasProperty(name) {
			attrs[name] = f.text(key)
		}
	}
	return attrs
}

func (o *organizer) hasProperty(name string) bool {
	return slices.ContainsFunc(o.meta, func(p *metaProperty) bool { return p.name == name })
}

// hasMeta compares what a date effectively has: its own value, else the event's, else the property's default "".
func (e *event) hasMeta(d *subevent, want map[string]string) bool {
	for name, value := range want {
		have, own := d.Meta[name]
		if !own {
			have = e.Meta[name]
		}
		if have != value {
			return false
		}
	}
	return true
}

func (d *subevent) mentions(part string) bool {
	texts := slices.Concat(slices.Collect(maps.Values(d.Name)), slices.Collect(maps.Values(d.Location)))
	return part == "" || slices.ContainsFunc(texts, func(t string) bool { return containsFold(t, part) })
}

func agrees(want *bool, have bool) bool { return want == nil || *want == have }

func (c *call) sortSubEvents(rows []*subevent) {
	field, desc := c.ordering("date_from", "id", "date_from", "last_modified")
	slices.SortFunc(rows, func(a, b *subevent) int {
		var order int
		switch field {
		case "date_from":
			order = a.DateFrom.Compare(b.DateFrom)
		case "last_modified":
			order = a.modified.Compare(b.modified)
		default:
			order = a.id - b.id
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

// thatSubEvent finds the date named in the path.
func (c *call) thatSubEvent() (*subevent, *reply) {
	id, no := c.pathID("id")
	if no != nil {
		return nil, no
	}
	d := c.event.subevent(id)
	if d == nil {
		rep := noSuch("SubEvent")
		return nil, &rep
	}
	return d, nil
}

func (c *call) subEventDetail() reply {
	d, no := c.thatSubEvent()
	if no != nil {
		return *no
	}
	return jsonReply(http.StatusOK, c.subEventJSON(c.event, d))
}

// subEventCreate: a date is inactive unless "active": true; an event that is no series gets one all the same.
func (c *call) subEventCreate() reply {
	d := &subevent{SubEvent: SubEvent{Inactive: true}, modified: c.at}
	if no := c.readSubEvent(d); no != nil {
		return *no
	}
	d.id = c.s.db.next("subevent")
	c.event.subevents = append(c.event.subevents, d)
	return jsonReply(http.StatusCreated, c.subEventJSON(c.event, d))
}

// subEventChange: meta_data replaces all of it, and the answer still shows the values from before, unless the change
// made a new one.
func (c *call) subEventChange() reply {
	d, no := c.thatSubEvent()
	if no != nil {
		return *no
	}
	changed := *d
	if no := c.readSubEvent(&changed); no != nil {
		return *no
	}
	before := d.Meta
	*d = changed
	d.modified = c.at
	body := c.subEventJSON(c.event, d)
	if !addsKey(before, d.Meta) {
		body["meta_data"] = orEmpty(before)
	}
	return jsonReply(http.StatusOK, body)
}

func addsKey(before, after map[string]string) bool {
	for name := range after {
		if _, known := before[name]; !known {
			return true
		}
	}
	return false
}

// subEventDelete: quotas and lists of the date go with it; a date with orders stays.
func (c *call) subEventDelete() reply {
	d, no := c.thatSubEvent()
	if no != nil {
		return *no
	}
	for _, o := range c.s.db.orders {
		for _, p := range o.positions {
			if p.SubEvent == d.id {
				return detail(http.StatusForbidden, "The sub-event can not be deleted as it has already been used in orders. "+
					"Please set 'active' to false instead to hide it from users.")
			}
		}
	}
	c.event.subevents = slices.DeleteFunc(c.event.subevents, func(x *subevent) bool { return x == d })
	c.event.quotas = slices.DeleteFunc(c.event.quotas, func(q *quota) bool { return q.SubEvent == d.id })
	c.event.lists = slices.DeleteFunc(c.event.lists, func(l *list) bool { return l.SubEvent == d.id })
	return reply{status: http.StatusNoContent}
}
