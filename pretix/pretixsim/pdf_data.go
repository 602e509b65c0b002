package pretixsim

import (
	"fmt"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// pdfDataUnknown says why the texts of badges and tickets cannot be made for an order; "": they can.
func (c *call) pdfDataUnknown(e *event) string {
	if e.Locale != "de" {
		return "pdf_data of an event in another language than German"
	}
	for _, d := range append([]*subevent{{SubEvent: SubEvent{DateFrom: e.DateFrom, DateTo: e.DateTo}}}, e.subevents...) {
		if !d.DateTo.IsZero() && d.DateTo.In(e.zone).YearDay() != d.DateFrom.In(e.zone).YearDay() {
			return "pdf_data of an event of several days"
		}
	}
	return ""
}

// withoutPDFData refuses to make texts that it does not know how to make; nil: they are not asked for, or known.
func (c *call) withoutPDFData(events ...*event) *reply {
	if !c.asks("pdf_data") {
		return nil
	}
	for _, e := range events {
		if what := c.pdfDataUnknown(e); what != "" {
			no := c.notSimulated(what)
			return &no
		}
	}
	return nil
}

// pdfData are the texts that may stand on a badge, in the event's language and zone.
func (c *call) pdfData(p *position) object {
	o := object{"images": object{}}
	for _, part := range []object{
		c.pdfTicket(p), pdfAttendee(p), pdfEvent(p), c.pdfPeople(p), c.pdfTimes(p), pdfSeat(p), pdfAnswers(p),
	} {
		maps.Copy(o, part)
	}
	for _, property := range p.order.event.org.meta {
		o["meta:"+property.name] = p.order.event.effectiveMeta(p.subevent(), property.name)
	}
	return o
}

// effectiveMeta is the date's own value, else the event's.
func (e *event) effectiveMeta(d *subevent, name string) string {
	if d != nil {
		if value, own := d.Meta[name]; own {
			return value
		}
	}
	return e.Meta[name]
}

func (c *call) pdfTicket(p *position) object {
	i, group, variation, itemvar := p.item(), "", "", p.item().Name.in("de")
	if k := find(p.order.event.categories, func(k *category) bool { return k.id == i.Category }); k != nil {
		group = k.Name.in("de")
	}
	if v := i.variation(p.Variation); v != nil {
		variation = v.Value.in("de")
		itemvar += " - " + variation
	}
	addons, withAddons := []string{}, []string{p.Price}
	for _, q := range p.order.positions {
		if q.addonTo == p && !q.Canceled {
			addons, withAddons = append(addons, q.item().Name.in("de")), append(withAddons, q.Price)
		}
	}
	number := strconv.Itoa(p.PositionID)
	return object{
		"secret": p.Secret, "order": p.order.Code, "positionid": number, "order_positionid": p.order.Code + "-" + number,
		"item": i.Name.in("de"), "variation": variation, "item_description": "", "itemvar": itemvar,
		"itemvar_description": "", "item_category": group, "price": euros(p.Price), "price_with_bundled": euros(p.Price),
		"price_with_addons": euros(withAddons...), "addons": strings.Join(addons, "\n"), "checked_in_addons": "",
		"pseudonymization_id": p.pseudo, "medium_identifier": c.mediumOf(p), "program_times": "",
		"giftcard_issuance_date": "", "giftcard_expiry_date": "",
	}
}

func (c *call) mediumOf(p *position) string {
	for _, m := range p.order.event.org.media {
		for _, id := range m.Positions {
			if id == p.ID {
				return m.Identifier
			}
		}
	}
	return ""
}

// euros writes the sum of prices as Germans do.
func euros(prices ...string) string {
	sum := new(big.Rat)
	for _, price := range prices {
		if r, ok := new(big.Rat).SetString(price); ok {
			sum.Add(sum, r)
		}
	}
	return strings.Replace(sum.FloatString(2), ".", ",", 1) + "\u00a0€"
}

// pdfAttendee is about the guest: of an add-on, who the ticket before it is for. An add-on has no address, not even an empty one.
func pdfAttendee(p *position) object {
	who, none := p, any("")
	if p.addonTo != nil {
		who, none = p.addonTo, nil
	}
	name, email := who.AttendeeName, ""
	if name != "" {
		email = who.email()
	}
	address := name
	if p.addonTo != nil {
		address = ""
	}
	return object{
		"attendee_name": name, "attendee_name_for_salutation": name, "attendee_name_full_name": name, "attendee_email": email,
		"attendee_address": address, "attendee_company": none, "attendee_street": none, "attendee_zipcode": none,
		"attendee_city": none, "attendee_state": none, "attendee_country": "",
	}
}

func pdfEvent(p *position) object {
	e := p.order.event
	name, from, to, admission := e.Name.in("de"), e.DateFrom, e.DateTo, e.DateAdmission
	if d := p.subevent(); d != nil {
		name, from, to, admission = d.Name.in("de"), d.DateFrom, d.DateTo, d.DateAdmission
	}
	long := longDate(from.In(e.zone))
	o := object{
		"event_name": name, "event_series_name": e.Name.in("de"), "event_date": long,
		"event_date_range": weekday(from.In(e.zone))[:2] + ", " + long, "event_location": "", "event_info_text": "",
		"event_begin_weekday": weekday(from.In(e.zone)), "event_end_weekday": "", "organizer": e.org.Name, "organizer_info_text": "",
	}
	if !to.IsZero() {
		o["event_end_weekday"] = weekday(to.In(e.zone))
	}
	e.moment(o, "event_begin", from)
	e.moment(o, "event_end", to)
	e.moment(o, "event_admission", admission)
	delete(o, "event_admission_date")
	return o
}

// moment writes an instant three times: name, name_date and name_time.
func (e *event) moment(o object, name string, at time.Time) {
	write := func(layout string) string {
		if at.IsZero() {
			return ""
		}
		return at.In(e.zone).Format(layout)
	}
	o[name], o[name+"_date"], o[name+"_time"] = write("02.01.2006 15:04"), write("02.01.2006"), write("15:04")
}

func longDate(t time.Time) string {
	months := []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
	return fmt.Sprintf("%d. %s %d", t.Day(), months[t.Month()-1], t.Year())
}

func weekday(t time.Time) string {
	return []string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}[t.Weekday()]
}

// pdfPeople is about who has paid.
func (c *call) pdfPeople(p *position) object {
	a, custom := Address{}, any("")
	if p.order.InvoiceAddress != nil {
		a, custom = *p.order.InvoiceAddress, nil
	}
	country := map[string]string{"DE": "Deutschland"}[a.Country]
	if country == "" && a.Country != "" {
		c.problem("not simulated: the name of country %s", a.Country)
	}
	return object{
		"email": p.order.Email, "telephone": "", "invoice_name": a.Name, "invoice_name_for_salutation": a.Name,
		"invoice_name_full_name": a.Name, "invoice_company": "", "invoice_street": a.Street, "invoice_zipcode": a.ZipCode,
		"invoice_city": a.City, "invoice_state": "", "invoice_country": country, "invoice_custom_field": custom,
	}
}

func (c *call) pdfTimes(p *position) object {
	e, o := p.order.event, object{}
	for name, at := range map[string]time.Time{
		"now": c.at, "purchase": p.order.Datetime, "valid_from": p.ValidFrom, "valid_until": p.ValidUntil,
	} {
		e.moment(o, name, at)
		o[name+"_datetime"] = o[name]
		delete(o, name)
	}
	o["first_scan"] = ""
	if history := c.s.db.history(p); len(history) > 0 {
		o["first_scan"] = history[len(history)-1].at.In(e.zone).Format("02.01.2006 15:04")
	}
	return o
}

func pdfSeat(p *position) object {
	s := p.Seat
	switch {
	case s != nil:
	case p.order.event.SeatingPlan != 0:
		s = &Seat{Name: "Freie Platzwahl", Zone: "Freie Platzwahl"}
	default:
		s = &Seat{}
	}
	return object{"seat": s.Name, "seat_zone": s.Zone, "seat_row": s.Row, "seat_number": s.Number}
}

// pdfAnswers has each question of the event twice. An add-on shows the answers that were given with the ticket before it.
func pdfAnswers(p *position) object {
	o := object{}
	for _, q := range p.order.event.questions {
		a := p.answerTo(q)
		if a == nil && p.addonTo != nil {
			a = p.addonTo.answerTo(q)
		}
		text := ""
		if a != nil {
			text = a.text
			if q.Type == "B" {
				text = map[string]string{"True": "Ja", "False": "Nein"}[text]
			}
		}
		o["question_"+q.Identifier], o["question_"+strconv.Itoa(q.id)] = text, text
	}
	return o
}
