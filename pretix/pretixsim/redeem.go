package pretixsim

import (
	"net/http"
	"slices"
)

// redemption is one scan while it is decided.
type redemption struct {
	c      *call
	in     redeemInput
	list   *list
	ticket *position

	viaMedium  bool        // found by a medium that stands for it
	elsewhere  bool        // the secret is a medium's, of tickets of other events
	viaRevoked bool        // found by a secret that is on the revocation list
	answered   []*answer   // valid answers of this request
	unanswered []*question // asked at check-in and not answered yet, before this request or in it
}

// verdict is the outcome of one test: nil means go on.
type verdict struct {
	status      string // ok, error or incomplete
	reason      string
	explanation string // for people, in the event's language
	unknowable  string // what the simulator cannot evaluate
}

func refused(reason string) *verdict { return &verdict{status: "error", reason: reason} }

// redeemTests are pretix' tests in pretix' order. The nonce comes after nearly all of them: a repeat of an accepted
// scan can still be refused.
var redeemTests = []func(*redemption) *verdict{
	(*redemption).canceled,
	(*redemption).blocked,
	(*redemption).unapproved,
	(*redemption).outsideValidity,
	(*redemption).saveAnswers,
	(*redemption).wrongProduct,
	(*redemption).unpaid,
	(*redemption).againstRules,
	(*redemption).incomplete,
	(*redemption).sameNonce,
	(*redemption).alreadyUsed,
}

// redeem: POST O/checkinrpc/redeem/ -> 201 {"status": "ok", ...}, 400/404 {"status": "error", "reason": ...},
// 400 {"status": "incomplete", "questions": [...]} or 400 without status for a bad request.
func (c *call) redeem() reply {
	in, no := c.readRedeem()
	if no != nil {
		return *no
	}
	r := &redemption{c: c, in: in}
	for _, l := range in.lists {
		if no := c.withoutPDFData(l.event); no != nil {
			return *no
		}
	}
	found, ambiguous := r.findTicket()
	switch {
	case !found:
		return r.notFound()
	case ambiguous != nil:
		return r.refuse(ambiguous)
	case r.viaRevoked && !in.force:
		return r.refuse(refused("revoked"))
	}
	r.readAnswers()
	for _, test := range redeemTests {
		v := test(r)
		switch {
		case v == nil:
			continue
		case v.unknowable != "":
			return c.notSimulated("rule " + v.unknowable)
		case v.status == "ok":
			return jsonReply(http.StatusCreated, r.body(v))
		}
		return r.refuse(v)
	}
	body := r.body(&verdict{status: "ok"})
	r.store("", "")
	if r.viaRevoked || r.viaMedium { // pretix reads such tickets late, so that the new check-in shows
		body = r.body(&verdict{status: "ok"})
	}
	return jsonReply(http.StatusCreated, body)
}

func (r *redemption) exit() bool { return r.in.kind == "exit" }

// unless returns the refusal, or nil when the scan is forced.
func (r *redemption) unless(reason, explanation string) *verdict {
	if r.in.force {
		return nil
	}
	return &verdict{status: "error", reason: reason, explanation: explanation}
}

func (r *redemption) canceled() *verdict {
	// An expired order counts as canceled.
	if r.ticket.order.Status == "p" || r.ticket.order.Status == "n" {
		return nil
	}
	return r.unless("canceled", "")
}

func (r *redemption) blocked() *verdict {
	if len(r.ticket.Blocked) == 0 {
		return nil
	}
	return r.unless("blocked", "")
}

func (r *redemption) unapproved() *verdict {
	if r.ticket.order.Status != "n" || !r.ticket.order.RequireApproval {
		return nil
	}
	return r.unless("unapproved", "")
}

func (r *redemption) outsideValidity() *verdict {
	from, until := r.ticket.ValidFrom, r.ticket.ValidUntil
	switch {
	case r.exit():
	case !from.IsZero() && from.After(r.in.at):
		return r.unless("invalid_time", r.say(notYetValid, r.dayAndTime(from)))
	case !until.IsZero() && until.Before(r.in.at):
		return r.unless("invalid_time", r.say(noLongerValid, r.dayAndTime(until)))
	}
	return nil
}

func (r *redemption) wrongProduct() *verdict {
	if r.list.admits(r.ticket.Item) && (r.list.SubEvent == 0 || r.list.SubEvent == r.ticket.SubEvent) {
		return nil
	}
	return r.unless("product", "")
}

// unpaid: ignore_unpaid works only on lists that include pending orders.
func (r *redemption) unpaid() *verdict {
	o := r.ticket.order
	if o.Status == "p" || o.ValidIfPending || (r.in.ignoreUnpaid && r.list.IncludePending && o.Status == "n") {
		return nil
	}
	return r.unless("unpaid", "")
}

func (r *redemption) againstRules() *verdict {
	if r.exit() || len(r.list.Rules) == 0 {
		return nil
	}
	e := &evaluation{r: r}
	ok := e.holds(r.list.Rules)
	switch {
	case e.unknown != "":
		return &verdict{unknowable: e.unknown}
	case ok:
		return nil
	}
	return r.unless("rules", e.why)
}

func (r *redemption) incomplete() *verdict {
	if r.exit() || r.in.force || !r.in.questionsSupported || len(r.unanswered) == 0 {
		return nil
	}
	return &verdict{status: "incomplete"}
}

// sameNonce swallows a repeat: the latest check-in of this ticket on this list has the nonce, or any one of the same
// type by the same device has it. Teams count as one device. So an exit with the entry's nonce is lost.
func (r *redemption) sameNonce() *verdict {
	if r.in.nonce == "" {
		return nil
	}
	for n, ci := range r.history() {
		if ci.nonce == r.in.nonce && (n == 0 || (ci.kind == r.in.kind && ci.device == r.c.who.device)) {
			return &verdict{status: "ok"}
		}
	}
	return nil
}

// alreadyUsed: an exit re-opens the ticket unless the list forbids that.
func (r *redemption) alreadyUsed() *verdict {
	h := r.history()
	isExit := func(ci *checkin) bool { return ci.kind == "exit" }
	switch {
	case r.exit(), r.list.AllowMultipleEntries, len(h) == 0,
		!slices.ContainsFunc(h, func(ci *checkin) bool { return !isExit(ci) }),
		!r.list.NoEntryAfterExit && isExit(h[0]):
		return nil
	}
	return r.unless("already_redeemed", "")
}

// history is what counts: successful check-ins of this ticket on this list, newest first.
func (r *redemption) history() []*checkin { return r.c.s.db.history(r.ticket, r.list) }

// store keeps a check-in, failed when there is a reason; nothing with simulate. The order counts as changed.
func (r *redemption) store(reason, explanation string) {
	if r.in.simulate {
		return
	}
	ci := &checkin{
		id: r.c.s.db.next("checkin"), position: r.ticket, list: r.list, at: r.in.at, created: r.c.at, kind: r.in.kind,
		nonce: r.in.nonce, device: r.c.who.device, barcode: r.in.secret, forced: r.in.force, reason: reason,
		explanation: explanation,
	}
	r.c.s.db.checkins = append(r.c.s.db.checkins, ci)
	if r.ticket != nil {
		r.ticket.order.modified = r.c.at
	}
}
