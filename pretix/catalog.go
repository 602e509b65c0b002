package pretix

import (
	"encoding/json"
	"time"
)

// Item is a product.
type Item struct {
	ID            int64       `json:"id"`
	Name          I18n        `json:"name"`
	InternalName  string      `json:"internal_name"`
	Active        bool        `json:"active"`
	Admission     bool        `json:"admission"`    // admits a person
	Personalized  bool        `json:"personalized"` // asks for an attendee's name
	HasVariations bool        `json:"has_variations"`
	Variations    []Variation `json:"variations"`
}

// Variation is one form of a product ("reduced").
type Variation struct {
	ID     int64 `json:"id"`
	Value  I18n  `json:"value"`
	Active bool  `json:"active"`
}

// Types of questions, as in Question.Type.
const (
	QuestionNumber   = "N"
	QuestionLine     = "S"
	QuestionText     = "T"
	QuestionBoolean  = "B"
	QuestionChoice   = "C"
	QuestionMultiple = "M"
	QuestionFile     = "F"
	QuestionDate     = "D"
	QuestionTime     = "H"
	QuestionDatetime = "W"
	QuestionCountry  = "CC"
	QuestionPhone    = "TEL"
)

// Question is asked of the buyer or, with AskDuringCheckin, at the door.
type Question struct {
	ID         int64  `json:"id"`
	Identifier string `json:"identifier"` // stable across copies of an event
	Text       I18n   `json:"question"`
	Type       string `json:"type"`
	// Required: a required yes/no question can only be answered with yes.
	Required           bool             `json:"required"`
	Items              []int64          `json:"items"`
	Options            []QuestionOption `json:"options"`
	Position           int              `json:"position"`
	AskDuringCheckin   bool             `json:"ask_during_checkin"`
	ShowDuringCheckin  bool             `json:"show_during_checkin"`
	DependencyQuestion *int64           `json:"dependency_question"`
	DependencyValues   []string         `json:"dependency_values"`
}

// QuestionOption is one choice of a question.
type QuestionOption struct {
	ID         int64  `json:"id"`
	Identifier string `json:"identifier"`
	Position   int    `json:"position"`
	Answer     I18n   `json:"answer"`
}

// CheckinList says which tickets are checked in where, and how often.
type CheckinList struct {
	ID            int64   `json:"id"`
	Name          string  `json:"name"`
	AllProducts   bool    `json:"all_products"`
	LimitProducts []int64 `json:"limit_products"`
	SubEvent      *int64  `json:"subevent"` // nil: every date of the series
	// IncludePending lists pending orders too; they get in only when the redeem says IgnoreUnpaid.
	IncludePending bool `json:"include_pending"`
	// AllowMultipleEntries lets a ticket in again and again; the nonce then no longer limits it to one day.
	AllowMultipleEntries bool            `json:"allow_multiple_entries"`
	AllowEntryAfterExit  bool            `json:"allow_entry_after_exit"`
	ExitAllAt            *time.Time      `json:"exit_all_at"` // everybody is checked out then
	Rules                json.RawMessage `json:"rules"`       // JSON logic; "{}" when there are none
	AddonMatch           bool            `json:"addon_match"`
}

// Covers reports whether tickets of the item are on the list.
func (l CheckinList) Covers(item int64) bool {
	if l.AllProducts {
		return true
	}
	for _, id := range l.LimitProducts {
		if id == item {
			return true
		}
	}
	return false
}

// HasRules reports whether the list has custom rules.
func (l CheckinList) HasRules() bool {
	switch string(l.Rules) {
	case "", "{}", "null", "[]", `""`:
		return false
	}
	return true
}
