package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix/mirror"
)

// putProgress notes how far a list is now.
func putProgress(ctx context.Context, s *session, b mirror.Batch, more int64) error {
	const put = `INSERT INTO progress (resource, event, progress, row_count, tried_us, succeeded_us, retry_us, failures, class, detail)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '', '')
		ON CONFLICT (resource, event) DO UPDATE SET progress = excluded.progress,
			row_count = progress.row_count + excluded.row_count, tried_us = excluded.tried_us,
			succeeded_us = CASE WHEN excluded.succeeded_us = 0 THEN progress.succeeded_us ELSE excluded.succeeded_us END,
			retry_us = 0, failures = 0, class = '', detail = ''`
	text, err := json.Marshal(b.Progress)
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	var done int64
	if b.Done {
		done = b.At.UnixMicro()
	}
	if _, err := exec(ctx, s, put, b.Resource, b.Event, string(text), more, b.At, done); err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	return nil
}

// Failed notes that a list could not be fetched. See mirror.Keeper.
func (m *Mirror) Failed(ctx context.Context, key mirror.Key, f mirror.Failure) error {
	const put = `INSERT INTO progress (resource, event, progress, row_count, tried_us, succeeded_us, retry_us, failures, class, detail)
		VALUES ($1, $2, '{}', 0, $3, 0, $4, $5, $6, $7)
		ON CONFLICT (resource, event) DO UPDATE SET tried_us = excluded.tried_us, retry_us = excluded.retry_us,
			failures = excluded.failures, class = excluded.class, detail = excluded.detail`
	err := m.write(ctx, func(q querier) error {
		_, err := exec(ctx, q, put, key.Resource, key.Event, f.At, f.RetryAt, f.Failures, f.Class, f.Detail)
		return err
	})
	if err != nil {
		return fmt.Errorf("note failure of %s %s: %w", key.Resource, key.Event, err)
	}
	return nil
}

const stateColumns = `SELECT resource, event, progress, row_count, tried_us, succeeded_us, retry_us, failures, class, detail,
	CASE WHEN resource = 'orders' THEN (SELECT count(*) FROM unreadable u WHERE u.event = progress.event) ELSE 0 END FROM progress`

// State returns how far a list is. See mirror.Keeper.
func (m *Mirror) State(ctx context.Context, key mirror.Key) (mirror.State, error) {
	const query = stateColumns + ` WHERE resource = $1 AND event = $2`
	state, err := one(ctx, m.db.reader, scanState, query, key.Resource, key.Event)
	if errors.Is(err, room.ErrNotFound) {
		return mirror.State{Key: key}, nil
	}
	if err != nil {
		return mirror.State{}, fmt.Errorf("read progress of %s %s: %w", key.Resource, key.Event, err)
	}
	return state, nil
}

// States returns how every list is doing, by event and resource, for those who operate the proxy.
func (m *Mirror) States(ctx context.Context) ([]mirror.State, error) {
	const query = stateColumns + ` ORDER BY event, resource`
	states, err := all(ctx, m.db.reader, scanState, query)
	if err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	return states, nil
}

func scanState(from row) (s mirror.State, err error) {
	var text string
	err = from.Scan(&s.Resource, &s.Event, &text, &s.Rows, moment{&s.Tried}, moment{&s.Succeeded}, moment{&s.RetryAt},
		&s.Failures, &s.Class, &s.Detail, &s.Unreadable)
	if err != nil {
		return s, err
	}
	if s.Class != "" {
		s.At = s.Tried
	}
	return s, json.Unmarshal([]byte(text), &s.Progress)
}
