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
	if p.Pages == nil {
		return errors.Join(usageError("nothing to serve: no face is configured; set pretix_url for the bridge (einlass help serve)"), p.Close())
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), p.Close())
	}
	log.InfoContext(ctx, "einlass started", "listen", listener.Addr().String(), "base_url", cfg.BaseURLs[0],
		"database", p.Store.Engine(), "version", releaseName())
	return errors.Join(p.run(ctx, listener), p.Close())
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

// run serves on the listener and does the chores, until ctx ends; then it lets the answers under way finish.
func (p *program) run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: p.Pages, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: headerLimit,
	}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var chores sync.WaitGroup
	chores.Go(func() { p.checkLists(ctx) })
	chores.Go(func() { p.forget(ctx) })
	admins := p.openAdminSocket(ctx)
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
	err = errors.Join(err, server.Shutdown(finish))
	cancel()
	chores.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
