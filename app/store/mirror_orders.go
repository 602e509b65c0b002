package store

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// keepOrders keeps whole orders: what an order no longer has is gone, canceled positions too.
func keepOrders(ctx context.Context, m *Mirror, b mirror.Batch) (prepared, error) {
	orders, bad := readOrders(b)
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
		return w.changed, w.more, w.putUnreadable(ctx, bad, orders)
	}
	return prepared{write: write, fetched: fetchedIn(orders, b.Asked)}, nil
}

func fetchedIn(orders []orderRow, asked time.Time) Fetched {
	f := Fetched{Asked: asked}
	for _, o := range orders {
		for _, t := range o.tickets {
			f.Positions = append(f.Positions, t.ID)
			for _, c := range t.Checkins {
				f.Checkins = append(f.Checkins, SeenCheckin{Event: t.Event, Position: t.ID, List: c.List, Type: c.Type, At: c.At})
			}
		}
	}
	return f
}

// readOrders takes the orders of a batch apart. Pages overlap, so one may come twice; the newer one counts.
func readOrders(b mirror.Batch) (orders []orderRow, bad []unreadable) {
	at := map[string]int{}
	for _, raw := range b.Rows {
		o, err := readOrder(b.Event, raw)
		if err != nil {
			bad = append(bad, newUnreadable(raw, err))
			continue
		}
		if i, twice := at[o.header.Code]; twice {
			if !o.olderThan(orders[i].head, orders[i].tail) {
				orders[i] = o
			}
			continue
		}
		at[o.header.Code] = len(orders)
		orders = append(orders, o)
	}
	return orders, bad
}

// orderWriter writes the orders of one batch.
type orderWriter struct {
	*session
	batch   mirror.Batch
	tallies tallies
	written map[int64]scanproxy.Ticket // by position
	changed change                     // so far
	more    int64                      // orders more than before, so far
}

func newOrderWriter(s *session, b mirror.Batch) *orderWriter {
	return &orderWriter{session: s, batch: b, tallies: newTallies(), written: map[int64]scanproxy.Ticket{}}
}

// put writes what differs from what is there. over says of which orders nothing is kept any more.
func (w *orderWriter) put(ctx context.Context, orders []orderRow, over func(orderRow) bool) error {
	known, err := w.digests(ctx, orders)
	if err != nil {
		return err
	}
	late, err := w.late(ctx, orders, known)
	if err != nil {
		return err
	}
	fresh, same := sortOut(orders, known, late, over)
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

// sortOut returns the orders that are to be written, and the codes of those that stay as they are: the same version is
// there, or a newer one (late). Of an order that is over, nothing is written but that it goes. known: digests by code.
func sortOut(orders []orderRow, known map[string]int64, late map[string]bool, over func(orderRow) bool) (fresh []orderRow, same []any) {
	for _, o := range orders {
		was, there := known[o.header.Code]
		switch {
		case over(o) && there:
			fresh = append(fresh, orderRow{event: o.event, header: scanproxy.Order{Code: o.header.Code}})
		case over(o):
		case there && (was == o.digest || late[o.header.Code]):
			same = append(same, o.header.Code)
		default:
			fresh = append(fresh, o)
		}
	}
	return fresh, same
}

// digests returns the digests of those of the orders that are there already, by code.
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

// late says which orders are older than what is there: their page was asked for before a newer one that came first. They
// would take back a check-in that the copy has shown, and let its ticket in twice.
func (w *orderWriter) late(ctx context.Context, orders []orderRow, known map[string]int64) (map[string]bool, error) {
	type halves struct {
		code       string
		head, tail []byte
	}
	changed := map[string]orderRow{}
	var codes []any
	for _, o := range orders {
		if was, there := known[o.header.Code]; there && was != o.digest {
			changed[o.header.Code] = o
			codes = append(codes, o.header.Code)
		}
	}
	late := map[string]bool{}
	for _, some := range pieces(codes) {
		rows, err := all(ctx, w, func(from row) (h halves, err error) {
			err = from.Scan(&h.code, &h.head, &h.tail)
			return h, err
		}, `SELECT code, head, tail FROM orders WHERE code IN (`+numbered(1, len(some))+`)`, some...)
		if err != nil {
			return nil, err
		}
		for _, h := range rows {
			late[h.code] = changed[h.code].olderThan(h.head, h.tail) && mayBeLate(w.batch.Made, modified(h.head, h.tail))
		}
	}
	return late, nil
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
