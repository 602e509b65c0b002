package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix/mirror"
)

// badge is what is printed on the badge of a position.
type badge struct {
	ID      int64           `json:"id"`
	Item    int64           `json:"item"`
	PDFData json.RawMessage `json:"pdf_data"`
}

// keepBadges keeps what is printed on badges, for products that have some. A position need not be in the copy yet.
func keepBadges(ctx context.Context, m *Mirror, b mirror.Batch) (prepared, error) {
	badged, err := mirror.ReadBadged(ctx, m, b.Event)
	if err != nil {
		return prepared{}, err
	}
	var badges []badge
	for _, raw := range b.Rows {
		var order struct {
			Positions []badge `json:"positions"`
		}
		if json.Unmarshal(raw, &order) == nil { // if not, the order itself is noted as unreadable
			badges = append(badges, order.Positions...)
		}
	}
	return prepared{write: func(ctx context.Context, s *session) (change, int64, error) {
		for _, one := range badges {
			if err := putBadge(ctx, s, one, badged.Has(one.Item)); err != nil {
				return nothing, 0, err
			}
		}
		return nothing, 0, nil // no verdict depends on it
	}}, nil
}

func putBadge(ctx context.Context, q querier, b badge, printed bool) error {
	const put = `INSERT INTO badge_data (position, pdf_data) VALUES ($1, $2)
		ON CONFLICT (position) DO UPDATE SET pdf_data = excluded.pdf_data WHERE badge_data.pdf_data <> excluded.pdf_data`
	if !printed || len(b.PDFData) == 0 || string(b.PDFData) == "null" {
		return removeBadge(ctx, q, b.ID)
	}
	if _, err := exec(ctx, q, put, b.ID, []byte(b.PDFData)); err != nil {
		return fmt.Errorf("badge of position %d: %w", b.ID, err)
	}
	return nil
}

func removeBadge(ctx context.Context, q querier, position int64) error {
	const remove = `DELETE FROM badge_data WHERE position = $1`
	if _, err := exec(ctx, q, remove, position); err != nil {
		return fmt.Errorf("badge of position %d: %w", position, err)
	}
	return nil
}

// sweepBadges removes the badges of positions that are not in the copy.
func (m *Mirror) sweepBadges(ctx context.Context) error {
	const query = `SELECT position FROM badge_data b WHERE NOT EXISTS (SELECT 1 FROM positions p WHERE p.id = b.position) LIMIT $1`
	for {
		gone, err := all(ctx, m.db.reader, scanInt, query, removeAtOnce)
		if err != nil {
			return fmt.Errorf("sweep badges: %w", err)
		}
		err = m.write(ctx, func(q querier) error {
			for _, position := range gone {
				if err := removeBadge(ctx, q, position); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(gone) < removeAtOnce {
			return err
		}
	}
}

// BadgeData returns what is printed on the badge of a position, a JSON object as pretix sent it; nil if nothing is known.
func (m *Mirror) BadgeData(ctx context.Context, position int64) (json.RawMessage, error) {
	const query = `SELECT pdf_data FROM badge_data WHERE position = $1`
	data, err := one(ctx, m.db.reader, scanBytes, query, position)
	if errors.Is(err, room.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read badge: %w", err)
	}
	return data, nil
}
