package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// serve runs the faces that are configured, until it is told to stop.
func serve(ctx context.Context, env environment, args []string) error {
	cfg, err := configureServe(env, args)
	if err != nil {
		return err
	}
	log := cfg.Log.logger(env.Stderr)
	p, err := wire(ctx, cfg, log, env.Now)
	if err != nil {
		return err
	}
	if p.Pages == nil && p.Scan == nil {
		return errors.Join(usageError("nothing to serve: no face is configured; set pretix_url for the bridge, scan_url for the scan proxy (einlass help serve)"), p.Close())
	}
	at, err := p.listen(ctx)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	return errors.Join(p.run(ctx, at), p.Close())
}

// entrances are where people and scanners come in. Nil: that face is not configured.
type entrances struct{ pages, scan net.Listener }

func (p *program) listen(ctx context.Context) (at entrances, err error) {
	if p.Pages != nil {
		if at.pages, err = net.Listen("tcp", p.Config.Listen); err != nil {
			return at, fmt.Errorf("listen: %w", err)
		}
		p.Log.InfoContext(ctx, "einlass started", "listen", at.pages.Addr().String(), "base_url", p.Config.BaseURLs[0],
			"database", p.Store.Engine(), "version", releaseName())
	}
	if p.Scan != nil {
		if at.scan, err = net.Listen("tcp", p.Config.Scan.Listen); err != nil {
			return at, errors.Join(fmt.Errorf("listen for scanners: %w", err), at.close())
		}
		p.Log.InfoContext(ctx, "scan proxy started", "listen", at.scan.Addr().String(), "scan_url", p.Config.Scan.URL,
			"database", p.Store.Engine(), "version", releaseName())
	}
	return at, nil
}

func (at entrances) close() error {
	if at.pages == nil {
		return nil
	}
	return at.pages.Close()
}

// Time-outs of the pages' server. An answer waits for pretix twice at the most, and for BBB once.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	writeTimeout    = 60 * time.Second
	idleTimeout     = 2 * time.Minute
	headerLimit     = 32 << 10 // a token of 8 KiB stands in the address, and may in Referer again
	shutdownTimeout = 15 * time.Second
)

// run serves at the entrances and does the chores, until ctx ends; then it lets the answers under way finish.
func (p *program) run(ctx context.Context, at entrances) error {
	admins := p.openAdminSocket(ctx) // before anybody is let in: who sees us serve can ask us
	var servers []*http.Server
	stopped := make(chan error, 2)
	open := func(server *http.Server, listener net.Listener) {
		servers = append(servers, server)
		go func() { stopped <- server.Serve(listener) }()
	}
	if at.pages != nil {
		open(p.pagesServer(), at.pages)
	}
	if at.scan != nil {
		open(p.Scan.server(), at.scan)
		defer letGarbageGather()()
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	endJournal := p.Scan.startJournal(ctx)
	var chores sync.WaitGroup
	if p.Bridge != nil {
		chores.Go(func() { p.checkLists(ctx) })
	}
	chores.Go(func() { p.Scan.exchange(ctx) })
	chores.Go(func() { p.forget(ctx) })
	chores.Go(func() { admins.run(ctx) })

	var err error
	select {
	case err = <-stopped:
	case <-ctx.Done():
		p.Log.Info("einlass is stopping")
	}
	close(p.closing)
	finish, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer done()
	for _, server := range servers {
		err = errors.Join(err, server.Shutdown(finish))
	}
	cancel()
	chores.Wait()
	endJournal() // scans and uploads under way have ended by now
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (p *program) pagesServer() *http.Server {
	return &http.Server{
		Handler: p.Pages, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: headerLimit,
	}
}
