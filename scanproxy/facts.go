package scanproxy

import (
	"encoding/json"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy/rules"
)

// Event is what a check needs to know of an event: configuration, the same for all its tickets. It is built once and
// shared by many scans, so nobody may change it.
type Event struct {
	Slug       string
	Zone       *time.Location
	Dates      Dates
	SubEvents  map[int64]Dates // of a series
	Keys       pretix.SigningKeys
	Items      map[int64]Item
	Questions  []Question // by position, then id
	MediumOnly bool       // an exchanged ticket counts no longer, only its medium (reusable_media_usage_enforced)
}

// Text is a text in several languages, by language code.
type Text map[string]string

// Item is a product.
type Item struct {
	ID           int64
	Name         Text
	InternalName string // what the crew calls it; "" if it has no name of its own
	Admission    bool
	Attention    bool   // the device shall draw attention to it
	CheckinText  string // to be shown to the crew
	Exchangeable bool   // tickets must be exchanged for a reusable medium (media_policy and media_type are set)
	Variations   []Variation
}

// Variation is one kind of a product.
type Variation struct {
	ID          int64
	Name        Text
	Attention   bool
	CheckinText string
}

// List is a check-in list.
type List struct {
	ID              int64
	Event           string
	Name            string
	AllProducts     bool
	Products        []int64 // those on the list, when not AllProducts
	SubEvent        int64   // the only date that counts; 0: all
	IncludePending  bool    // unpaid tickets may be let in when the crew says so
	MultipleEntries bool
	EntryAfterExit  bool
	MatchAddOns     bool        // the code of a ticket stands for its add-ons too
	Rules           *rules.Rule // nil: none
	RulesError      error       // the rules could not be parsed: nobody is let in
}

// Admits says whether the list is for that product.
func (l *List) Admits(item int64) bool {
	if l.AllProducts {
		return true
	}
	for _, p := range l.Products {
		if p == item {
			return true
		}
	}
	return false
}

// onDate says whether the list is for the date of that ticket.
func (l *List) onDate(t Ticket) bool { return l.SubEvent == 0 || l.SubEvent == t.SubEvent }

// Order is what a check needs to know of an order.
type Order struct {
	Code            string
	Status          OrderStatus
	Email           string
	Locale          string
	Attention       bool
	CheckinText     string
	RequireApproval bool
	ValidIfPending  bool
}

// OrderStatus is a pretix order status.
type OrderStatus string

// The order statuses of pretix.
const (
	Paid     OrderStatus = pretix.StatusPaid
	Pending  OrderStatus = pretix.StatusPending
	Expired  OrderStatus = pretix.StatusExpired
	Canceled OrderStatus = pretix.StatusCanceled
)

// Ticket is one order position with its order; or, when Signed, what a signed code says about a ticket whose order we do
// not have: then only Event, Item, Variation, SubEvent, Secret and the validity are known.
type Ticket struct {
	Event         string
	Order         Order
	Signed        bool
	ID            int64 // of the order position
	PositionID    int64 // its number within the order
	Item          int64
	Variation     int64 // 0: none
	SubEvent      int64 // 0: none
	Secret        Code
	AddonTo       int64 // id of the base ticket; 0: is none's add-on
	AttendeeName  string
	AttendeeEmail string
	Seat          string
	ValidFrom     time.Time // zero: no limit
	ValidUntil    time.Time // zero: no limit
	Blocked       bool
	Exchanged     bool      // at least one reusable medium is linked to it
	Answers       []Answer  // as stored at pretix
	Checkins      []Checkin // as seen at pretix, on all lists
	Raw           json.RawMessage
}

// Answer is an answer to a question, in the form in which it is stored. Chosen options are their ids, joined by commas.
type Answer struct {
	Question int64
	Text     string
}

// Checkin is an entry or exit that pretix has.
type Checkin struct {
	ID     int64
	List   int64
	Type   ScanType
	At     time.Time
	Device int64 // number of the device within the organizer; 0: unknown
}

// Medium is a reusable medium: a card or wristband that stands for tickets.
type Medium struct {
	ID      int64
	Active  bool
	Expires time.Time // zero: never
	Linked  bool      // it stands for at least one ticket, of whichever event
}

// counts: pretix does not see a medium that is switched off, has expired, or stands for no ticket.
func (m Medium) counts(now time.Time) bool { return m.Linked && m.Active && !over(m.Expires, now) }

// Question is a question of the shop.
type Question struct {
	ID       int64
	Position int64
	Type     QuestionType
	Required bool
	Items    []int64 // products that it is asked for
	Options  []Option
	Ask      bool // at check-in
	Show     bool // at check-in
	Limits   Limits
	Raw      json.RawMessage
}

// Option is a choice of a question.
type Option struct {
	ID         int64  `json:"id"`
	Identifier string `json:"identifier"`
}

// Desk is one selected event with its list, as far as they are known here, and what is said there about the code.
type Desk struct {
	Selection
	Event   *Event // nil: not synchronised
	Coming  bool   // pretix may have this event, but its tickets are not all here yet
	List    *List  // nil: not synchronised
	Revoked bool   // the code stands on the event's list of revoked secrets
	Blocked bool   // the code stands on a list of blocked secrets, of whichever event
}

// Facts are all that a verdict depends on.
type Facts struct {
	Scan     Scan
	Now      time.Time
	Gate     int64  // of the device; 0: none
	Language string // of the crew, "" is English

	Desks []Desk // one for each selected event, in the order of the scan

	// Hits are the tickets whose secret is the code, in the selected events. MediumHits are those that a reusable medium
	// with that identifier and the type of the scan's source is linked to, in the selected events, when there is no Hit.
	Hits       []Ticket
	Medium     Medium // zero: none was looked for, or there is none
	MediumHits []Ticket
	AddOns     []Ticket // of all hits, where they may be meant: see wantsAddOns

	History History // of the Subject, from the journal
}
