package pretixsim

import "time"

// Text is a multi-lingual text by language code.
type Text map[string]string

// German returns a text in the default language only.
func German(text string) Text { return Text{"de": text} }

// Organizer is the account that owns events.
type Organizer struct {
	Slug, Name     string
	MetaProperties []string // names; their default is ""
}

// Event is a shop: a series of dates or a single event.
type Event struct {
	Organizer     string // default: the first organizer
	Slug          string
	Name          Text
	Timezone      string // default Europe/Berlin
	Locale        string // default de
	HasSubEvents  bool
	Meta          map[string]string // by property name
	DateFrom      time.Time         // default now
	DateTo        time.Time
	DateAdmission time.Time

	SignatureKeys  []string       // public keys of signed secrets, base64 of PEM
	SeatingPlan    int            // id, 0: none
	SeatCategories map[string]int // item id by category of the plan
}

// Category groups items.
type Category struct {
	Name     Text
	Position int
	IsAddon  bool
}

// Item is a product.
type Item struct {
	Name             Text
	Price            string // default "0.00"
	Category         int    // id, 0: none
	Position         int
	NoAdmission      bool
	RequireVoucher   bool
	GenerateTickets  bool // false shows as null: the event decides
	CheckinAttention bool
	CheckinText      string
	Variations       []Variation
	AddonCategories  []int
}

// Variation is one choice within an item.
type Variation struct {
	Value            Text
	Price            string
	CheckinAttention bool
	CheckinText      string
}

// Question is asked per ticket, in the shop or at check-in.
type Question struct {
	Identifier        string
	Question          Text
	Type              string // S (default) string, B boolean, C choice, M choices, N number, T text
	Required          bool
	AskDuringCheckin  bool
	ShowDuringCheckin bool
	Items             []int
	Position          int
	Options           []Option
}

// Option is one choice of a C or M question.
type Option struct {
	Identifier string
	Answer     Text
	Position   int
}

// SubEvent is one date of a series.
type SubEvent struct {
	Name          Text
	DateFrom      time.Time
	DateTo        time.Time // zero: no end
	DateAdmission time.Time
	Inactive      bool
	Private       bool
	Meta          map[string]string
	Comment       string
	Location      Text
	FrontpageText Text
}

// Quota limits sales; Size nil is unlimited.
type Quota struct {
	Name       string
	Size       *int
	Items      []int
	Variations []int
	SubEvent   int
}

// List is a check-in list. The zero value admits every product of every date once.
type List struct {
	Name                 string
	LimitProducts        []int // nil: all products; empty: none
	SubEvent             int   // 0: all dates
	IncludePending       bool
	AllowMultipleEntries bool
	NoEntryAfterExit     bool
	AddonMatch           bool
	Rules                map[string]any // JSON logic
}

// Order is a purchase.
type Order struct {
	Code            string // default: generated
	Status          string // p (default) paid, n pending, e expired, c canceled
	Email           string // default code@example.invalid
	Locale          string // default: the event's
	TestMode        bool
	RequireApproval bool
	ValidIfPending  bool
	Datetime        time.Time // default three days ago
	Expires         time.Time // default in two weeks
	Cancelled       time.Time
	InvoiceAddress  *Address
	Positions       []Position
}

// Address is an invoice address.
type Address struct{ Name, Street, ZipCode, City, Country string }

// Position is one ticket. ID and PositionID are set by AddOrder, the secrets too when they are empty.
type Position struct {
	ID         int // unique in the installation
	PositionID int // 1.. within the order

	Item         int
	Variation    int
	SubEvent     int
	Price        string // default "0.00"
	AttendeeName string // "": null
	Answers      []Answer
	Voucher      int
	AddonTo      int // PositionID of the parent, 0: none
	Secret       string
	Canceled     bool
	Blocked      []string // nil: not blocked
	ValidFrom    time.Time
	ValidUntil   time.Time
	Seat         *Seat
}

// Answer is given by the question's identifier; the value of a choice is the option's identifier.
type Answer struct{ Question, Value string }

// Seat is a numbered place.
type Seat struct {
	ID                    int
	Name, GUID, Zone, Row string
	Number                string
}
