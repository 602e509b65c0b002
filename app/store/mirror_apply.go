package store

import (
	"context"
	"fmt"

	"github.com/einlass/einlass/pretix/mirror"
)

// keeping decodes the rows of a batch before the transaction begins. Its error means that a row cannot be read.
type keeping func(ctx context.Context, m *Mirror, b mirror.Batch) (prepared, error)

// prepared is a batch ready to be written.
type prepared struct {
	// write says what has changed and how many rows there are more than before.
	write func(ctx context.Context, s *session) (changed change, more int64, err error)
	// fetched is what the journal is told. Orders that have not changed count too: they may have been stored before the
	// journal knew that an upload had come through.
	fetched Fetched
}

// keepers are the resources that are more than configuration to us.
func keepers() map[string]keeping {
	return map[string]keeping{
		mirror.Orders:  keepOrders,
		mirror.Media:   keepMedia,
		mirror.Revoked: keepSecrets,
		mirror.Blocked: keepSecrets,
		mirror.Badges:  keepBadges,
	}
}

// Apply stores a batch and its progress in one transaction; safe to repeat. What is as it was is left alone and does not
// raise the generation. See mirror.Keeper.
func (m *Mirror) Apply(ctx context.Context, b mirror.Batch) error {
	keep := keepers()[b.Resource]
	if keep == nil {
		keep = keepObjects
	}
	batch, err := keep(ctx, m, b)
	if err != nil {
		return fmt.Errorf("keep %s %s: %w: %w", b.Resource, b.Event, mirror.ErrBadRow, err)
	}
	first := false // this batch completes the list for the first time
	generation, err := m.change(ctx, func(s *session) (change, error) {
		changed, more, err := batch.write(ctx, s)
		if err != nil {
			return nothing, err
		}
		if first, err = isFirst(ctx, s, b); err != nil {
			return nothing, err
		}
		if first {
			changed = configuration // from now on the event may be scanned
		}
		return changed, putProgress(ctx, s, b, more)
	})
	if err != nil {
		return fmt.Errorf("keep %s %s: %w", b.Resource, b.Event, err)
	}
	switch {
	case b.Resource == mirror.Badges && b.Sweep:
		return m.sweepBadges(ctx)
	case b.Resource != mirror.Orders:
		return nil
	case first && m.shared():
		m.indexText(ctx)
	}
	if err := m.settle(ctx, batch.fetched, generation); err != nil {
		return err
	}
	return m.completeOrders(ctx, b)
}

// completeOrders does what a batch of orders asks for beside its rows: the last one of a walk removes the orders that the
// walk has not met, and the last one of a list prepares the search.
func (m *Mirror) completeOrders(ctx context.Context, b mirror.Batch) error {
	if b.Sweep {
		if err := m.sweep(ctx, b); err != nil {
			return fmt.Errorf("sweep orders of %s: %w", b.Event, err)
		}
		if err := m.analyze(ctx); err != nil {
			return err
		}
	}
	if !b.Done {
		return nil
	}
	return m.PrepareSearch(ctx)
}

// analyze tells PostgreSQL how large its tables have become: until it has found out by itself, about a minute after the
// first pull, it would read all orders for each scan. VACUUM marks their pages as visible to everybody, so that a search
// need not look beyond an index.
func (m *Mirror) analyze(ctx context.Context) error {
	if !m.shared() {
		return nil
	}
	if _, err := exec(ctx, m.db.writer, `VACUUM (ANALYZE) orders, positions, media, media_positions, secrets`); err != nil {
		return fmt.Errorf("analyze the copy: %w", err)
	}
	return nil
}

// isFirst says whether a batch is the first that completes a list.
func isFirst(ctx context.Context, s *session, b mirror.Batch) (bool, error) {
	const query = `SELECT count(*) FROM progress WHERE resource = $1 AND event = $2 AND succeeded_us > 0`
	if !b.Done {
		return false, nil
	}
	n, err := one(ctx, s, scanInt, query, b.Resource, b.Event)
	return n == 0, err
}

// settle tells the journal what is in the copy now.
func (m *Mirror) settle(ctx context.Context, f Fetched, generation int64) error {
	if m.settler == nil || len(f.Positions) == 0 {
		return nil
	}
	if err := m.settler.Settle(ctx, f, generation); err != nil {
		return fmt.Errorf("settle check-ins: %w", err)
	}
	return nil
}
