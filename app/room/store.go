package room

import (
	"context"
	"time"
)

// Store keeps what the bridge must not lose. app/store fulfils it on SQLite and PostgreSQL.
// Instants come back in UTC with microsecond precision.
type Store interface {
	// Room returns the room with that slug, or ErrNotFound.
	Room(ctx context.Context, slug string) (Room, error)
	// Dates returns a room's dates that end after the given instant, ascending by start, at most limit of them.
	Dates(ctx context.Context, roomID int64, after time.Time, limit int) ([]Date, error)

	// TakeLease gives the lease to want.Browser if nobody holds it, it has run out at now, or that browser holds it
	// already (then it is prolonged). Otherwise it returns the lease that stands in the way and false.
	// Atomic across processes on one database. A lease that is prolonged keeps its Since.
	TakeLease(ctx context.Context, want Lease, now time.Time) (held Lease, taken bool, err error)
	// Lease returns the last lease of a key, run out or not, or ErrNotFound.
	Lease(ctx context.Context, key LeaseKey) (Lease, error)
	// ReleaseLease ends a lease if that browser holds it. No lease is no error.
	ReleaseLease(ctx context.Context, key LeaseKey, browser string) error

	// RecordConsent adds one consent record.
	RecordConsent(ctx context.Context, c Consent) error
	// RecordAudit adds one audit row.
	RecordAudit(ctx context.Context, row AuditRow) error
}

// Registry is what room admins do to rooms and dates. app/store fulfils it beside Store.
type Registry interface {
	// Rooms returns all rooms by name.
	Rooms(ctx context.Context) ([]Room, error)
	// PutRoom creates (ID 0) or changes a room and returns it with its ID. ErrSlugTaken, ErrNotFound.
	PutRoom(ctx context.Context, r Room) (Room, error)
	// DeleteRoom removes a room and its dates. ErrNotFound.
	DeleteRoom(ctx context.Context, id int64) error
	// PutDate creates (ID 0) or changes a date and returns it with its ID. ErrNotFound if room or date is missing.
	PutDate(ctx context.Context, d Date) (Date, error)
	// DeleteDate removes a date. ErrNotFound.
	DeleteDate(ctx context.Context, id int64) error
}
