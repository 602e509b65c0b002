package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/web"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/templates"
)

// program is einlass put together: what serve, the demo and the tests of the whole start.
type program struct {
	Config  Config
	Log     *slog.Logger
	Store   *store.Store
	Catalog mirror.Reader
	Bridge  *room.Bridge // nil: not configured
	Pages   http.Handler // of the bridge, nil like it
	Scan    *scanFace    // nil: not configured

	now     func() time.Time
	closing chan struct{} // closed when answers that stay open have to end
}

// wire is the only place that knows everybody. Close the program when done.
func wire(ctx context.Context, cfg Config, log *slog.Logger, now func() time.Time) (_ *program, err error) {
	p := &program{Config: cfg, Log: log, now: now, closing: make(chan struct{})}
	p.Store, err = store.Open(ctx, store.Options{URL: cfg.Database.Reveal(), Log: log, Now: now})
	if err != nil {
		return nil, err
	}
	if cfg.Scanning() {
		if err := p.wireScan(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("scan proxy: %w", err), p.Close())
		}
	}
	if cfg.Bridge() { // reads what the scan proxy copies
		if err := p.wireBridge(ctx); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

// Close gives the database back. The program must not serve any more.
func (p *program) Close() error { return errors.Join(p.Scan.Close(), p.Store.Close()) }

func (p *program) wireBridge(ctx context.Context) error {
	cfg := p.Config
	shop, err := newPretix(cfg.Pretix)
	if err != nil {
		return fmt.Errorf("pretix: %w", err)
	}
	catalog, err := mirror.New(shop, mirror.Options{
		TTL: cfg.Pretix.MirrorTTL, Copy: p.Scan.copyFor(cfg.Pretix.Organizer), Now: p.now, Log: p.Log,
	})
	if err != nil {
		return fmt.Errorf("mirror: %w", err)
	}
	conference, err := newBBB(cfg.BBB)
	if err != nil {
		return fmt.Errorf("bbb: %w", err)
	}
	links, err := pretix.NewLinkVerifier(linkConfig(cfg.Ticket, p.now))
	if err != nil {
		return fmt.Errorf("ticket links: %w", err)
	}
	p.Catalog = catalog
	p.Bridge = &room.Bridge{
		Links: links, Orders: shop, Catalog: catalog, Joiner: conference, Store: p.Store,
		Meetings: &room.Meetings{BBB: conference, MaxAge: time.Second, Now: p.now},
		Release: &room.Release{
			Rate: float64(cfg.Entry.ReleaseRate), Burst: cfg.Entry.ReleaseRate, Jitter: cfg.Entry.ReleaseJitter,
		},
		Rules: rules(cfg), Log: p.Log, Now: p.now,
	}
	return p.wirePages(ctx)
}

func (p *program) wirePages(ctx context.Context) error {
	cfg := p.Config
	pages, err := templates.New()
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	pages.Now = p.now
	key, err := p.Store.Secret(ctx, "cookies", 32)
	if err != nil {
		return err
	}
	p.Pages, err = web.New(web.Options{
		Bridge: p.Bridge, Pages: pages, Key: key, Log: p.Log, Now: p.now, Closing: p.closing,
		Bases: cfg.BaseURLs, TicketPath: cfg.Ticket.Path, TrustedProxies: cfg.TrustedProxies, Zone: cfg.Timezone,
		Club: cfg.Pages.Club, Imprint: cfg.Pages.ImprintURL, Privacy: cfg.Pages.PrivacyURL,
		Shop: cfg.Pages.ShopURL, Support: cfg.Pages.Support,
		PerTicket: cfg.Entry.RateTicket, PerPeer: cfg.Entry.RatePeer, PerGuest: cfg.Entry.RateOpen, Tick: time.Second,
	}).Handler()
	return err
}

func linkConfig(t TicketConfig, now func() time.Time) pretix.LinkConfig {
	c := pretix.LinkConfig{
		Issuer: t.Issuer, Audience: t.Audience, Leeway: t.Leeway,
		OrderClaim: t.ClaimOrder, PositionClaim: t.ClaimPosition, EventClaim: t.ClaimEvent, Now: now,
	}
	for _, s := range t.Secrets {
		c.Secrets = append(c.Secrets, pretix.LinkSecret(s.Reveal()))
	}
	return c
}

func rules(cfg Config) room.Rules {
	return room.Rules{
		Events: cfg.Pretix.Events, Products: cfg.Pretix.Products, List: cfg.Pretix.CheckinList,
		Meta: cfg.Pretix.MetaProperties, Bases: cfg.BaseURLs,
		Questions: room.Questions{
			Callsign: cfg.Pretix.QuestionCallsign, Consent: cfg.Pretix.QuestionConsent, ConsentYes: cfg.Pretix.ConsentYes,
		},
		DateWindow: cfg.Entry.DateWindow, Doors: cfg.Entry.Doors, Grace: cfg.Entry.Grace,
		LeaveHint: cfg.Entry.LeaveHint, Lease: cfg.Entry.Lease,
		ErrorURL: cfg.BaseURLs[0] + web.ErrorPath,
	}
}
