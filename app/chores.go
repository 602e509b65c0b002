package main

import (
	"context"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
)

// checkLists tells the operator at start which check-in list is used, and what is wrong with it: at 19:59 it is too late.
func (p *program) checkLists(ctx context.Context) {
	for _, f := range productLists(ctx, p.Catalog, p.Config.Pretix) {
		log := p.Log.With("event", f.event, "product", f.product)
		switch {
		case ctx.Err() != nil:
			return
		case f.err != nil:
			log.ErrorContext(ctx, "check-in list not usable", "error", f.err)
			continue
		}
		log.InfoContext(ctx, "check-in list found", "list", f.list.ID, "name", f.list.Name)
		for _, w := range room.ListWarnings(f.list) {
			log.WarnContext(ctx, "check-in list breaks the concept", "list", f.list.ID, "because", "the list "+w)
		}
	}
}

const (
	forgetEvery = time.Hour
	// A lease that has run out still tells which browser came last: a double login reads better for it.
	leasesTell = 24 * time.Hour
)

// forget erases what was kept about people for long enough.
func (p *program) forget(ctx context.Context) {
	ticker := time.NewTicker(forgetEvery)
	defer ticker.Stop()
	for {
		now := p.now()
		gone, err := p.Store.Forget(ctx, store.Retention{
			Consents: now.Add(-p.Config.Retention.Consents),
			Audit:    now.Add(-p.Config.Retention.Audit),
			Leases:   now.Add(-leasesTell),
		})
		if err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "old records not erased", "error", err)
		} else if gone != (store.Forgotten{}) {
			p.Log.InfoContext(ctx, "old records erased", "consents", gone.Consents, "audit", gone.Audit, "leases", gone.Leases)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
