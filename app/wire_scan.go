package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// scanFace is the scan proxy put together.
type scanFace struct {
	Config   ScanConfig
	Pretix   PretixConfig
	Database DatabaseURL
	Log      *slog.Logger
	Store    *store.Store
	Journal  *store.Journal
	Copy     *store.Mirror
	Handler  http.Handler

	now      func() time.Time
	fresh    time.Duration                // how young the bridge wants what it reads of the copy; 0: there is none
	turn     *store.Turn                  // to exchange with pretix. Of the loop alone
	waits    bool                         // it is another process' turn
	link     *link                        // to pretix; nil: not connected. Of the loop alone
	upstream atomic.Pointer[api.Upstream] // what scanners are told about pretix

	said         map[string]string // failures that last, as they were logged
	ready        map[string]bool   // events of which the log says that they can be scanned
	tokenRefused bool              // pretix does not know scan_device_token; asking again would change nothing
}

func (p *program) wireScan(ctx context.Context) error {
	cfg := p.Config
	s := &scanFace{
		Config: cfg.Scan, Pretix: cfg.Pretix, Database: cfg.Database, Log: p.Log, Store: p.Store, Journal: p.Store.Journal(), now: p.now,
		turn: p.Store.Turn(), said: map[string]string{}, ready: map[string]bool{},
	}
	s.upstream.Store(&api.Upstream{})
	if cfg.Bridge() {
		s.fresh = cfg.Pretix.MirrorTTL / 3 * 2 // a round takes its time: so the bridge finds it younger than its mirror_ttl
	}
	var err error
	s.Copy, err = store.OpenMirror(ctx, store.MirrorOptions{
		Options: store.Options{URL: cfg.Database.Reveal(), Log: p.Log, Now: p.now},
		Settler: s.Journal, Retention: cfg.Scan.Retention,
	})
	if err != nil {
		return err
	}
	p.Scan = s
	s.Handler = (&api.Server{
		Door:    &scanproxy.Door{Copy: s.Copy, Journal: s.Journal, Finder: s.Copy, Language: cfg.Scan.Language, Now: p.now},
		Devices: &scanproxy.Registry{Store: p.Store, InitTTL: cfg.Scan.InitTTL, Now: p.now},
		Rows:    copyRows{s.Copy}, Files: copyFiles{s.Copy}, Badges: s.Copy, Prints: s.Journal,
		Upstream: func() api.Upstream { return *s.upstream.Load() },
		Language: cfg.Scan.Language, URL: cfg.Scan.URL, Release: releaseName(), Log: p.Log, Now: p.now,
	}).Handler()
	return s.recall(ctx)
}

// Close gives the copy back.
func (s *scanFace) Close() error {
	if s == nil {
		return nil
	}
	s.link.close()
	return errors.Join(s.turn.Give(context.Background()), s.Copy.Close())
}

// copyFor returns the copy as the bridge reads it, for the events of one organizer. Nil: there is no scan proxy.
func (s *scanFace) copyFor(organizer string) mirror.Objects {
	if s == nil {
		return nil
	}
	return organizerCopy{s.Copy, s, organizer}
}

// organizerCopy is the copy, or seems empty while the proxy is a device of another organizer: its events may have the same
// slugs.
type organizerCopy struct {
	*store.Mirror
	scan      *scanFace
	organizer string
}

// State implements mirror.Objects.
func (c organizerCopy) State(ctx context.Context, key mirror.Key) (mirror.State, error) {
	if c.scan.upstream.Load().Organizer != c.organizer {
		return mirror.State{Key: key}, nil
	}
	return c.Mirror.State(ctx, key)
}

// copyRows is the copy as the scanners' lists need it.
type copyRows struct{ copy *store.Mirror }

// All implements api.Rows.
func (r copyRows) All(ctx context.Context, resource, event string) ([]json.RawMessage, error) {
	return r.copy.All(ctx, mirror.Key{Resource: resource, Event: event})
}

// Modified implements api.Rows.
func (r copyRows) Modified(ctx context.Context, resource, event string) (string, error) {
	state, err := r.copy.State(ctx, mirror.Key{Resource: resource, Event: event})
	return state.Progress.Modified, err
}

// copyFiles is the copy as the scanners' downloads need it.
type copyFiles struct{ copy *store.Mirror }

// File implements api.Files.
func (f copyFiles) File(ctx context.Context, name string) ([]byte, string, error) {
	data, kind, err := f.copy.File(ctx, name)
	if errors.Is(err, store.ErrNoFile) {
		return nil, "", api.ErrNoFile
	}
	return data, kind, err
}

// FileName implements api.Files.
func (f copyFiles) FileName(ctx context.Context, address string) (string, bool, error) {
	name := mirror.FileName(address)
	kept, err := f.copy.HasFile(ctx, name)
	return name, kept, err
}
