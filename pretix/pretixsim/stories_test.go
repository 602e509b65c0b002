package pretixsim

import "testing"

// TestStories: what a scan of every seeded ticket is answered on the series' list.
func TestStories(t *testing.T) {
	w := newSeeded(t)
	scan := func(name string, ticket Ticket, want string) {
		t.Helper()
		got, _ := w.scan("Token "+w.Token, ticket, w.Lists.Series, "")
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	const ok = "201 ok"
	scan("plain", w.Plain, ok)
	scan("plain, used twice", w.Plain, "400 error already_redeemed")
	scan("with callsign", w.WithCallsign, ok)
	scan("consent no", w.ConsentNo, ok)
	scan("no answers", w.NoAnswers, ok)
	scan("no name", w.NoName, ok)
	scan("awkward name", w.Awkward, ok)
	scan("first of two people", w.TwoPeople[0], ok)
	scan("second of two people", w.TwoPeople[1], ok)
	scan("one person, date in the future", w.TwoDates[1], ok)
	scan("yesterday's date: nothing ties a check-in to now", w.ForYesterday, ok)
	scan("used yesterday", w.UsedYesterday, "400 error already_redeemed")
	scan("pending", w.SeriesTickets.Pending, "400 error unpaid")
	scan("valid if pending", w.ValidIfPending, ok)
	scan("unapproved", w.Unapproved, "400 error unapproved")
	scan("expired counts as canceled", w.Expired, "400 error canceled")
	scan("canceled order", w.CanceledOrder, "400 error canceled")
	scan("canceled ticket", w.CanceledTicket, "404 error invalid")
	scan("the ticket beside it", w.Remaining, ok)
	scan("blocked", w.Blocked, "400 error blocked")
	scan("test mode", w.TestMode, ok)
	scan("not yet valid", w.NotYetValid, "400 error invalid_time")
	scan("no longer valid", w.NoLongerValid, "400 error invalid_time")
	scan("wrong product", w.WrongProduct, "400 error product")
	scan("replaced secret", Ticket{Secret: w.RevokedSecret}, "400 error revoked")
	scan("its successor", w.SecretReplaced, ok)
	scan("nonsense", Ticket{Secret: "nonsense"}, "404 error invalid")
}

// TestForce: a forced scan passes everything but an unknown ticket.
func TestForce(t *testing.T) {
	w := newSeeded(t)
	for name, ticket := range map[string]Ticket{
		"pending": w.SeriesTickets.Pending, "unapproved": w.Unapproved, "canceled": w.CanceledOrder, "blocked": w.Blocked,
		"not yet valid": w.NotYetValid, "wrong product": w.WrongProduct, "used yesterday": w.UsedYesterday,
		"replaced secret": {Secret: w.RevokedSecret},
	} {
		if got, stored := w.scan("Token "+w.Token, ticket, w.Lists.Series, `, "force": true`); got != "201 ok" || stored != "check-in" {
			t.Errorf("%s: got %q, stored %s", name, got, stored)
		}
	}
	for name, ticket := range map[string]Ticket{"canceled ticket": w.CanceledTicket, "nonsense": {Secret: "nonsense"}} {
		if got, _ := w.scan("Token "+w.Token, ticket, w.Lists.Series, `, "force": true`); got != "404 error invalid" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// TestSetters: what happens behind the client's back shows at the next look, and moves last_modified.
func TestSetters(t *testing.T) {
	w := newSeeded(t)
	fresh := w.Fresh
	expect := func(name string, ticket Ticket, want string) {
		t.Helper()
		if got, _ := w.scan("Token "+w.Token, ticket, w.Lists.Series, `, "simulate": true`); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	w.SetOrderStatus(fresh[0].Order, "c")
	expect("order canceled", fresh[0], "400 error canceled")
	w.CancelPosition(fresh[1].Position)
	expect("position canceled", fresh[1], "404 error invalid")
	w.BlockPosition(fresh[2].Position, "admin")
	expect("blocked", fresh[2], "400 error blocked")
	w.BlockPosition(fresh[2].Position)
	expect("unblocked", fresh[2], "201 ok")
	w.AddCheckin(Checkin{Position: fresh[3].Position, List: w.Lists.Series})
	expect("used by somebody else", fresh[3], "400 error already_redeemed")

	since := w.now.Add(1)
	w.now = w.now.Add(60e9)
	w.EditOrder(fresh[4].Order, func(o *Order) { o.TestMode = true })
	_, list := w.get(ser + "orders/?modified_since=" + since.Format("2006-01-02T15:04:05.999999999Z"))
	if list["count"] != 1.0 {
		t.Errorf("%v orders changed since, want 1", list["count"])
	}
	w.MoveSubEvent(w.Event, w.Dates.Soon, w.now, w.now.Add(3600e9))
	_, date := w.get(ser + "subevents/4/")
	if date["date_from"] != "2026-11-23T18:01:00Z" || date["last_modified"] != "2026-11-23T18:01:00Z" {
		t.Errorf("moved date is %v", date)
	}
	if p := w.Problems(); len(p) > 0 {
		t.Errorf("problems: %q", p)
	}
}
