package scanproxy

// Decide returns the verdict on one scan. Pure: the same facts give the same verdict, nothing is written.
//
// The first rule of the table that applies decides. The order is that of the pretix server: a device that asks pretix and
// one that asks us must hear the same first reason.
func Decide(f Facts) Verdict {
	c := open(f)
	for _, r := range table {
		if r.applies(c) {
			return c.verdict(r)
		}
	}
	return c.verdict(rule{name: "no rule applies", says: Error}) // cannot happen: the last rule always applies
}

// rule is one line of the decision.
type rule struct {
	name    string                     // for logs and the journal; unique
	source  string                     // what it follows, see doc.go
	stage   stage                      // what the verdict may tell about the ticket
	says    Type                       // the verdict
	report  Reason                     // what pretix is told about the refusal; "": nothing
	applies func(c *check) bool        // whether the rule decides this scan
	tell    func(c *check, v *Verdict) // adds what only this verdict says; nil: nothing
}

// stage is how far the scan has come, and so what may be told.
type stage int

const (
	finding  stage = iota // which ticket is it? Nothing is told about it.
	standing              // may this ticket be here? A signed ticket without order is not described.
	using                 // may it be used now?
)

// table is the decision: every rule for every kind of ticket, in order. Rules that ask for order data never apply to
// signed tickets without order.
var table = []rule{
	{"exchange needs pretix", "check 4.1", finding, Error, "", exchangeAsked, sayExchangeOffline},
	{"secret of several tickets", "check 4.2", finding, Ambiguous, ReasonAmbiguous, secretShared, nil},
	{"revoked", "check 4.4", finding, Revoked, ReasonRevoked, revoked, nil},
	{"medium not active", "check 4.3", finding, Invalid, ReasonInvalid, mediumOff, sayMediumOff},
	{"medium expired", "check 4.3", finding, Invalid, ReasonInvalid, mediumExpired, sayMediumExpired},
	{"ticket of another date", "check 4.5, 8.3", finding, Invalid, ReasonInvalid, forAnotherDate, nil},
	{"tickets not here yet", "ours", finding, Error, "", notHereYet, sayNotHereYet},
	{"unknown code", "check 8.1", finding, Invalid, ReasonInvalid, unknown, nil},
	{"list not synchronised", "check 5.1, 8.2", finding, Error, "", listMissing, sayWhatIsMissing},
	{"several tickets possible", "check 5.5", finding, Ambiguous, ReasonAmbiguous, severalPossible, sayFirstCandidate},

	{"order canceled or expired", "check 6.1", standing, CanceledOrder, ReasonCanceled, orderDead, nil},
	{"blocked", "check 6.2, 8.4", standing, Blocked, ReasonBlocked, blocked, nil},
	{"not approved", "check 6.3", standing, Unapproved, ReasonUnapproved, unapproved, nil},
	{"not valid yet", "check 6.4, 8.5", standing, InvalidTime, ReasonInvalidTime, tooEarly, nil},
	{"not valid any more", "check 6.5, 8.5", standing, InvalidTime, ReasonInvalidTime, tooLate, nil},
	{"answers are kept from here on", "check 6.6, 8.6", standing, "", "", keepAnswers, nil},
	{"product not on the list", "check 6.7, 8.7", standing, Product, ReasonProduct, productNotOnList, nil},
	{"product unknown", "check 8.8", standing, Error, ReasonError, productUnknown, sayProductUnknown},
	{"another date by medium", "check 6.8", standing, Product, ReasonProduct, dateNotOnList, nil},
	{"not paid", "check 6.9", standing, Unpaid, ReasonUnpaid, unpaid, sayUnpaid},

	{"custom rules", "check 6.10, 9", using, Rules, ReasonRules, rulesForbid, sayWhichRule},
	{"questions open", "check 6.11, 7", using, AnswersRequired, "", questionsOpen, sayQuestions},
	{"must be exchanged", "check 6.12", using, ExchangeRequiredOffline, ReasonError, mustBeExchanged, sayExchangeFirst},
	{"was exchanged", "check 6.13", using, AlreadyExchanged, ReasonAlreadyExchanged, wasExchanged, nil},
	{"same scan again", "check 6.14", using, Valid, "", sameScanAgain, sayWelcome},
	{"used", "check 6.15", using, Used, ReasonAlreadyRedeemed, used, sayUsed},
	{"welcome", "check 6.16", using, Valid, "", always, admit},
}

func exchangeAsked(c *check) bool { return c.Scan.Exchange }
func secretShared(c *check) bool  { return c.twins }
func revoked(c *check) bool       { return c.revoked }
func mediumOff(c *check) bool     { return !c.found && len(c.MediumHits) > 0 && !c.Medium.Active }
func mediumExpired(c *check) bool {
	return !c.found && len(c.MediumHits) > 0 && over(c.Medium.Expires, c.Now)
}
func forAnotherDate(c *check) bool  { return c.elsewhere }
func unknown(c *check) bool         { return !c.found }
func notHereYet(c *check) bool      { return c.coming() != "" && (!c.found || c.desk.Coming) }
func listMissing(c *check) bool     { return c.missingDesk() }
func severalPossible(c *check) bool { return c.ambiguous }

// orderDead: only paid and pending orders live. Applies to exits too.
func orderDead(c *check) bool {
	return c.mirrored() && c.ticket.Order.Status != Paid && c.ticket.Order.Status != Pending
}

func blocked(c *check) bool { return c.ticket.Blocked }

// unapproved: the crew cannot overrule it, unlike a missing payment.
func unapproved(c *check) bool {
	return c.mirrored() && c.ticket.Order.Status != Paid && c.ticket.Order.RequireApproval
}

// tooEarly and tooLate leave exits alone. Both limits themselves are inside.
func tooEarly(c *check) bool { return c.Scan.entering() && c.ticket.ValidFrom.After(c.Now) }
func tooLate(c *check) bool  { return c.Scan.entering() && over(c.ticket.ValidUntil, c.Now) }

// keepAnswers never refuses: it marks the point from which pretix stores valid new answers, whatever follows.
func keepAnswers(c *check) bool {
	c.keeping = true
	return false
}

func productNotOnList(c *check) bool { return !c.desk.List.Admits(c.ticket.Item) }

// productUnknown: a signed code may name a product that was created after our last synchronisation.
func productUnknown(c *check) bool {
	_, known := c.desk.Event.Items[c.ticket.Item]
	return c.ticket.Signed && !known
}

// dateNotOnList can only be true for a ticket that was found through a medium.
func dateNotOnList(c *check) bool { return !c.onListsDate() }

// unpaid also refuses exits.
func unpaid(c *check) bool {
	order := c.ticket.Order
	paid := order.Status == Paid || order.ValidIfPending
	return c.mirrored() && !paid && !(c.Scan.IgnoreUnpaid && c.desk.List.IncludePending)
}

func rulesForbid(c *check) bool {
	admits, err := c.rulesAdmit()
	return c.Scan.entering() && (!admits || err != nil)
}

func questionsOpen(c *check) bool { return c.answers.open }

func mustBeExchanged(c *check) bool { return c.withoutMedium() && !c.ticket.Exchanged }
func wasExchanged(c *check) bool {
	return c.withoutMedium() && c.ticket.Exchanged && c.desk.Event.MediumOnly
}

// sameScanAgain comes before used: a device that lost our answer asks again with the same nonce and must hear yes.
func sameScanAgain(c *check) bool { return c.visits.repeats(c.Scan.Nonce, c.direction()) }

// used never refuses an exit.
func used(c *check) bool { return c.Scan.entering() && !c.visits.open(c.desk.List) }

func always(*check) bool { return true }

// admit writes down the check-in. Whole seconds: pretix keeps what we send, and we recognise our own by it.
func admit(c *check, v *Verdict) {
	sayWelcome(c, v)
	v.Admit = &Admit{
		Subject: c.subject(),
		Type:    c.direction(),
		At:      c.visits.next(c.Now),
		Nonce:   c.Scan.Nonce,
		Answers: c.answers.toSend,
	}
}
