package main

import (
	"context"
	"time"

	"github.com/einlass/einlass/app/store"
)

// report logs what einlass doctor would complain about: copy, uploads, scanners and disk. Whoever reads it in the
// afternoon can still do something before the doors open.
func (s *scanFace) report(ctx context.Context) {
	d := adminEnv{store: s.Store, scan: s.Config, pretix: s.Pretix, now: s.now(), zone: time.UTC}
	status, err := d.scanStatus(ctx, s.Copy)
	if s.failed(ctx, "state of the scan proxy not known", err) {
		return
	}
	check := &checkup{now: s.now, tell: func(mark, text, cure string) {
		if mark != allWell {
			s.Log.WarnContext(ctx, "scan proxy is not well", "finding", text, "cure", cure)
		}
	}}
	check.copies(status.Events, true)
	check.uploads(status.Uploads)
	check.scanners(status.Devices)
	check.disk(freeSpace(s.Database))
}

// prepareSearch does at start what the first search would have to wait for. A synchronisation does so too, but there may be no
// internet. Of a nil scanFace it does nothing.
func (s *scanFace) prepareSearch(ctx context.Context) {
	if s == nil {
		return
	}
	if err := s.Copy.PrepareSearch(ctx); err != nil && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "the first search will be slow", "error", err)
	}
}

// forget erases the orders of what has been over for long enough, then what the journal kept of its scans.
func (s *scanFace) forget(ctx context.Context) {
	before := s.now().Add(-s.Config.Retention)
	orders, err := s.Copy.ForgetOrders(ctx, before)
	if s.failed(ctx, "old orders not erased", err) {
		return
	}
	if orders > 0 {
		s.Log.InfoContext(ctx, "old orders erased", "orders", orders)
	}
	gone, err := s.Journal.Forget(ctx, s.Copy, before)
	if gone != (store.ForgottenScans{}) {
		s.Log.InfoContext(ctx, "old scans erased", "checkins", gone.Checkins, "refusals", gone.Refusals,
			"print_logs", gone.PrintLogs, "answers", gone.Answers, "names", gone.Trimmed)
	}
	s.failed(ctx, "old scans not erased", err)
}
