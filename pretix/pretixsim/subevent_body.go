package pretixsim

import (
	"fmt"
	"maps"
	"time"
)

// readSubEvent applies the body to d.
func (c *call) readSubEvent(d *subevent) *reply {
	f, no := c.fields()
	if no != nil {
		return no
	}
	if name := f.i18n("name", true); name != nil {
		d.Name = name
	}
	f.keepInstant("date_from", true, &d.DateFrom)
	f.keepInstant("date_to", false, &d.DateTo)
	f.keepInstant("date_admission", false, &d.DateAdmission)
	d.Inactive = !f.flag("active", !d.Inactive)
	d.Private = !f.flag("is_public", !d.Private)
	f.keepI18n("location", &d.Location)
	f.keepI18n("frontpage_text", &d.FrontpageText)
	if f.has("comment") {
		d.Comment = f.text("comment", false, true, true)
	}
	if prices, ok := f.value("item_price_overrides", false, false); ok {
		d.prices = priceOverrides(prices)
	}
	f.known = append(f.known, "presale_start", "presale_end", "geo_lat", "geo_lon", "seating_plan",
		"seat_category_mapping", "variation_price_overrides")
	crash := f.meta(c.org, d)
	if no := f.done(); no != nil {
		return no
	}
	if crash {
		c.problem("null as a meta value")
		no := serverError()
		return &no
	}
	if c.endsEarly(f, d) {
		no := nonField("The event cannot end before it starts.")
		return &no
	}
	return nil
}

// endsEarly: a PATCH that sends only one of the two times is not compared with the other.
func (c *call) endsEarly(f *fields, d *subevent) bool {
	return f.has("date_from") && !d.DateTo.IsZero() && d.DateTo.Before(d.DateFrom)
}

func (f *fields) keepInstant(name string, required bool, into *time.Time) {
	t := f.instant(name, required)
	if f.has(name) {
		*into = t
	}
}

func (f *fields) keepI18n(name string, into *Text) {
	t := f.i18n(name, false)
	if f.has(name) {
		*into = t
	}
}

// meta replaces all meta data of d. It reports the one input that crashes pretix: null as a value.
func (f *fields) meta(o *organizer, d *subevent) (crash bool) {
	v, ok := f.value("meta_data", true, false)
	if !ok {
		return false
	}
	values, ok := v.(map[string]any)
	if !ok {
		f.wrong("meta_data", "meta_data needs to be an object (str -> str).")
		return false
	}
	d.Meta = map[string]string{}
	for name, value := range values {
		if !o.hasProperty(name) {
			f.wrong("meta_data", fmt.Sprintf("Meta data property '%s' does not exist.", name))
		}
		crash = crash || value == nil
		d.Meta[name] = fmt.Sprint(value)
	}
	return crash
}

func priceOverrides(sent any) []any {
	var out []any
	rows, _ := sent.([]any)
	for _, row := range rows {
		o := object{"item": nil, "disabled": false, "price": nil, "available_from": nil, "available_until": nil}
		if given, ok := row.(map[string]any); ok {
			maps.Copy(o, given)
		}
		out = append(out, o)
	}
	return out
}

func (c *call) subEventJSON(e *event, d *subevent) object {
	prices := d.prices
	if prices == nil {
		prices = []any{}
	}
	return object{
		"id": d.id, "name": d.Name, "date_from": c.stamp(d.DateFrom), "date_to": c.orNull(d.DateTo),
		"active": !d.Inactive, "date_admission": c.orNull(d.DateAdmission), "presale_start": nil, "presale_end": nil,
		"location": i18nOrNull(d.Location), "geo_lat": nil, "geo_lon": nil, "event": e.Slug, "is_public": !d.Private,
		"frontpage_text": i18nOrNull(d.FrontpageText), "seating_plan": nil, "item_price_overrides": prices,
		"variation_price_overrides": []any{}, "meta_data": orEmpty(d.Meta), "seat_category_mapping": object{},
		"last_modified": c.stamp(d.modified), "comment": textOrNull(d.Comment),
	}
}
