package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// Read calls f with a view of the copy as it was at one generation. Every read is one through an index, so its cost does
// not grow with the event. See scanproxy.Copy.
func (m *Mirror) Read(ctx context.Context, f func(l scanproxy.Lookup, generation int64) error) error {
	return m.quick(ctx, func(s *session, generation int64) error { return f(s, generation) })
}

// quick is read in as few round trips as can be. It may call f again, when nothing of what f saw before counts any more.
func (m *Mirror) quick(ctx context.Context, f func(s *session, generation int64) error) error {
	if m.shared() {
		if done, err := m.glance(ctx, f); done {
			return err
		}
	}
	return m.read(ctx, f)
}

// configurationKey names what is compiled from configuration.
type configurationKey struct {
	event string
	list  int64 // 0: the event itself
}

// whetherReady stands in the place of a list.
const whetherReady = -1

// Desk implements scanproxy.Lookup. An event is known once its orders have been fetched to their end: before, it is coming.
func (s *session) Desk(ctx context.Context, at scanproxy.Selection, code scanproxy.Code) (d scanproxy.Desk, err error) {
	d.Selection = at
	ready, err := s.ready(ctx, at.Event)
	if err != nil {
		return d, err
	}
	if !ready {
		d.Coming, err = s.coming(ctx, at.Event)
		return d, err
	}
	if d.Event, err = s.event(ctx, at.Event); err != nil || d.Event == nil {
		return d, err
	}
	if d.List, err = s.list(ctx, at); err != nil || code == "" {
		return d, err
	}
	d.Revoked, d.Blocked, err = s.listed(ctx, at.Event, code)
	return d, err
}

// ready says whether the orders of an event have been fetched to their end.
func (s *session) ready(ctx context.Context, slug string) (bool, error) {
	const query = `SELECT count(*) FROM progress WHERE resource = $1 AND event = $2 AND succeeded_us > 0`
	return compiled(s, configurationKey{slug, whetherReady}, func() (bool, error) {
		n, err := one(ctx, s, scanInt, query, mirror.Orders, slug)
		return n > 0, err
	})
}

// coming says whether pretix has an event, or may have it because nobody has fetched the list of events. It is not
// remembered: that is asked for some minutes, once for each event.
func (s *session) coming(ctx context.Context, slug string) (bool, error) {
	const query = `SELECT CASE WHEN EXISTS (SELECT 1 FROM progress WHERE resource = $1 AND event = '' AND succeeded_us > 0)
		THEN (SELECT count(*) FROM objects WHERE resource = $1 AND event = '' AND name = $2) ELSE 1 END`
	n, err := one(ctx, s, scanInt, query, mirror.Events, slug)
	return n > 0, err
}

// event returns the configuration of an event, nil if it is not there.
func (s *session) event(ctx context.Context, slug string) (*scanproxy.Event, error) {
	return compiled(s, configurationKey{event: slug}, func() (*scanproxy.Event, error) {
		parts, known, err := s.eventParts(ctx, slug)
		if err != nil || !known {
			return nil, err
		}
		return scanproxy.DecodeEvent(parts)
	})
}

func (s *session) list(ctx context.Context, at scanproxy.Selection) (*scanproxy.List, error) {
	const query = `SELECT raw FROM objects WHERE resource = $1 AND event = $2 AND name = $3`
	return compiled(s, configurationKey{at.Event, at.List}, func() (*scanproxy.List, error) {
		raw, err := one(ctx, s, scanBytes, query, mirror.Lists, at.Event, strconv.FormatInt(at.List, 10))
		if errors.Is(err, room.ErrNotFound) {
			return nil, nil //nolint:nilnil // Desk says nil for what is not there
		}
		if err != nil {
			return nil, err
		}
		return scanproxy.DecodeList(at.Event, raw)
	})
}

// compiled returns what is made from configuration, made once for each change of it.
func compiled[T any](s *session, key configurationKey, make func() (T, error)) (T, error) {
	got, err := s.m.configuration.Get(key, s.configuration, func() (any, error) { return make() })
	value, _ := got.(T)
	return value, err
}

func (s *session) eventParts(ctx context.Context, slug string) (parts scanproxy.EventParts, known bool, err error) {
	for resource, take := range map[string]func(rows []json.RawMessage){
		mirror.Event:     func(rows []json.RawMessage) { parts.Event = first(rows) },
		mirror.Settings:  func(rows []json.RawMessage) { parts.Settings = first(rows) },
		mirror.Items:     func(rows []json.RawMessage) { parts.Items = rows },
		mirror.Questions: func(rows []json.RawMessage) { parts.Questions = rows },
		mirror.SubEvents: func(rows []json.RawMessage) { parts.SubEvents = rows },
	} {
		objects, err := knownObjects(ctx, s, mirror.Key{Resource: resource, Event: slug})
		if err != nil {
			return parts, false, fmt.Errorf("read %s of %s: %w", resource, slug, err)
		}
		rows := []json.RawMessage{}
		for _, o := range objects {
			rows = append(rows, o.raw)
		}
		take(rows)
	}
	return parts, parts.Event != nil, nil
}

func first(rows []json.RawMessage) json.RawMessage {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// listed says whether the code stands on the event's list of revoked secrets, and on any event's list of blocked ones.
func (s *session) listed(ctx context.Context, event string, code scanproxy.Code) (revoked, blocked bool, err error) {
	const query = `SELECT kind, event FROM secrets WHERE secret = $1`
	type entry struct{ kind, event string }
	entries, err := all(ctx, s, func(from row) (e entry, err error) {
		err = from.Scan(&e.kind, &e.event)
		return e, err
	}, query, code.Reveal())
	for _, e := range entries {
		revoked = revoked || e.kind == mirror.Revoked && e.event == event
		blocked = blocked || e.kind == mirror.Blocked
	}
	return revoked, blocked, err
}

// TicketsBySecret implements scanproxy.Lookup.
func (s *session) TicketsBySecret(ctx context.Context, events []string, code scanproxy.Code) ([]scanproxy.Ticket, error) {
	found, err := findTickets(ctx, s, `WHERE p.secret = $1 ORDER BY p.id`, code.Reveal())
	return among(events, found), err
}

// TicketsOnMedium implements scanproxy.Lookup.
func (s *session) TicketsOnMedium(ctx context.Context, events []string, source string, code scanproxy.Code) (
	m scanproxy.Medium, linked []scanproxy.Ticket, err error,
) {
	const query = `SELECT id, active, expires_us, CASE WHEN EXISTS (SELECT 1 FROM media_positions WHERE medium = media.id) THEN 1 ELSE 0 END
		FROM media WHERE identifier = $1 AND type = $2 ORDER BY id`
	m, err = one(ctx, s, func(from row) (m scanproxy.Medium, err error) {
		err = from.Scan(&m.ID, yes{&m.Active}, moment{&m.Expires}, yes{&m.Linked})
		return m, err
	}, query, code.Reveal(), source)
	if errors.Is(err, room.ErrNotFound) {
		return m, nil, nil
	}
	if err != nil {
		return m, nil, err
	}
	linked, err = findTickets(ctx, s, `JOIN media_positions l ON l.position = p.id WHERE l.medium = $1 ORDER BY p.id`, m.ID)
	return m, among(events, linked), err
}

// AddOns implements scanproxy.Lookup.
func (s *session) AddOns(ctx context.Context, base scanproxy.Ticket) ([]scanproxy.Ticket, error) {
	return findTickets(ctx, s, `WHERE p.addon_to = $1 AND p.addon_to <> 0 AND p.order_code = $2 AND p.event = $3 ORDER BY p.id`,
		base.ID, base.Order.Code, base.Event)
}

// among leaves out tickets of other events.
func among(events []string, found []scanproxy.Ticket) []scanproxy.Ticket {
	return slices.DeleteFunc(found, func(t scanproxy.Ticket) bool { return !slices.Contains(events, t.Event) })
}
