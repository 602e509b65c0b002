package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/einlass/einlass/app/room"
)

const dateColumns = `id, room_id, title, from_us, to_us, event, subevent`

func scanDate(from row) (d room.Date, err error) {
	err = from.Scan(&d.ID, &d.RoomID, &d.Title, instant{&d.From}, instant{&d.To}, &d.Event, &d.SubEvent)
	return d, err
}

// Dates returns a room's dates that end after the given instant, ascending by start, at most limit of them.
func (s *Store) Dates(ctx context.Context, roomID int64, after time.Time, limit int) ([]room.Date, error) {
	const query = `SELECT ` + dateColumns + ` FROM dates WHERE room_id = $1 AND to_us > $2
		ORDER BY from_us, id LIMIT $3`
	dates, err := all(ctx, s.reader, scanDate, query, roomID, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read dates of room %d: %w", roomID, err)
	}
	return dates, nil
}

// AllDates returns every date of a room, past ones too, ascending by start.
func (s *Store) AllDates(ctx context.Context, roomID int64) ([]room.Date, error) {
	const query = `SELECT ` + dateColumns + ` FROM dates WHERE room_id = $1 ORDER BY from_us, id`
	dates, err := all(ctx, s.reader, scanDate, query, roomID)
	if err != nil {
		return nil, fmt.Errorf("read all dates of room %d: %w", roomID, err)
	}
	return dates, nil
}

// PutDate creates (ID 0) or changes a date and returns it as it is stored. room.ErrNotFound if room or date is missing.
func (s *Store) PutDate(ctx context.Context, d room.Date) (room.Date, error) {
	const (
		create = `INSERT INTO dates (room_id, title, from_us, to_us, event, subevent)
			VALUES ($1, $2, $3, $4, $5, $6) RETURNING ` + dateColumns
		change = `UPDATE dates SET room_id = $1, title = $2, from_us = $3, to_us = $4, event = $5, subevent = $6
			WHERE id = $7 RETURNING ` + dateColumns
	)
	query := create
	args := []any{d.RoomID, d.Title, d.From, d.To, d.Event, d.SubEvent}
	if d.ID != 0 {
		query, args = change, append(args, d.ID)
	}

	var stored room.Date
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		stored, err = one(ctx, tx, scanDate, query, args...)
		return err
	})
	if isForeignKey(err) {
		err = room.ErrNotFound
	}
	if err != nil {
		return room.Date{}, fmt.Errorf("store date %d of room %d: %w", d.ID, d.RoomID, err)
	}
	return stored, nil
}

// DeleteDate removes a date. room.ErrNotFound.
func (s *Store) DeleteDate(ctx context.Context, id int64) error {
	return s.deleteRow(ctx, "date", id, `DELETE FROM dates WHERE id = $1`)
}
