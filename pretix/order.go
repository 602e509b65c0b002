package pretix

import "time"

// Order states, as in Order.Status.
const (
	StatusPaid     = "p"
	StatusPending  = "n"
	StatusExpired  = "e"
	StatusCanceled = "c"
)

// Order is one purchase with its positions.
type Order struct {
	Code   string `json:"code"`  // unique within the organizer, [A-Z0-9]+
	Event  string `json:"event"` // slug; "" from versions that do not send it
	Status string `json:"status"`
	// TestMode marks an order made while the shop was in test mode. pretix checks it in like any other.
	TestMode        bool `json:"testmode"`
	RequireApproval bool `json:"require_approval"`
	// ValidIfPending lets the holder in although the order is still pending.
	ValidIfPending bool       `json:"valid_if_pending"`
	Locale         string     `json:"locale"`
	URL            OrderURL   `json:"url"`
	LastModified   time.Time  `json:"last_modified"`
	Positions      []Position `json:"positions"`
}

// Position is one ticket of an order.
//
// The same type decodes three shapes: positions inside an order, positions from orderpositions/, and the position in
// the answer to a redeem. Fields that one of them lacks keep their zero value.
type Position struct {
	ID         int64        `json:"id"`         // global, never changes
	PositionID int          `json:"positionid"` // 1.. within the order
	Order      string       `json:"order"`      // order code
	Item       int64        `json:"item"`
	Variation  *int64       `json:"variation"`
	SubEvent   *int64       `json:"subevent"` // nil in an event that is no series
	AddonTo    *int64       `json:"addon_to"` // id of the parent position
	Secret     TicketSecret `json:"secret"`
	// PseudonymizationID is unique and harmless to show; it admits nobody.
	PseudonymizationID string `json:"pseudonymization_id"`

	AttendeeName      string            `json:"attendee_name"`       // "" when not given
	AttendeeNameParts map[string]string `json:"attendee_name_parts"` // with "_scheme" when a name was given
	Answers           []Answer          `json:"answers"`             // in no fixed order

	// Canceled is true for a canceled position only; the positions of a canceled order say false.
	Canceled bool `json:"canceled"`
	// Blocked names who blocks the ticket ("admin", "api:…"); nil means that nobody does.
	Blocked    []string   `json:"blocked"`
	ValidFrom  *time.Time `json:"valid_from"`
	ValidUntil *time.Time `json:"valid_until"`
	Checkins   []Checkin  `json:"checkins"` // successful ones, on every list

	// Only in the answer to a redeem.
	RequireAttention     bool   `json:"require_attention"`
	OrderStatus          string `json:"order__status"`
	OrderValidIfPending  bool   `json:"order__valid_if_pending"`
	OrderRequireApproval bool   `json:"order__require_approval"`
	OrderLocale          string `json:"order__locale"`
}

// IsBlocked reports whether somebody blocks the ticket.
func (p Position) IsBlocked() bool { return p.Blocked != nil }

// Answer returns the answer to the question with that identifier, and whether there is one.
func (p Position) Answer(identifier string) (Answer, bool) {
	for _, a := range p.Answers {
		if a.Identifier == identifier {
			return a, true
		}
	}
	return Answer{}, false
}

// Answer is what the buyer or the attendee said to a question. An optional question left open has none.
type Answer struct {
	Question   int64  `json:"question"`
	Identifier string `json:"question_identifier"`
	// Text is "True" or "False" for a yes/no question, and the option's text in the language of that moment for a choice.
	Text              string   `json:"answer"`
	Options           []int64  `json:"options"`
	OptionIdentifiers []string `json:"option_identifiers"`
}

// Types of check-in, as in Checkin.Type and Redeem.Type.
const (
	Entry = "entry"
	Exit  = "exit"
)

// Checkin is a successful check-in. pretix never shows the nonce again.
type Checkin struct {
	ID            int64     `json:"id"`
	List          int64     `json:"list"`
	At            time.Time `json:"datetime"` // in the zone of the pretix server, not of the event
	Type          string    `json:"type"`     // Entry or Exit
	AutoCheckedIn bool      `json:"auto_checked_in"`
	Gate          *int64    `json:"gate"`
	Device        *int64    `json:"device"`    // global id
	DeviceID      *int64    `json:"device_id"` // number within the organizer
}
