package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/einlass/einlass/pretix/mirror"
)

// ErrBadPage is the error of Rows if after is not a place that Rows has returned.
var ErrBadPage = errors.New("not a place in a list")

// Rows returns the objects of a list as pretix sent them, in a fixed order, from after on: "" is the beginning, next the
// place to go on from, "" where nothing follows. event: "" for what belongs to the organizer, and for dates of all events.
// An order comes with its positions.
func (m *Mirror) Rows(ctx context.Context, resource, event, after string, limit int) (rows []json.RawMessage, next string, err error) {
	list := m.objectRows
	switch resource {
	case mirror.Orders:
		list = m.orderRows
	case mirror.Revoked, mirror.Blocked:
		list = m.secretRows
	case mirror.Media:
		list = m.mediaRows
	}
	placed, err := list(ctx, mirror.Key{Resource: resource, Event: event}, after, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("read %s %s: %w", resource, event, err)
	}
	if len(placed) > limit {
		placed = placed[:limit]
		next = placed[limit-1].place
	}
	rows = make([]json.RawMessage, len(placed))
	for i, p := range placed {
		rows[i] = p.raw
	}
	return rows, next, nil
}

// placedRow is a row of a list, and the place to go on from behind it: what Rows takes as after.
type placedRow struct {
	place string
	raw   json.RawMessage
}

func scanPlaced(from row) (p placedRow, err error) {
	var raw []byte
	err = from.Scan(&p.place, &raw)
	p.raw = raw
	return p, err
}

func (m *Mirror) objectRows(ctx context.Context, key mirror.Key, after string, limit int) ([]placedRow, error) {
	const query = `SELECT rank, event, name, raw FROM objects WHERE resource = $1 AND (event = $2 OR $2 = '')
		AND (rank, event, name) > ($3, $4, $5) ORDER BY rank, event, name LIMIT $6`
	rank, place, err := int64(-1), []string{"", ""}, error(nil)
	if after != "" {
		parts := strings.Split(after, "/")
		if rank, err = strconv.ParseInt(parts[0], 10, 64); err != nil || len(parts) != 3 {
			return nil, ErrBadPage
		}
		place = parts[1:]
	}
	return all(ctx, m.db.reader, func(from row) (p placedRow, err error) {
		var o object
		err = from.Scan(&o.rank, &o.event, &o.name, &o.raw)
		return placedRow{fmt.Sprintf("%d/%s/%s", o.rank, o.event, o.name), o.raw}, err
	}, query, key.Resource, key.Event, rank, place[0], place[1], limit)
}

func (m *Mirror) secretRows(ctx context.Context, key mirror.Key, after string, limit int) ([]placedRow, error) {
	const query = `SELECT CAST(id AS TEXT), raw FROM secrets WHERE kind = $1 AND event = $2 AND id > $3 ORDER BY id LIMIT $4`
	id, err := placeID(after)
	if err != nil {
		return nil, err
	}
	return all(ctx, m.db.reader, scanPlaced, query, key.Resource, key.Event, id, limit)
}

func (m *Mirror) mediaRows(ctx context.Context, _ mirror.Key, after string, limit int) ([]placedRow, error) {
	const query = `SELECT CAST(id AS TEXT), raw FROM media WHERE id > $1 ORDER BY id LIMIT $2`
	id, err := placeID(after)
	if err != nil {
		return nil, err
	}
	return all(ctx, m.db.reader, scanPlaced, query, id, limit)
}

func placeID(after string) (int64, error) {
	if after == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		return 0, ErrBadPage
	}
	return id, nil
}

func (m *Mirror) orderRows(ctx context.Context, key mirror.Key, after string, limit int) (placed []placedRow, err error) {
	const query = `SELECT code, head, tail FROM orders WHERE event = $1 AND code > $2 ORDER BY code LIMIT $3`
	type halves struct {
		code       string
		head, tail []byte
	}
	err = m.read(ctx, func(s *session, _ int64) error {
		orders, err := all(ctx, s, func(from row) (h halves, err error) {
			err = from.Scan(&h.code, &h.head, &h.tail)
			return h, err
		}, query, key.Event, after, limit)
		if err != nil {
			return err
		}
		for _, h := range orders {
			positions, err := s.positionsOf(ctx, h.code)
			if err != nil {
				return err
			}
			placed = append(placed, placedRow{h.code, join(h.head, h.tail, positions)})
		}
		return nil
	})
	return placed, err
}

func (s *session) positionsOf(ctx context.Context, code string) ([][]byte, error) {
	const query = `SELECT raw FROM positions WHERE order_code = $1 ORDER BY positionid, id`
	return all(ctx, s, scanBytes, query, code)
}
