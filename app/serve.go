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

// listeners are where browsers and scanners connect. Nil: that face is not configured.
type listeners struct{ pages, scan net.Listener }

// listen opens the ports of the faces that are configured, and logs where they are.
func (p *program) listen(ctx context.Context) (at listeners, err error) {
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

// close gives the pages' port back when that of scanners could not be had.
func (at listeners) close() error {
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

// run answers at the listeners and does the chores, until ctx ends or a server fails; then it lets the answers under way
// finish. The listeners are closed when it returns.
func (p *program) run(ctx context.Context, at listeners) error {
	admins := p.openAdminSocket(ctx) // before anybody is let in: who sees us serve can ask us
	stopped := make(chan error, 2)
	servers := p.serveAt(at, stopped)
	if at.scan != nil {
		defer collectLessOften()()
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	endJournal := p.Scan.startJournal(ctx)
	var chores sync.WaitGroup
	if p.Bridge != nil {
		chores.Go(func() { p.checkLists(ctx) })
	}
	chores.Go(func() { p.Scan.prepareSearch(ctx) })
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
	err = errors.Join(err, shutDown(ctx, servers))
	cancel()
	chores.Wait()
	endJournal() // scans and uploads under way have ended by now
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// serveAt starts a server for each listener. Each reports to stopped when it ends.
func (p *program) serveAt(at listeners, stopped chan<- error) []*http.Server {
	var servers []*http.Server
	open := func(server *http.Server, listener net.Listener) {
		servers = append(servers, server)
		go func() { stopped <- server.Serve(listener) }()
	}
	if at.pages != nil {
		open(p.pagesServer(), at.pages)
	}
	if at.scan != nil {
		open(p.Scan.server(), at.scan)
	}
	return servers
}

// shutDown closes the servers' ports and waits for the answers under way, shutdownTimeout at most, also after ctx has ended.
func shutDown(ctx context.Context, servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	var errs []error
	for _, server := range servers {
		errs = append(errs, server.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

func (p *program) pagesServer() *http.Server {
	return &http.Server{
		Handler: p.Pages, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: headerLimit,
	}
}
