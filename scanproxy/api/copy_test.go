package api_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api/apitest"
)

var postgres storetest.Postgres

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// newCopiedProxy is a proxy whose world was copied into a database, beside its journal.
func newCopiedProxy(t *testing.T, url string) *proxy {
	t.Helper()
	p := newProxyAt(t, url)
	p.fill(emptyCopy(t, p, url))
	return p
}

// emptyCopy gives a proxy a database as its copy, with nothing in it.
func emptyCopy(t *testing.T, p *proxy, url string) *store.Mirror {
	t.Helper()
	copied, err := store.OpenMirror(t.Context(), store.MirrorOptions{Options: store.Options{URL: url}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := copied.Close(); err != nil {
			t.Error(err)
		}
	})
	door, _ := p.server.Door.(*scanproxy.Door)
	p.server.Door = &scanproxy.Door{Copy: copied, Journal: door.Journal, Finder: copied, Now: p.Now}
	p.server.Rows = copiedRows{copied}
	return copied
}

// A ticket that was not copied yet must not look like a forgery.
func TestBeforeEverythingIsCopied(t *testing.T) {
	for engine, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": postgres.URL} {
		t.Run(engine, func(t *testing.T) {
			at := url(t)
			p := newProxyAt(t, at)
			copied := emptyCopy(t, p, at)
			c := p.device(androidBrand)
			for _, moment := range []string{"nothing is here", "the events are here"} {
				if moment == "the events are here" {
					p.apply(copied, mirror.Events, "", p.world.Events...)
				}
				got := c.scan("secretvalid00000000000000")
				if message, _ := got["message"].(string); got["type"] != "ERROR" || !strings.Contains(message, "harbor") || !strings.Contains(message, "copied") {
					t.Errorf("%s: %v, want ERROR and why", moment, got)
				}
				for what, a := range map[string]answer{
					"search": c.post("/proxyapi/v1/rpc/harbor/1001/search/", `{"query":"AAAAA"}`), "status": c.get("/proxyapi/v1/rpc/harbor/1001/status/"),
				} {
					if a.status != 400 || !isSentence(a) || !strings.Contains(a.body, "copied") {
						t.Errorf("%s, %s: %d %q", moment, what, a.status, a.body)
					}
				}
			}
			const nobodys = `{"events_and_checkin_lists":{"fairground":1},"ticketid":"secretvalid00000000000000"}`
			if got := c.post("/proxyapi/v1/rpc/check/", nobodys).object(t); got["type"] != "INVALID" {
				t.Errorf("an event that pretix does not have: %v", got)
			}
			if due, err := journalOf(p).Due(t.Context(), scanproxy.Refusals, p.Now(), 0, 10); err != nil || len(due) != 1 {
				t.Errorf("pretix would hear of %d refusals, %v, want the one at the unknown event", len(due), err)
			}
			p.fill(copied)
			expectType(t, c.scan("secretvalid00000000000000"), "VALID")
		})
	}
}

// journalOf is the queue of what pretix is to be told.
func journalOf(p *proxy) scanproxy.Queue {
	door, _ := p.server.Door.(*scanproxy.Door)
	queue, _ := door.Journal.(scanproxy.Queue)
	return queue
}

// fill does what a synchronisation does.
func (p *proxy) fill(m *store.Mirror) {
	p.t.Helper()
	apitest.Fill(p.t, m, p.Now(), p.world.resource)
}

// apply is one list of a synchronisation.
func (p *proxy) apply(m *store.Mirror, resource, event string, rows ...json.RawMessage) {
	p.t.Helper()
	b := mirror.Batch{Key: mirror.Key{Resource: resource, Event: event}, Rows: rows, Complete: true, At: p.Now(), Done: true}
	if err := m.Apply(p.t.Context(), b); err != nil {
		p.t.Fatal(err)
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
