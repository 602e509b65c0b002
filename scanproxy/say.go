package scanproxy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/einlass/einlass/scanproxy/rules"
)

// mirrored: the order of the ticket is in the local copy.
func (c *check) mirrored() bool { return c.found && !c.ticket.Signed }

func (c *check) direction() ScanType {
	if c.Scan.entering() {
		return Entry
	}
	return Exit
}

// withoutMedium: the ticket's own code was scanned although its product is meant for media.
func (c *check) withoutMedium() bool {
	return c.mirrored() && c.item().Exchangeable && !c.byMedium
}

func (c *check) item() Item { return c.desk.Event.Items[c.ticket.Item] }

func (c *check) variation() Variation {
	all := c.item().Variations
	if i := slices.IndexFunc(all, func(v Variation) bool { return v.ID == c.ticket.Variation }); i >= 0 {
		return all[i]
	}
	return Variation{}
}

// verdict writes the answer that a rule gives.
func (c *check) verdict(r rule) Verdict {
	v := Verdict{Type: r.says, ScanType: c.direction(), Rule: r.name}
	if r.stage == using || r.stage == standing && c.mirrored() {
		c.describe(&v)
	}
	if r.report != "" {
		v.Report = c.report(r.report)
	}
	if c.keeping {
		v.Keep = c.answers.toKeep
	}
	if r.tell != nil {
		r.tell(c, &v)
	}
	return v
}

// describe tells what is known about the ticket. Source: check 3.
func (c *check) describe(v *Verdict) {
	item, variation, t := c.item(), c.variation(), c.ticket
	v.Ticket = item.Title(c.Language)
	v.Variation = variation.Name.In(c.Language)
	v.EventSlug = t.Event
	v.RequireAttention = t.Order.Attention || item.Attention || variation.Attention
	v.CheckinTexts = checkinTexts(t.Order.CheckinText, variation.CheckinText, item.CheckinText)
	v.ShownAnswers = c.answers.shown
	if t.Signed {
		return
	}
	v.AttendeeName, v.Seat, v.Position = &t.AttendeeName, t.Seat, t.Raw
	v.OrderCode, v.PositionID, v.Locale = t.Order.Code, t.PositionID, t.Order.Locale
}

// checkinTexts drops what is blank, and the word null, which some shops have stored.
func checkinTexts(texts ...string) []string {
	out := []string{}
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" && t != "null" {
			out = append(out, t)
		}
	}
	return out
}

// report tells pretix about a refusal. Source: check 6, below the table.
func (c *check) report(reason Reason) *Report {
	r := &Report{
		Event: c.desk.Selection.Event, List: c.desk.Selection.List,
		Nonce: c.Scan.Nonce, Type: c.direction(), At: c.Now.UTC().Truncate(time.Second),
		Reason: reason, RawBarcode: rawBarcode(c.code),
	}
	if c.mirrored() {
		r.RawBarcode, r.Position = rawBarcode(c.ticket.Secret), c.ticket.ID
	} else {
		r.RawItem, r.RawVariation, r.RawSubEvent = c.ticket.Item, c.ticket.Variation, c.ticket.SubEvent
	}
	return r
}

// words are what this verdict is said with. pretix, too, explains in the language of the order if it is asked to
// (use_order_locale), and leaves names in that of the crew.
func (c *check) words() Phrases {
	if locale := c.ticket.Order.Locale; c.Scan.ToGuest && locale != "" {
		return phrases.In(locale)
	}
	return phrases.In(c.Language)
}

func sayExchangeOffline(c *check, v *Verdict) { v.Message = c.words().ExchangeOffline }
func sayMediumOff(c *check, v *Verdict)       { v.Message = c.words().MediumOff }
func sayMediumExpired(c *check, v *Verdict)   { v.Message = c.words().MediumExpired }
func sayProductUnknown(c *check, v *Verdict)  { v.Message = c.words().ProductUnknown }

func sayWhatIsMissing(c *check, v *Verdict) {
	switch {
	case c.desk.Event == nil:
		v.Message = c.words().NoEvent
	case c.desk.Selection.List == 0 && c.ticket.Signed:
		v.Message = c.words().NoListForEvent
	case c.desk.Selection.List == 0:
		v.Message = c.words().NoListSelected
	default:
		v.Message = c.words().NoList
	}
	sayFirstCandidate(c, v)
}

// coming is the first selected event whose tickets are not all here; "" if there is none.
func (c *check) coming() string {
	i := slices.IndexFunc(c.Desks, func(d Desk) bool { return d.Coming })
	if i < 0 {
		return ""
	}
	return c.Desks[i].Selection.Event
}

// sayNotHereYet: a good ticket may be unknown because it has not been copied, which must not look like a fraud.
func sayNotHereYet(c *check, v *Verdict) {
	v.Message = fmt.Sprintf(c.words().NotHereYet, c.coming())
}

func sayFirstCandidate(c *check, v *Verdict) {
	v.OrderCode, v.PositionID = c.ticket.Order.Code, c.ticket.PositionID
}

// sayUnpaid: the crew may ask the guest and scan again, ignoring the missing payment.
func sayUnpaid(c *check, v *Verdict) { v.CheckinAllowed = c.desk.List.IncludePending }

// sayQuestions lists every question, also those that are answered: the screen shows them all.
func sayQuestions(c *check, v *Verdict) {
	v.CheckinAllowed = true
	v.RequiredAnswers = c.answers.asked
}

func sayExchangeFirst(c *check, v *Verdict) {
	v.ReasonExplanation = c.words().ForOldClients[ExchangeRequiredOffline]
}

func sayWelcome(_ *check, v *Verdict) { v.CheckinAllowed = true }

// rulesAdmit computes the rules of the list for this ticket.
func (c *check) rulesAdmit() (bool, error) {
	list := c.desk.List
	if list.RulesError != nil {
		return false, list.RulesError
	}
	if list.Rules == nil {
		return true, nil
	}
	return list.Rules.Admits(c.ruleFacts())
}

func (c *check) ruleFacts() rules.Checkin {
	event := c.desk.Event
	dates, known := event.SubEvents[c.ticket.SubEvent]
	if !known {
		dates = event.Dates
	}
	return rules.Checkin{
		Now: c.Now, Zone: event.Zone,
		DateFrom: dates.From, DateTo: dates.To, DateAdmission: dates.Admission,
		Product: c.ticket.Item, Variation: c.ticket.Variation, Gate: c.Gate,
		Entries: c.visits.entries(), Inside: c.visits.inside(),
	}
}

func sayWhichRule(c *check, v *Verdict) {
	if _, err := c.rulesAdmit(); err != nil {
		v.ReasonExplanation = fmt.Sprintf(c.words().RulesFail, err)
		return
	}
	v.ReasonExplanation = c.desk.List.Rules.Explain(c.ruleFacts(), c.words().RulePhrases)
}

// sayUsed says where and how long ago the ticket was used. Scanner apps send no nonce, so a guest whose answer got lost
// on the way looks like a fraud: "3 seconds ago, at this door" tells the crew what happened.
func sayUsed(c *check, v *Verdict) {
	first, last := c.visits[0], c.visits[len(c.visits)-1]
	for _, x := range c.visits {
		if x.typ == Entry {
			last = x
		}
	}
	v.FirstScanned = first.at
	words := c.words()
	v.ReasonExplanation = fmt.Sprintf(words.Used, words.ago(c.Now.Sub(last.at)), words.at(last))
}
