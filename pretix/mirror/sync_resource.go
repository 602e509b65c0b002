package mirror

import "time"

// Names of resources that somebody reasons about.
const (
	Events     = "events"    // of the organizer, as in its list
	Event      = "event"     // one by itself, with its keys
	Settings   = "settings"  // of an event
	SubEvents  = "subevents" // dates, kept by event
	Items      = "items"
	Questions  = "questions"
	Lists      = "checkinlists"
	Layouts    = "badgelayouts"
	BadgeItems = "badgeitems" // which product has which layout
	Categories = "categories" // of products
	Orders     = "orders"
	Revoked    = "revokedsecrets"
	Blocked    = "blockedsecrets"
	Media      = "reusablemedia" // of the organizer
)

// how says in which way a resource is fetched.
type how int

const (
	whole   how = iota // one object
	full               // a list, always all of it, with what is gone deleted
	changed            // as full, but only if pretix says that it has changed (If-Modified-Since)
	since              // what has changed since the last time; now and then all of it
	walked             // as since, but too much to hold: all of it is walked over in windows
)

// Resource is one list of pretix that is copied.
type Resource struct {
	Name     string
	Path     string // below the event or the organizer
	PerEvent bool
	how      how
	every    time.Duration // not more often; 0: each round
	exclude  []string      // fields that nobody at the door needs; never the other way round, so that new fields arrive

	include []string // the only fields that are fetched, of what no scanner is shown

	parameters map[string]string // that every request has
	pages      int64             // of a walked resource in one round, one after the other; 0: by its size

	// For since and walked: the filter, the field it is about, and the field by which all rows come in one order.
	sinceParameter, sinceField, allBy string

	optional bool // older servers, and events without the plugin, have none
}

const (
	often  = time.Minute
	seldom = 5 * time.Minute
)

// Resources is the table of all that is copied, in the order in which it is fetched: an event may be scanned once its
// orders are there, so these come last.
//
// A position's unknown field in exclude is a server error to pretix, so only such as have been there for years stand here.
// The fields of an order are what scanners leave out too, and what opens an order's page at pretix to whoever reads it.
func Resources() []Resource {
	return []Resource{
		{Name: Events, Path: "events/", how: full, every: often},
		{Name: SubEvents, Path: "subevents/", how: since, sinceParameter: "modified_since", sinceField: "last_modified", allBy: "id"},
		{Name: Media, Path: "reusablemedia/", how: since, sinceParameter: "updated_since", sinceField: "updated", allBy: "id", optional: true},

		{Name: Event, PerEvent: true, Path: "", how: whole, every: often},
		{Name: Settings, PerEvent: true, Path: "settings/", how: whole, every: often},
		{Name: Categories, PerEvent: true, Path: "categories/", how: changed, every: seldom},
		{Name: Items, PerEvent: true, Path: "items/", how: changed, every: often},
		{Name: Questions, PerEvent: true, Path: "questions/", how: changed, every: often},
		{Name: Lists, PerEvent: true, Path: "checkinlists/", how: full, every: often, exclude: []string{"checkin_count", "position_count"}},
		{Name: Layouts, PerEvent: true, Path: "badgelayouts/", how: full, every: seldom, optional: true},
		{Name: BadgeItems, PerEvent: true, Path: "badgeitems/", how: full, every: seldom, optional: true},
		{Name: Revoked, PerEvent: true, Path: "revokedsecrets/", how: since, sinceParameter: "created_since", sinceField: "created", allBy: "created", optional: true},
		{Name: Blocked, PerEvent: true, Path: "blockedsecrets/", how: since, sinceParameter: "updated_since", sinceField: "updated", allBy: "updated", optional: true},
		{Name: Orders, PerEvent: true, Path: "orders/", how: walked, sinceParameter: "modified_since", sinceField: "last_modified",
			parameters: map[string]string{"testmode": "false"}, // such orders open no door
			exclude: []string{
				"downloads", "payment_date", "payment_provider", "fees", "payments", "refunds", "positions.downloads", "secret", "url",
			}},
	}
}
