package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// keepOrders keeps whole orders: what an order no longer has is gone, canceled positions too.
func keepOrders(ctx context.Context, m *Mirror, b mirror.Batch) (prepared, error) {
	orders, err := readOrders(b)
	if err != nil {
		return prepared{}, err
	}
	over, err := m.overdue(ctx, b.Event, b.At)
	if err != nil {
		return prepared{}, err
	}
	write := func(ctx context.Context, s *session) (change, int64, error) {
		w := newOrderWriter(s, b)
		if err := w.put(ctx, orders, over); err != nil {
			return nothing, 0, err
		}
		if err := w.tallies.put(ctx, s); err != nil {
			return nothing, 0, err
		}
		return w.changed, w.more, nil
	}
	return prepared{write: write, seen: seenIn(orders)}, nil
}

func seenIn(orders []orderRow) (seen []SeenCheckin) {
	for _, o := range orders {
		for _, t := range o.tickets {
			for _, c := range t.Checkins {
				seen = append(seen, SeenCheckin{Event: t.Event, Position: t.ID, List: c.List, Type: c.Type, At: c.At})
			}
		}
	}
	return seen
}

// readOrders takes the orders of a batch apart. Pages overlap, so one may come twice; the later one counts.
func readOrders(b mirror.Batch) ([]orderRow, error) {
	var orders []orderRow
	at := map[string]int{}
	for _, raw := range b.Rows {
		o, err := readOrder(b.Event, raw)
		if err != nil {
			return nil, err
		}
		if i, twice := at[o.header.Code]; twice {
			orders[i] = o
			continue
		}
		at[o.header.Code] = len(orders)
		orders = append(orders, o)
	}
	return orders, nil
}

// orderWriter writes the orders of one batch.
type orderWriter struct {
	*session
	batch   mirror.Batch
	tallies tallies
	written map[int64]scanproxy.Ticket // by id
	changed change
	more    int64
}

func newOrderWriter(s *session, b mirror.Batch) *orderWriter {
	return &orderWriter{session: s, batch: b, tallies: tallies{}, written: map[int64]scanproxy.Ticket{}}
}

// put writes what differs from what is there.
func (w *orderWriter) put(ctx context.Context, orders []orderRow, over func(orderRow) bool) error {
	known, err := w.digests(ctx, orders)
	if err != nil {
		return err
	}
	var fresh []orderRow
	var same []any
	for _, o := range orders {
		was, there := known[o.header.Code]
		switch {
		case over(o):
			if there {
				fresh = append(fresh, orderRow{event: o.event, header: scanproxy.Order{Code: o.header.Code}, digest: 0})
			}
		case there && was == o.digest:
			same = append(same, o.header.Code)
		default:
			fresh = append(fresh, o)
		}
	}
	if err := w.meet(ctx, same); err != nil {
		return err
	}
	if len(fresh) == 0 {
		return nil
	}
	w.changed = tickets
	before, err := w.takeOut(ctx, fresh)
	if err != nil {
		return err
	}
	for _, o := range fresh {
		_, there := known[o.header.Code]
		if err := w.putOrder(ctx, o, there, before); err != nil {
			return fmt.Errorf("order %s: %w", o.header.Code, err)
		}
		known[o.header.Code] = o.digest
	}
	return w.removePositions(ctx, before)
}

// digests returns the orders that are there already.
func (w *orderWriter) digests(ctx context.Context, orders []orderRow) (map[string]int64, error) {
	type known struct {
		code   string
		digest int64
	}
	found := map[string]int64{}
	for _, codes := range pieces(codesOf(orders)) {
		rows, err := all(ctx, w, func(from row) (k known, err error) {
			err = from.Scan(&k.code, &k.digest)
			return k, err
		}, `SELECT code, digest FROM orders WHERE code IN (`+numbered(1, len(codes))+`)`, codes...)
		if err != nil {
			return nil, err
		}
		for _, k := range rows {
			found[k.code] = k.digest
		}
	}
	return found, nil
}

// meet marks orders that are as they were as seen by the walk.
func (w *orderWriter) meet(ctx context.Context, codes []any) error {
	if w.batch.Walk == 0 {
		return nil
	}
	for _, some := range pieces(codes) {
		query := `UPDATE orders SET seen = $1 WHERE seen < $1 AND code IN (` + numbered(2, len(some)) + `)`
		if _, err := exec(ctx, w, query, append([]any{w.batch.Walk}, some...)...); err != nil {
			return err
		}
	}
	return nil
}

// takeOut returns the tickets that these orders have in the copy, and those that they have now but which are still with
// another order there, by id. They are counted no longer.
func (w *orderWriter) takeOut(ctx context.Context, orders []orderRow) (map[int64]scanproxy.Ticket, error) {
	var ids []any
	for _, o := range orders {
		for _, t := range o.tickets {
			ids = append(ids, t.ID)
		}
	}
	before := map[int64]scanproxy.Ticket{}
	take := func(column string, values []any) error {
		for _, some := range pieces(values) {
			found, err := findTickets(ctx, w, `WHERE p.`+column+` IN (`+numbered(1, len(some))+`)`, some...)
			if err != nil {
				return err
			}
			for _, t := range found {
				before[t.ID] = t
			}
		}
		return nil
	}
	if err := take("order_code", codesOf(orders)); err != nil {
		return nil, err
	}
	if err := take("id", ids); err != nil {
		return nil, err
	}
	for _, t := range before {
		w.tallies.add(t, -1)
	}
	return before, nil
}

// putOrder writes an order and its positions. An order without JSON is removed; its positions stay in before.
func (w *orderWriter) putOrder(ctx context.Context, o orderRow, there bool, before map[int64]scanproxy.Ticket) error {
	const (
		remove = `DELETE FROM orders WHERE code = $1`
		put    = `INSERT INTO orders (code, event, status, email, locale, attention, checkin_text, require_approval,
				valid_if_pending, digest, seen, head, tail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			ON CONFLICT (code) DO UPDATE SET event = excluded.event, status = excluded.status, email = excluded.email,
				locale = excluded.locale, attention = excluded.attention, checkin_text = excluded.checkin_text,
				require_approval = excluded.require_approval, valid_if_pending = excluded.valid_if_pending,
				digest = excluded.digest, seen = CASE WHEN excluded.seen > orders.seen THEN excluded.seen ELSE orders.seen END,
				head = excluded.head, tail = excluded.tail`
	)
	if o.head == nil {
		w.more--
		_, err := exec(ctx, w, remove, o.header.Code)
		return err
	}
	if !there {
		w.more++
	}
	h := o.header
	if o.tail == nil {
		o.tail = []byte{}
	}
	if _, err := exec(ctx, w, put, h.Code, o.event, string(h.Status), h.Email, h.Locale, number(h.Attention), h.CheckinText,
		number(h.RequireApproval), number(h.ValidIfPending), o.digest, w.batch.Walk, o.head, o.tail); err != nil {
		return err
	}
	for _, t := range o.tickets {
		if err := w.putPosition(ctx, t, before); err != nil {
			return fmt.Errorf("position %d: %w", t.PositionID, err)
		}
	}
	return nil
}

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
	}
	return nil
}

func scanText(from row) (text string, err error) {
	err = from.Scan(&text)
	return text, err
}

func codesOf(orders []orderRow) []any {
	codes := make([]any, len(orders))
	for i, o := range orders {
		codes[i] = o.header.Code
	}
	return codes
}

// numbered returns $from, … for n values.
func numbered(from, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(names, ", ")
}

// pieces cuts values into pieces of 200, the last one filled up with its last value, so that there are few texts of
// queries to prepare.
func pieces(values []any) (cut [][]any) {
	const most = 200
	for len(values) > 0 {
		n := min(most, len(values))
		piece := append([]any{}, values[:n]...)
		for size := 1; ; size *= 4 {
			if size = min(size, most); size >= n {
				for len(piece) < size {
					piece = append(piece, piece[n-1])
				}
				break
			}
		}
		cut, values = append(cut, piece), values[n:]
	}
	return cut
}
