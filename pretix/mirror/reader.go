package mirror

import (
	"context"

	"github.com/einlass/einlass/pretix"
)

// Reader reads the configuration of one organizer. Errors are those of pretix (*pretix.Error).
type Reader interface {
	// Event returns one event.
	Event(ctx context.Context, slug string) (pretix.Event, error)
	// SubEvent returns one date of a series, whatever its state.
	SubEvent(ctx context.Context, event string, id int64) (pretix.SubEvent, error)
	// SubEvents returns the active dates that are not over, by start. A date without an end counts for a day from its start.
	SubEvents(ctx context.Context, event string) ([]pretix.SubEvent, error)
	// CheckinLists returns the check-in lists of an event.
	CheckinLists(ctx context.Context, event string) ([]pretix.CheckinList, error)
	// Questions returns the questions of an event.
	Questions(ctx context.Context, event string) ([]pretix.Question, error)
	// Items returns the products of an event.
	Items(ctx context.Context, event string) ([]pretix.Item, error)
	// MetaDefault returns the default of a meta property; "" when it has none, does not exist, or may not be read.
	MetaDefault(ctx context.Context, name string) (string, error)
}

// Source is where the configuration comes from: *pretix.Client.
type Source interface {
	Event(ctx context.Context, slug string) (pretix.Event, error)
	SubEvent(ctx context.Context, event string, id int64) (pretix.SubEvent, error)
	SubEvents(ctx context.Context, event string, f pretix.SubEventFilter) ([]pretix.SubEvent, error)
	CheckinLists(ctx context.Context, event string) ([]pretix.CheckinList, error)
	Questions(ctx context.Context, event string) ([]pretix.Question, error)
	Items(ctx context.Context, event string) ([]pretix.Item, error)
	MetaProperties(ctx context.Context) ([]pretix.MetaProperty, error)
}

var (
	_ Source = (*pretix.Client)(nil)
	_ Reader = (*ReadThrough)(nil)
)
