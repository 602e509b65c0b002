package api_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

var postgres storetest.Postgres

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// newCopiedProxy is a proxy whose world was copied into a database, beside its journal.
func newCopiedProxy(t *testing.T, url string) *proxy {
	t.Helper()
	p := newProxyAt(t, url)
	copied, err := store.OpenMirror(t.Context(), store.MirrorOptions{Options: store.Options{URL: url}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := copied.Close(); err != nil {
			t.Error(err)
		}
	})
	p.fill(copied)
	door, _ := p.server.Door.(*scanproxy.Door)
	p.server.Door = &scanproxy.Door{Copy: copied, Journal: door.Journal, Finder: copied, Now: p.clock}
	p.server.Rows = copiedRows{copied}
	return p
}

// fill does what a synchronisation does.
func (p *proxy) fill(m *store.Mirror) {
	p.t.Helper()
	apply := func(resource, event string, rows ...json.RawMessage) {
		p.t.Helper()
		b := mirror.Batch{Key: mirror.Key{Resource: resource, Event: event}, Rows: rows, Complete: true, At: p.now, Done: true}
		if err := m.Apply(p.t.Context(), b); err != nil {
			p.t.Fatal(err)
		}
	}
	w := p.world
	apply(mirror.Events, "", w.Events...)
	apply(mirror.SubEvents, "", w.resource("subevents", "")...)
	for _, raw := range w.Events {
		slug := slugOf(raw)
		apply(mirror.Event, slug, raw)
		apply(mirror.Settings, slug, w.Settings[slug])
		for _, resource := range []string{"categories", mirror.Items, mirror.Questions, mirror.Lists, mirror.Layouts, "badgeitems"} {
			apply(resource, slug, w.resource(resource, slug)...)
		}
		apply(mirror.Orders, slug, w.Orders[slug]...)
	}
}

// copiedRows is a copy as lists need it.
type copiedRows struct{ copied *store.Mirror }

func (r copiedRows) All(ctx context.Context, resource, event string) ([]json.RawMessage, error) {
	return r.copied.All(ctx, mirror.Key{Resource: resource, Event: event})
}

func (r copiedRows) Modified(ctx context.Context, resource, event string) (string, error) {
	state, err := r.copied.State(ctx, mirror.Key{Resource: resource, Event: event})
	return state.Progress.Modified, err
}
