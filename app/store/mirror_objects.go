package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// object is one row of a list of the configuration: an event, a product, a check-in list.
type object struct {
	event string // slug; "": it belongs to the organizer
	name  string // id or slug, unique within its list and event
	rank  int64  // place within the list: dates by their beginning, all else as pretix sent it
	raw   []byte // JSON as pretix sent it
}

// keepObjects keeps rows of configuration. Rows of an organizer-wide list that belong to an event, such as dates, are kept
// with that event.
func keepObjects(_ context.Context, _ *Mirror, b mirror.Batch) (prepared, error) {
	rows := make([]object, len(b.Rows))
	for i, raw := range b.Rows {
		o, err := readObject(b, raw)
		if err != nil {
			return prepared{}, err
		}
		if o.rank == 0 {
			o.rank = int64(i)
		}
		rows[i] = o
	}
	return prepared{write: func(ctx context.Context, s *session) (change, int64, error) {
		return writeObjects(ctx, s, b, rows)
	}}, nil
}

var errNameless = errors.New("a row has neither id nor slug")

func readObject(b mirror.Batch, raw json.RawMessage) (object, error) {
	var o struct {
		ID    *int64  `json:"id"`
		Slug  *string `json:"slug"`
		Event *string `json:"event"`
		From  string  `json:"date_from"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return object{}, err
	}
	kept := object{event: b.Event, raw: raw}
	if kept.event == "" && o.Event != nil {
		kept.event = *o.Event
	}
	if b.Resource == mirror.SubEvents { // they come in the order of their changes
		from, err := pretix.ServerTime(o.From)
		if err != nil {
			return object{}, err
		}
		kept.rank = from.UnixMicro()
	}
	switch {
	case b.Resource == mirror.Settings:
		kept.name = b.Event
	case o.ID != nil:
		kept.name = strconv.FormatInt(*o.ID, 10)
	case o.Slug != nil:
		kept.name = *o.Slug
	default:
		return object{}, errNameless
	}
	return kept, nil
}

// objectPlace names an object within its list.
type objectPlace struct{ event, name string }

// writeObjects writes what differs from what is there and, if the batch is complete, removes what it does not have.
func writeObjects(ctx context.Context, s *session, b mirror.Batch, rows []object) (changed change, more int64, err error) {
	const put = `INSERT INTO objects (resource, event, name, rank, raw) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (resource, event, name) DO UPDATE SET rank = excluded.rank, raw = excluded.raw`
	had, err := knownObjects(ctx, s, b.Key)
	if err != nil {
		return nothing, 0, err
	}
	known := map[objectPlace]object{}
	for _, o := range had {
		known[objectPlace{o.event, o.name}] = o
	}
	for _, o := range rows {
		at := objectPlace{o.event, o.name}
		old, there := known[at]
		delete(known, at)
		if there && old.rank == o.rank && bytes.Equal(old.raw, o.raw) {
			continue
		}
		changed = configuration
		if !there {
			more++
		}
		if _, err := exec(ctx, s, put, b.Resource, o.event, o.name, o.rank, o.raw); err != nil {
			return nothing, 0, fmt.Errorf("%s: %w", o.name, err)
		}
	}
	if !b.Complete || len(known) == 0 {
		return changed, more, nil
	}
	return configuration, more - int64(len(known)), removeObjects(ctx, s, b.Resource, known)
}

func removeObjects(ctx context.Context, s *session, resource string, gone map[objectPlace]object) error {
	const remove = `DELETE FROM objects WHERE resource = $1 AND event = $2 AND name = $3`
	for at := range gone {
		if _, err := exec(ctx, s, remove, resource, at.event, at.name); err != nil {
			return fmt.Errorf("%s: %w", at.name, err)
		}
	}
	return nil
}

// knownObjects returns the rows of a list, in its order. The rows of an organizer-wide list come from all events.
func knownObjects(ctx context.Context, q querier, key mirror.Key) ([]object, error) {
	const query = `SELECT event, name, rank, raw FROM objects WHERE resource = $1 AND (event = $2 OR $2 = '')
		ORDER BY rank, event, name`
	return all(ctx, q, func(from row) (o object, err error) {
		err = from.Scan(&o.event, &o.name, &o.rank, &o.raw)
		return o, err
	}, query, key.Resource, key.Event)
}

// All returns the rows of a list in pretix' order, those of secrets and media by id. See mirror.Keeper. Orders may be too
// many to be returned at once: see Rows.
func (m *Mirror) All(ctx context.Context, key mirror.Key) ([]json.RawMessage, error) {
	switch key.Resource {
	case mirror.Orders:
		return nil, fmt.Errorf("read %s %s: too many to be read at once", key.Resource, key.Event)
	case mirror.Revoked, mirror.Blocked, mirror.Media:
		rows, _, err := m.Rows(ctx, key.Resource, key.Event, "", math.MaxInt32)
		return rows, err
	}
	objects, err := knownObjects(ctx, m.db.reader, key)
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", key.Resource, key.Event, err)
	}
	rows := make([]json.RawMessage, len(objects))
	for i, o := range objects {
		rows[i] = o.raw
	}
	return rows, nil
}
