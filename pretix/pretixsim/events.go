package pretixsim

import (
	"net/http"
	"slices"
	"strings"
)

func (c *call) apiRoot() reply {
	return jsonReply(http.StatusOK, object{"organizers": c.baseURL() + "/api/v1/organizers/"})
}

func (c *call) version() reply {
	return jsonReply(http.StatusOK, pretixVersion())
}

func pretixVersion() object {
	return object{"pretix": "2026.8.0", "pretix_numeric": 20260080005000}
}

// me is for people who logged in; tokens are nobody.
func (c *call) me() reply {
	return detail(http.StatusForbidden, "Authentication credentials were not provided.")
}

func (c *call) organizerList() reply {
	return page(c, []*organizer{c.who.org}, c.organizerJSON)
}

func (c *call) organizerDetail() reply { return jsonReply(http.StatusOK, c.organizerJSON(c.org)) }

func (c *call) organizerJSON(o *organizer) object {
	return object{"name": o.Name, "slug": o.Slug, "public_url": c.baseURL() + "/" + o.Slug + "/", "plugins": []string{}}
}

func (c *call) metaPropertyList() reply { return page(c, c.org.meta, metaPropertyJSON) }

func (c *call) metaPropertyDetail() reply {
	id, no := c.pathID("id")
	if no != nil {
		return *no
	}
	p := find(c.org.meta, func(p *metaProperty) bool { return p.id == id })
	if p == nil {
		return noSuch("EventMetaProperty")
	}
	return jsonReply(http.StatusOK, metaPropertyJSON(p))
}

// metaPropertyCreate wants `choices`, which null satisfies; a duplicate name crashes pretix.
func (c *call) metaPropertyCreate() reply {
	f, no := c.fields()
	if no != nil {
		return *no
	}
	p := &metaProperty{name: f.text("name", true, false, false)}
	f.known = append(f.known, "default", "required", "protected", "filter_public", "public_label", "filter_allowed", "choices")
	if !f.has("choices") {
		f.wrong("choices", "This field is required.")
	}
	if no := f.done(); no != nil {
		return *no
	}
	if slices.ContainsFunc(c.org.meta, func(q *metaProperty) bool { return q.name == p.name }) {
		c.problem("the meta property %q exists", p.name)
		return serverError()
	}
	p.id = c.s.db.next("meta")
	c.org.meta = append(c.org.meta, p)
	return jsonReply(http.StatusCreated, metaPropertyJSON(p))
}

func metaPropertyJSON(p *metaProperty) object {
	return object{
		"id": p.id, "name": p.name, "default": "", "required": false, "protected": false, "filter_public": false,
		"public_label": nil, "filter_allowed": true, "choices": nil,
	}
}

func (c *call) eventList() reply {
	f := c.filters().lacks("ordering", "live", "is_public", "has_subevents", "is_past", "is_future", "ends_after",
		"testmode", "currency", "expand", "with_availability_for")
	slug := f.text("search")
	if no := f.done(); no != nil {
		return *no
	}
	events := slices.DeleteFunc(c.eventsWith(), func(e *event) bool { return !containsFold(e.Slug, slug) })
	slices.SortFunc(events, func(a, b *event) int { return strings.Compare(a.Slug, b.Slug) })
	return page(c, events, func(e *event) object {
		o := c.eventJSON(e)
		delete(o, "valid_keys") // only the detail has them
		return o
	})
}

func (c *call) eventDetail() reply { return jsonReply(http.StatusOK, c.eventJSON(c.event)) }

func (c *call) eventJSON(e *event) object {
	return object{
		"name": e.Name, "slug": e.Slug, "live": true, "testmode": false, "currency": "EUR",
		"date_from": c.stamp(e.DateFrom), "date_to": c.orNull(e.DateTo), "date_admission": c.orNull(e.DateAdmission),
		"is_public": true, "presale_start": nil, "presale_end": nil, "location": nil, "geo_lat": nil, "geo_lon": nil,
		"has_subevents": e.HasSubEvents, "meta_data": orEmpty(e.Meta), "seating_plan": idOrNull(e.SeatingPlan),
		"plugins": []string{
			"pretix.plugins.badges", "pretix.plugins.banktransfer", "pretix.plugins.manualpayment",
			"pretix.plugins.ticketoutputpdf",
		},
		"seat_category_mapping": orEmpty(e.SeatCategories), "timezone": e.Timezone, "item_meta_properties": object{},
		"valid_keys": object{"pretix_sig1": append([]string{}, e.SignatureKeys...)}, "all_sales_channels": true, "limit_sales_channels": []string{},
		"public_url": c.baseURL() + "/" + e.org.Slug + "/" + e.Slug + "/", "sales_channels": []string{"web"},
	}
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}
