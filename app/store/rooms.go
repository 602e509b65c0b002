package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/einlass/einlass/app/room"
)

const roomColumns = `id, slug, name, description, shop_url, meeting_id, wait_for_moderator, access, code, recording`

func scanRoom(from row) (r room.Room, err error) {
	err = from.Scan(&r.ID, &r.Slug, &r.Name, &r.Description, &r.ShopURL, &r.MeetingID, &r.WaitForModerator,
		&r.Access, &r.Code, &r.Recording)
	return r, err
}

// Room returns the room with that slug, or room.ErrNotFound.
func (s *Store) Room(ctx context.Context, slug string) (room.Room, error) {
	const query = `SELECT ` + roomColumns + ` FROM rooms WHERE slug = $1`
	found, err := one(ctx, s.reader, scanRoom, query, slug)
	if err != nil {
		return room.Room{}, fmt.Errorf("read room %q: %w", slug, err)
	}
	return found, nil
}

// Rooms returns all rooms by name, in the order of a German phone book's index, whatever the engine's own order is.
func (s *Store) Rooms(ctx context.Context) ([]room.Room, error) {
	const query = `SELECT ` + roomColumns + ` FROM rooms ORDER BY id`
	rooms, err := all(ctx, s.reader, scanRoom, query)
	if err != nil {
		return nil, fmt.Errorf("read rooms: %w", err)
	}
	order := collate.New(language.German, collate.IgnoreCase)
	slices.SortStableFunc(rooms, func(a, b room.Room) int {
		return cmp.Or(order.CompareString(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return rooms, nil
}

// PutRoom creates (ID 0) or changes a room and returns it as it is stored. room.ErrSlugTaken, room.ErrNotFound.
func (s *Store) PutRoom(ctx context.Context, r room.Room) (room.Room, error) {
	const (
		create = `INSERT INTO rooms
			(slug, name, description, shop_url, meeting_id, wait_for_moderator, access, code, recording)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ` + roomColumns
		change = `UPDATE rooms SET slug = $1, name = $2, description = $3, shop_url = $4, meeting_id = $5,
			wait_for_moderator = $6, access = $7, code = $8, recording = $9
			WHERE id = $10 RETURNING ` + roomColumns
	)
	query := create
	args := []any{r.Slug, r.Name, r.Description, r.ShopURL, r.MeetingID, r.WaitForModerator,
		string(r.Access), r.Code, string(r.Recording)}
	if r.ID != 0 {
		query, args = change, append(args, r.ID)
	}

	var stored room.Room
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		stored, err = one(ctx, tx, scanRoom, query, args...)
		return err
	})
	if isUnique(err) {
		err = room.ErrSlugTaken
	}
	if err != nil {
		return room.Room{}, fmt.Errorf("store room %q: %w", r.Slug, err)
	}
	return stored, nil
}

// DeleteRoom removes a room and its dates. room.ErrNotFound.
func (s *Store) DeleteRoom(ctx context.Context, id int64) error {
	return s.deleteRow(ctx, "room", id, `DELETE FROM rooms WHERE id = $1`)
}

func (s *Store) deleteRow(ctx context.Context, what string, id int64, query string) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		gone, err := exec(ctx, tx, query, id)
		if err == nil && gone == 0 {
			return room.ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete %s %d: %w", what, id, err)
	}
	return nil
}
