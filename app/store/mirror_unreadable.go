package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
)

// unreadable is an order that pretix sent and that cannot be read. It keeps nothing else from being stored. What the copy
// has of it stays as it was: at a door, a ticket that was good an hour ago is more likely still good than not.
type unreadable struct {
	code   string // "": it cannot be read either
	digest int64  // of one without a code, else 0
	detail string
}

func newUnreadable(raw json.RawMessage, err error) unreadable {
	var o struct {
		Code string `json:"code"`
	}
	u := unreadable{detail: whatIsWrong(err)}
	if readable := json.Unmarshal(raw, &o); readable == nil {
		u.code = o.Code
	}
	if u.code == "" {
		u.digest = digest(raw)
	}
	return u
}

// whatIsWrong says why an order cannot be read, with nothing of the order in it: it holds secrets and addresses.
func whatIsWrong(err error) string {
	if at, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("its %s is no %s", at.Field, at.Type.Kind())
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return "one of its times is none"
	}
	if errors.Is(err, errNoCode) {
		return errNoCode.Error()
	}
	return "it is no order as we know them"
}

// putUnreadable notes orders that cannot be read, and forgets those of which one that can be read has come.
func (w *orderWriter) putUnreadable(ctx context.Context, bad []unreadable, good []orderRow) error {
	const put = `INSERT INTO unreadable (event, code, digest, detail, seen, at_us) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (event, code, digest) DO UPDATE SET detail = excluded.detail, at_us = excluded.at_us,
			seen = CASE WHEN excluded.seen > unreadable.seen THEN excluded.seen ELSE unreadable.seen END`
	known, err := w.m.unreadable(ctx, w, w.batch.Event)
	if err != nil {
		return err
	}
	if err := w.forgetUnreadable(ctx, known, good); err != nil {
		return err
	}
	var met []any
	for _, u := range bad {
		if _, err := exec(ctx, w, put, w.batch.Event, u.code, u.digest, u.detail, w.batch.Walk, w.batch.At); err != nil {
			return fmt.Errorf("note unreadable order: %w", err)
		}
		if u.code != "" {
			met = append(met, u.code)
		}
		if !u.among(known) {
			w.m.db.log.WarnContext(ctx, "order of pretix not read", "event", w.batch.Event, "order", u.code, "why", u.detail)
		}
	}
	return w.meet(ctx, met)
}

func (w *orderWriter) forgetUnreadable(ctx context.Context, known []mirror.Unreadable, good []orderRow) error {
	const remove = `DELETE FROM unreadable WHERE event = $1 AND code = $2`
	if len(known) == 0 {
		return nil
	}
	for _, o := range good {
		if _, err := exec(ctx, w, remove, w.batch.Event, o.header.Code); err != nil {
			return fmt.Errorf("forget unreadable order: %w", err)
		}
	}
	return nil
}

func (u unreadable) among(known []mirror.Unreadable) bool {
	for _, k := range known {
		if k.Code == u.code && k.Detail == u.detail {
			return true
		}
	}
	return false
}

// sweepUnreadable forgets the unreadable orders that a walk has not met. blind: it has met one whose code cannot be read,
// so nobody knows which order it is, and none may be removed as gone.
func (m *Mirror) sweepUnreadable(ctx context.Context, b mirror.Batch) (blind bool, err error) {
	const (
		remove = `DELETE FROM unreadable WHERE event = $1 AND seen < $2`
		count  = `SELECT count(*) FROM unreadable WHERE event = $1 AND code = ''`
	)
	err = m.write(ctx, func(q querier) error {
		if _, err := exec(ctx, q, remove, b.Event, b.Walk); err != nil {
			return err
		}
		n, err := one(ctx, q, scanInt, count, b.Event)
		blind = n > 0
		return err
	})
	return blind, err
}

// Unreadable returns the orders of an event that pretix has and that cannot be read, for those who operate the proxy.
func (m *Mirror) Unreadable(ctx context.Context, event string) ([]mirror.Unreadable, error) {
	return m.unreadable(ctx, m.db.reader, event)
}

func (m *Mirror) unreadable(ctx context.Context, q querier, event string) ([]mirror.Unreadable, error) {
	const query = `SELECT code, detail, at_us FROM unreadable WHERE event = $1 ORDER BY code, digest`
	found, err := all(ctx, q, func(from row) (u mirror.Unreadable, err error) {
		err = from.Scan(&u.Code, &u.Detail, moment{&u.At})
		return u, err
	}, query, event)
	if err != nil {
		return nil, fmt.Errorf("read unreadable orders of %s: %w", event, err)
	}
	return found, nil
}
