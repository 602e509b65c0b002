package mirror

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/einlass/einlass/pretix"
)

// openEnd is how long a date without an end counts as not over. pretix itself takes it as over at its start.
const openEnd = 24 * time.Hour

// Event fulfils Reader.
func (m *ReadThrough) Event(ctx context.Context, slug string) (pretix.Event, error) {
	return read(ctx, m, key{kind: Event, event: slug}, func(ctx context.Context) (pretix.Event, error) {
		return m.source.Event(ctx, slug)
	})
}

// SubEvent fulfils Reader.
func (m *ReadThrough) SubEvent(ctx context.Context, event string, id int64) (pretix.SubEvent, error) {
	return read(ctx, m, key{kind: subEvent, event: event, id: id}, func(ctx context.Context) (pretix.SubEvent, error) {
		return m.source.SubEvent(ctx, event, id)
	})
}

// SubEvents fulfils Reader.
func (m *ReadThrough) SubEvents(ctx context.Context, event string) ([]pretix.SubEvent, error) {
	all, err := read(ctx, m, key{kind: SubEvents, event: event}, func(ctx context.Context) ([]pretix.SubEvent, error) {
		active := true
		return m.source.SubEvents(ctx, event, pretix.SubEventFilter{EndsAfter: m.opts.Now().Add(-openEnd), Active: &active})
	})
	if err != nil {
		return nil, err
	}
	now := m.opts.Now()
	coming := make([]pretix.SubEvent, 0, len(all))
	for _, s := range all {
		if !over(s, now) {
			coming = append(coming, s)
		}
	}
	return coming, nil
}

// over reports whether a date has ended.
func over(s pretix.SubEvent, now time.Time) bool {
	if s.To == nil {
		return !now.Before(s.From.Add(openEnd))
	}
	return !now.Before(*s.To)
}

// CheckinLists fulfils Reader.
func (m *ReadThrough) CheckinLists(ctx context.Context, event string) ([]pretix.CheckinList, error) {
	return read(ctx, m, key{kind: Lists, event: event}, func(ctx context.Context) ([]pretix.CheckinList, error) {
		return m.source.CheckinLists(ctx, event)
	})
}

// Questions fulfils Reader.
func (m *ReadThrough) Questions(ctx context.Context, event string) ([]pretix.Question, error) {
	return read(ctx, m, key{kind: Questions, event: event}, func(ctx context.Context) ([]pretix.Question, error) {
		return m.source.Questions(ctx, event)
	})
}

// Items fulfils Reader.
func (m *ReadThrough) Items(ctx context.Context, event string) ([]pretix.Item, error) {
	return read(ctx, m, key{kind: Items, event: event}, func(ctx context.Context) ([]pretix.Item, error) {
		return m.source.Items(ctx, event)
	})
}

// MetaDefault fulfils Reader.
func (m *ReadThrough) MetaDefault(ctx context.Context, name string) (string, error) {
	properties, err := read(ctx, m, key{kind: metaProperties}, m.metaProperties)
	for _, p := range properties {
		if p.Name == name {
			return p.Default, err
		}
	}
	return "", err
}

// metaProperties takes a token without that right, and an older pretix without that endpoint (404 as HTML), for an
// organizer without defaults.
func (m *ReadThrough) metaProperties(ctx context.Context) ([]pretix.MetaProperty, error) {
	properties, err := m.source.MetaProperties(ctx)
	if e, ok := errors.AsType[*pretix.Error](err); ok && (e.Class == pretix.Forbidden || e.Status == http.StatusNotFound) {
		return nil, nil
	}
	return properties, err
}
