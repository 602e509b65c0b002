package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// startedEvent is what is asked of an event before it is copied.
type startedEvent struct {
	Slug         string    `json:"slug"`
	HasSubEvents bool      `json:"has_subevents"`
	From         time.Time `json:"date_from"` // zero: null at pretix
	To           time.Time `json:"date_to"`   // likewise
}

// over says whether the event has ended at that time. A series has no end of its own: its dates do.
func (e startedEvent) over(at time.Time) bool {
	return !e.HasSubEvents && scanproxy.Dates{From: e.From, To: e.To}.Over(at)
}

// stillOpen is how long an event without an end, or with doors open beyond it, is copied on.
const stillOpen = 24 * time.Hour

// events are the slugs of the events to copy: those that are configured, or all that are not over.
func (s *scanFace) events(ctx context.Context) ([]string, error) {
	return selectedEvents(ctx, s.Config, s.Copy, s.now())
}

func selectedEvents(ctx context.Context, cfg ScanConfig, m *store.Mirror, now time.Time) ([]string, error) {
	if len(cfg.Events) > 0 {
		return cfg.Events, nil
	}
	rows, err := m.All(ctx, mirror.Key{Resource: mirror.Events})
	if err != nil {
		return nil, err
	}
	return currentEvents(rows, now.Add(-stillOpen))
}

func currentEvents(rows []json.RawMessage, at time.Time) ([]string, error) {
	var slugs []string
	for _, row := range rows {
		var e startedEvent
		if err := json.Unmarshal(row, &e); err != nil {
			return nil, fmt.Errorf("events to copy: %w", err)
		}
		if !e.over(at) {
			slugs = append(slugs, e.Slug)
		}
	}
	return slugs, nil
}

// tellReady says once of each event that its tickets are here, from when on they can be scanned.
func (s *scanFace) tellReady(ctx context.Context) {
	events, err := s.events(ctx)
	if s.failed(ctx, "events to copy not read", err) {
		return
	}
	for _, slug := range events {
		if s.ready[slug] {
			continue
		}
		state, err := s.Copy.State(ctx, mirror.Key{Resource: mirror.Orders, Event: slug})
		if s.failed(ctx, "state of the copy not read", err) {
			return
		}
		if s.ready[slug] = state.Ready(); state.Ready() {
			s.Log.InfoContext(ctx, "event can be scanned", "event", slug, "orders", state.Rows, "as_of", state.Succeeded)
		}
	}
}
