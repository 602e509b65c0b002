package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/einlass/einlass/pretix/mirror"
)

// listedSecret is a row of pretix' lists of revoked and of blocked secrets.
type listedSecret struct {
	ID      int64  `json:"id"`
	Secret  string `json:"secret"`
	Blocked *bool  `json:"blocked"` // nil on the list of revoked secrets
	raw     []byte
}

// keepSecrets keeps revoked and blocked secrets. A secret that is blocked no longer is kept no longer.
func keepSecrets(_ context.Context, _ *Mirror, b mirror.Batch) (prepared, error) {
	rows := make([]listedSecret, len(b.Rows))
	for i, raw := range b.Rows {
		if err := json.Unmarshal(raw, &rows[i]); err != nil {
			return prepared{}, err
		}
		rows[i].raw = raw
	}
	return prepared{write: func(ctx context.Context, s *session) (change, int64, error) {
		return writeSecrets(ctx, s, b, rows)
	}}, nil
}

// writeSecrets writes what differs from what is there. rows are those of the batch, decoded.
func writeSecrets(ctx context.Context, s *session, b mirror.Batch, rows []listedSecret) (changed change, more int64, err error) {
	const (
		put = `INSERT INTO secrets (kind, event, id, secret, raw) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (kind, event, id) DO UPDATE SET secret = excluded.secret, raw = excluded.raw
			WHERE secrets.raw <> excluded.raw`
		remove = `DELETE FROM secrets WHERE kind = $1 AND event = $2 AND id = $3`
		ids    = `SELECT id FROM secrets WHERE kind = $1 AND event = $2`
	)
	known, err := idSet(ctx, s, ids, b.Resource, b.Event)
	if err != nil {
		return nothing, 0, err
	}
	met := map[int64]bool{}
	batch := make([]int64, len(rows))
	for i, r := range rows {
		batch[i] = r.ID
		if r.Blocked != nil && !*r.Blocked {
			continue // removed below
		}
		met[r.ID] = true
		if !known[r.ID] {
			more++
		}
		written, err := exec(ctx, s, put, b.Resource, b.Event, r.ID, r.Secret, r.raw)
		if err != nil {
			return nothing, 0, err
		}
		if written > 0 {
			changed = tickets
		}
	}
	for _, id := range gone(known, met, b.Complete, batch) {
		changed = tickets
		more--
		if _, err := exec(ctx, s, remove, b.Resource, b.Event, id); err != nil {
			return nothing, 0, err
		}
	}
	return changed, more, nil
}

// gone lists the ids to be removed: those of all that is known if the batch is complete, else of the batch only, that are
// known and were not met. batch: ids of the batch.
func gone(known, met map[int64]bool, complete bool, batch []int64) (ids []int64) {
	if complete {
		batch = nil
		for id := range known {
			batch = append(batch, id)
		}
	}
	for _, id := range batch {
		if known[id] && !met[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

func idSet(ctx context.Context, q querier, query string, args ...any) (map[int64]bool, error) {
	ids, err := all(ctx, q, scanInt, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read ids: %w", err)
	}
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set, nil
}
