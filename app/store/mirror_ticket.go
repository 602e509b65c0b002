package store

import (
	"context"

	"github.com/einlass/einlass/scanproxy"
)

// ticketColumns are what scanTicket reads; a condition on p or o follows.
const ticketColumns = `SELECT p.id, p.event, p.positionid, p.item, p.variation, p.subevent, p.secret, p.addon_to,
	p.attendee_name, p.attendee_email, p.seat, p.valid_from_us, p.valid_until_us, p.blocked, p.answers, p.checkins, p.raw,
	o.code, o.status, o.email, o.locale, o.attention, o.checkin_text, o.require_approval, o.valid_if_pending,
	EXISTS (SELECT 1 FROM media_positions mp WHERE mp.position = p.id)
	FROM positions p JOIN orders o ON o.code = p.order_code `

func scanTicket(from row) (t scanproxy.Ticket, err error) {
	var answers, checkins string
	var secret string
	var raw []byte
	err = from.Scan(&t.ID, &t.Event, &t.PositionID, &t.Item, &t.Variation, &t.SubEvent, &secret, &t.AddonTo,
		&t.AttendeeName, &t.AttendeeEmail, &t.Seat, moment{&t.ValidFrom}, moment{&t.ValidUntil}, yes{&t.Blocked}, &answers, &checkins, &raw,
		&t.Order.Code, &t.Order.Status, &t.Order.Email, &t.Order.Locale, yes{&t.Order.Attention}, &t.Order.CheckinText,
		yes{&t.Order.RequireApproval}, yes{&t.Order.ValidIfPending}, &t.Exchanged)
	if err != nil {
		return t, err
	}
	t.Secret, t.Raw = scanproxy.Code(secret), raw
	if t.Answers, err = decodeAnswers(answers); err != nil {
		return t, err
	}
	t.Checkins, err = decodeCheckins(checkins)
	return t, err
}

// findTickets returns the tickets that meet a condition.
func findTickets(ctx context.Context, q querier, condition string, args ...any) ([]scanproxy.Ticket, error) {
	return all(ctx, q, scanTicket, ticketColumns+condition, args...)
}
