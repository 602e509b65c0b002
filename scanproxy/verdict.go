package scanproxy

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/einlass/einlass/pretix"
)

// Type is the word by which a scanner knows a verdict.
type Type string

// All verdicts that are made here. MEDIUM_INVALID, MEDIUM_EXISTS and EXCHANGE_REQUIRED exist online only.
const (
	Valid           Type = "VALID"
	Used            Type = "USED"
	Invalid         Type = "INVALID"
	Error           Type = "ERROR"
	Unpaid          Type = "UNPAID"
	Blocked         Type = "BLOCKED"
	InvalidTime     Type = "INVALID_TIME"
	CanceledOrder   Type = "CANCELED"
	Product         Type = "PRODUCT"
	Rules           Type = "RULES"
	AnswersRequired Type = "ANSWERS_REQUIRED"
	Ambiguous       Type = "AMBIGUOUS"
	Revoked         Type = "REVOKED"
	Unapproved      Type = "UNAPPROVED"

	AlreadyExchanged        Type = "ALREADY_EXCHANGED"
	MediumInvalid           Type = "MEDIUM_INVALID"
	MediumExists            Type = "MEDIUM_EXISTS"
	ExchangeRequired        Type = "EXCHANGE_REQUIRED"
	ExchangeRequiredOffline Type = "EXCHANGE_REQUIRED_OFFLINE"
)

// Reason is why a scan was refused, in the words of pretix' failed_checkins.
type Reason string

// The reasons that are reported. pretix refuses others than its own list.
const (
	ReasonInvalid          Reason = pretix.ReasonInvalid
	ReasonRevoked          Reason = pretix.ReasonRevoked
	ReasonAmbiguous        Reason = pretix.ReasonAmbiguous
	ReasonCanceled         Reason = pretix.ReasonCanceled
	ReasonBlocked          Reason = pretix.ReasonBlocked
	ReasonUnapproved       Reason = pretix.ReasonUnapproved
	ReasonInvalidTime      Reason = pretix.ReasonInvalidTime
	ReasonProduct          Reason = pretix.ReasonProduct
	ReasonUnpaid           Reason = pretix.ReasonUnpaid
	ReasonRules            Reason = pretix.ReasonRules
	ReasonAlreadyExchanged Reason = pretix.ReasonAlreadyExchanged
	ReasonAlreadyRedeemed  Reason = pretix.ReasonAlreadyRedeemed
	ReasonError            Reason = pretix.ReasonError
)

// Verdict is the answer to a scan, and what has to be written because of it. In the answer, empty texts and zero numbers
// mean "nothing to say" (null on the wire) unless said otherwise. Field names follow the answer of the Java proxy.
type Verdict struct {
	Type     Type
	ScanType ScanType
	Rule     string // name of the rule that spoke, for logs and the journal

	Message           string // headline, mostly for errors
	ReasonExplanation string

	Ticket       string // name of the product
	Variation    string
	AttendeeName *string // nil: no order known; "": the ticket has no name on it
	Seat         string
	OrderCode    string
	PositionID   int64
	EventSlug    string
	Locale       string          // of the order
	Position     json.RawMessage // the position as pretix sent it

	CheckinTexts     []string // nil: nothing known about the ticket
	RequireAttention bool
	CheckinAllowed   bool // VALID; or the crew may ask and scan again (UNPAID, ANSWERS_REQUIRED)

	RequiredAnswers []QuestionAnswer // only for ANSWERS_REQUIRED, never nil then
	ShownAnswers    []QuestionAnswer
	FirstScanned    time.Time // only for USED

	// What to write. At most one of Admit and Report is set. A repeated nonce sets neither.
	Admit  *Admit
	Report *Report
	Keep   []Answer // new answers to remember for this ticket, whatever the verdict
}

// QuestionAnswer is a question with what is known as its answer.
type QuestionAnswer struct {
	Question Question
	Value    string // "" if open
}

// Admit is an accepted scan: a check-in that counts from now on and must reach pretix.
type Admit struct {
	Subject
	Type    ScanType
	At      time.Time // UTC, whole seconds: what pretix will show later
	Nonce   string    // as the device sent it; "": the journal makes one (NewNonce)
	Answers []Answer  // to the asked questions, old ones too
}

// Report is a refused scan, to be told to pretix.
type Report struct {
	Event, Nonce string
	List         int64
	Type         ScanType
	At           time.Time // UTC, whole seconds
	Reason       Reason
	RawBarcode   Code  // the ticket's secret if one was found, else the cleaned code
	Position     int64 // 0: none was found

	// What a signed code says, if it was one. 0: nothing.
	RawItem, RawVariation, RawSubEvent int64
}

// words are the verdicts that every scanner can read. Newer Android apps know all; a word that an app does not know
// shows up there as the error message of a JSON parser. Source: wire 4.4.
var words = map[Type]bool{
	Valid: true, Used: true, Invalid: true, Error: true, Unpaid: true, Blocked: true, InvalidTime: true,
	CanceledOrder: true, Product: true, Rules: true, AnswersRequired: true, Ambiguous: true, Revoked: true, Unapproved: true,
}

// ForOldClients returns the verdict in words that every client can read: the five about media become ERROR with a
// message in the language of the crew. Only the answer changes, not what is written.
func (v Verdict) ForOldClients(language string) Verdict {
	if words[v.Type] {
		return v
	}
	said := phrases.In(language)
	v.Type, v.Message = Error, cmp.Or(said.ForOldClients[v.Type], said.NotUnderstood)
	return v
}
