package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// hourly is how often pretix is asked for its version, what is old is erased, and what is not well is logged.
const hourly = time.Hour

// startJournal runs the journal until end is called, even if ctx ends before: a scan that is under way when einlass stops
// is still decided. Of a nil scanFace it does nothing.
func (s *scanFace) startJournal(ctx context.Context) (end func()) {
	if s == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.Journal.Run(ctx); err != nil {
			s.Log.ErrorContext(ctx, "journal ended", "error", err)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// exchange runs a round with pretix, waits for scan_sync, and so on until ctx ends. Of a nil scanFace it does nothing.
func (s *scanFace) exchange(ctx context.Context) {
	if s == nil {
		return
	}
	var cleaned time.Time
	for ctx.Err() == nil {
		s.round(ctx)
		if now := s.now(); now.Sub(cleaned) >= hourly {
			cleaned = now
			s.learn(ctx)
			s.forget(ctx)
			s.report(ctx)
		}
		pause(ctx, s.Config.Every)
	}
}

// round exchanges once with pretix: first what happened at the door goes up, then what changed comes down. Where several
// processes share a database, one of them does it for all.
func (s *scanFace) round(ctx context.Context) {
	if !s.takeTurn(ctx) {
		return
	}
	if s.link == nil && s.tokenRefused {
		return
	}
	if s.link == nil {
		if s.failed(ctx, "scan proxy not connected to pretix", s.connect(ctx)) {
			return
		}
	}
	s.upload(ctx)
	s.pull(ctx)
}

// pull brings the copy up to date. That may take minutes, so what happens at the door meanwhile goes up too.
func (s *scanFace) pull(ctx context.Context) {
	pulled := make(chan error, 1)
	go func() { pulled <- s.link.puller.Round(ctx) }()
	meanwhile := time.NewTicker(s.Config.Every)
	defer meanwhile.Stop()
	for {
		select {
		case err := <-pulled:
			s.failed(ctx, "copy of pretix not brought up to date", err)
			s.tellReady(ctx)
			return
		case <-meanwhile.C:
			s.upload(ctx)
		}
	}
}

// upload tells pretix what has happened at the door since.
func (s *scanFace) upload(ctx context.Context) {
	tally, err := s.link.uploader.Round(ctx)
	s.failed(ctx, "scans not uploaded", err)
	if tally.Done+tally.Kept+tally.GivenUp > 0 {
		s.Log.InfoContext(ctx, "scans uploaded", "done", tally.Done, "kept", tally.Kept, "given_up", tally.GivenUp,
			"doubles", tally.Doubles, "stopped", tally.Stopped)
	}
}

// failed tells whether err is a failure, and logs it under what: once for each text, and once when it is over. A venue may
// be without internet for hours, and a line every 15 seconds would hide all others. what is the log message, and names
// the failure among others. Nothing is logged once ctx has ended.
func (s *scanFace) failed(ctx context.Context, what string, err error) bool {
	if ctx.Err() != nil {
		return err != nil
	}
	said := s.said[what]
	switch {
	case err == nil && said == "":
		return false
	case err == nil:
		s.Log.InfoContext(ctx, "failure is over", "of", what)
		delete(s.said, what)
		return false
	case err.Error() != said:
		s.Log.ErrorContext(ctx, what, "error", err)
		s.said[what] = err.Error()
	}
	return true
}

// Time-outs of the scanners' server. Apps keep a connection for 5 minutes and send a scan again when it is closed under
// them, so ours stays longer. Source: wire 4.2.
const (
	scanIdleTimeout  = 10 * time.Minute
	scanReadTimeout  = 20 * time.Second
	scanWriteTimeout = 30 * time.Second
)

// server answers scanners.
func (s *scanFace) server() *http.Server {
	return &http.Server{
		Handler: s.Handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: scanReadTimeout, WriteTimeout: scanWriteTimeout,
		IdleTimeout: scanIdleTimeout, MaxHeaderBytes: headerLimit,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn), // else it writes lines of its own between ours
	}
}
