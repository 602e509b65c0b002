package pretix

import (
	"fmt"
	"time"
)

// Event is a shop: one event, or a series whose dates are SubEvents.
type Event struct {
	Slug         string            `json:"slug"`
	Name         I18n              `json:"name"`
	Live         bool              `json:"live"`
	TestMode     bool              `json:"testmode"`
	HasSubEvents bool              `json:"has_subevents"`
	Timezone     string            `json:"timezone"` // IANA name; times in answers carry the server's offset instead
	PublicURL    string            `json:"public_url"`
	Place        I18n              `json:"location"`
	From         time.Time         `json:"date_from"`
	To           *time.Time        `json:"date_to"`
	MetaData     map[string]string `json:"meta_data"`
	ValidKeys    ValidKeys         `json:"valid_keys"` // only from the event itself, not from the list of events
}

// ValidKeys are the keys that sign the tickets of an event.
type ValidKeys struct {
	PretixSig1 []string `json:"pretix_sig1"` // base64 of a PEM block with an Ed25519 public key
}

// Location loads the event's time zone. Calendar days (of a nonce, on a page) are days of this zone.
func (e Event) Location() (*time.Location, error) {
	if e.Timezone == "" || e.Timezone == "Local" {
		return nil, fmt.Errorf("event %s: pretix names no usable time zone (%q)", e.Slug, e.Timezone)
	}
	loc, err := time.LoadLocation(e.Timezone)
	if err != nil {
		return nil, fmt.Errorf("event %s: time zone: %w", e.Slug, err)
	}
	return loc, nil
}

// SubEvent is one date of a series.
type SubEvent struct {
	ID           int64      `json:"id"`
	Event        string     `json:"event"`
	Name         I18n       `json:"name"`
	Active       bool       `json:"active"` // false unless asked for at creation
	IsPublic     bool       `json:"is_public"`
	From         time.Time  `json:"date_from"`
	To           *time.Time `json:"date_to"` // nil: open end
	Admission    *time.Time `json:"date_admission"`
	Location     I18n       `json:"location"`
	LastModified time.Time  `json:"last_modified"`
	// MetaData holds only what was set on this date. What it inherits is in Event.MetaData, then MetaProperty.Default.
	MetaData map[string]string `json:"meta_data"`
}

// MetaProperty is a name that the meta data of events and dates may use.
type MetaProperty struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"` // case sensitive
	Default string `json:"default"`
}

// Version is the answer of a pretix server to "which version are you".
type Version struct {
	Pretix  string `json:"pretix"`         // "2026.8.0"
	Numeric int64  `json:"pretix_numeric"` // grows with the version
}
