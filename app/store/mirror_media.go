package store

import (
	"context"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// keepMedia keeps reusable media and what they are linked to.
func keepMedia(_ context.Context, _ *Mirror, b mirror.Batch) (prepared, error) {
	media := make([]scanproxy.LinkedMedium, len(b.Rows))
	for i, raw := range b.Rows {
		medium, err := scanproxy.DecodeMedium(raw)
		if err != nil {
			return prepared{}, err
		}
		media[i] = medium
	}
	return prepared{write: func(ctx context.Context, s *session) (change, int64, error) {
		return writeMedia(ctx, s, b, media)
	}}, nil
}

// writeMedia writes what differs from what is there. media are the rows of the batch, decoded.
func writeMedia(ctx context.Context, s *session, b mirror.Batch, media []scanproxy.LinkedMedium) (changed change, more int64, err error) {
	known, err := idSet(ctx, s, `SELECT id FROM media`)
	if err != nil {
		return nothing, 0, err
	}
	met := map[int64]bool{}
	for i, medium := range media {
		met[medium.ID] = true
		if !known[medium.ID] {
			more++
		}
		written, err := putMedium(ctx, s, medium, b.Rows[i])
		if err != nil {
			return nothing, 0, err
		}
		if written {
			changed = tickets
		}
	}
	for _, id := range gone(known, met, b.Complete, nil) {
		changed = tickets
		more--
		if err := removeMedium(ctx, s, id); err != nil {
			return nothing, 0, err
		}
	}
	return changed, more, nil
}

func removeMedium(ctx context.Context, s *session, id int64) error {
	for _, query := range []string{`DELETE FROM media WHERE id = $1`, `DELETE FROM media_positions WHERE medium = $1`} {
		if _, err := exec(ctx, s, query, id); err != nil {
			return err
		}
	}
	return nil
}

// putMedium writes a medium and its links, if its JSON differs from what is there: written.
func putMedium(ctx context.Context, s *session, medium scanproxy.LinkedMedium, raw []byte) (written bool, err error) {
	const (
		put = `INSERT INTO media (id, type, identifier, active, expires_us, raw) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET type = excluded.type, identifier = excluded.identifier, active = excluded.active,
				expires_us = excluded.expires_us, raw = excluded.raw WHERE media.raw <> excluded.raw`
		unlink = `DELETE FROM media_positions WHERE medium = $1`
		link   = `INSERT INTO media_positions (position, medium) VALUES ($1, $2) ON CONFLICT (position, medium) DO NOTHING`
	)
	n, err := exec(ctx, s, put, medium.ID, medium.Type, medium.Identifier.Reveal(), number(medium.Active), micros(medium.Expires), raw)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := exec(ctx, s, unlink, medium.ID); err != nil {
		return false, err
	}
	for _, position := range medium.Positions {
		if _, err := exec(ctx, s, link, position, medium.ID); err != nil {
			return false, err
		}
	}
	return true, nil
}
