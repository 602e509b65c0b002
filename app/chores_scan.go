package main

import (
	"context"

	"github.com/einlass/einlass/app/store"
)

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
