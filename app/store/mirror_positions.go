package store

import (
	"context"

	"github.com/einlass/einlass/scanproxy"
)

// putPosition writes a position and takes it out of before.
func (w *orderWriter) putPosition(ctx context.Context, t scanproxy.Ticket, before map[int64]scanproxy.Ticket) error {
	const put = `INSERT INTO positions (id, order_code, event, positionid, item, variation, subevent, secret, secret_start, addon_to,
			attendee_name, attendee_email, seat, valid_from_us, valid_until_us, blocked, answers, checkins, nameless, searched, raw)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (id) DO UPDATE SET order_code = excluded.order_code, event = excluded.event, positionid = excluded.positionid,
			item = excluded.item, variation = excluded.variation, subevent = excluded.subevent, secret = excluded.secret,
			secret_start = excluded.secret_start, addon_to = excluded.addon_to, attendee_name = excluded.attendee_name,
			attendee_email = excluded.attendee_email, seat = excluded.seat, valid_from_us = excluded.valid_from_us,
			valid_until_us = excluded.valid_until_us, blocked = excluded.blocked, answers = excluded.answers,
			checkins = excluded.checkins, nameless = excluded.nameless, searched = excluded.searched, raw = excluded.raw`
	answers, err := encodeAnswers(t.Answers)
	if err != nil {
		return err
	}
	checkins, err := encodeCheckins(t.Checkins)
	if err != nil {
		return err
	}
	text := searchText(t)
	if _, err := exec(ctx, w, put, t.ID, t.Order.Code, t.Event, t.PositionID, t.Item, t.Variation, t.SubEvent, t.Secret.Reveal(),
		secretStart(t.Secret.Reveal()), t.AddonTo, t.AttendeeName, t.AttendeeEmail, t.Seat, micros(t.ValidFrom), micros(t.ValidUntil),
		number(t.Blocked), answers, checkins, number(t.AttendeeName == ""), text, []byte(t.Raw)); err != nil {
		return err
	}
	old, there := before[t.ID]
	delete(before, t.ID)
	if again, moved := w.written[t.ID]; moved { // it was split off into another order, which came with the same batch
		w.tallies.add(again, -1)
		old, there = again, true
	}
	w.written[t.ID] = t
	w.tallies.add(t, 1)
	if there && searchText(old) == text {
		return nil
	}
	return w.m.text.put(ctx, w.session, t.ID, text, there)
}

// removePositions removes what is left over of the orders.
func (w *orderWriter) removePositions(ctx context.Context, left map[int64]scanproxy.Ticket) error {
	const remove = `DELETE FROM positions WHERE id = $1`
	for id := range left {
		if _, err := exec(ctx, w, remove, id); err != nil {
			return err
		}
		if err := w.m.text.remove(ctx, w.session, id); err != nil {
			return err
		}
		if err := removeBadge(ctx, w, id); err != nil {
			return err
		}
	}
	return nil
}
