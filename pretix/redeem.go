package pretix

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

// Redeem asks for a check-in.
type Redeem struct {
	Secret TicketSecret
	Lists  []int64 // ids, at most one per event
	// Nonce makes a repeat harmless: the same nonce again is "ok" and stores nothing. At most 190 characters (more is a
	// server error at pretix); "" sends none. Entry and exit must not share one.
	Nonce string
	// At is when the scan was, sent in microseconds with its offset; zero lets pretix take its own now.
	At   time.Time
	Type string // Entry (also "") or Exit
	// Force skips nearly every test, IgnoreUnpaid the one for payment where the list has IncludePending.
	Force, IgnoreUnpaid bool
	Simulate            bool // all tests, nothing stored
	// QuestionsSupported false: never "incomplete", questions at check-in are skipped.
	QuestionsSupported bool
	Answers            map[int64]string // by question id; options by id or identifier, joined with ","
	Source             string           // what was scanned: "barcode" (also ""), or the type of a reusable medium
}

// Outcomes of a redeem, as in Redeemed.Status.
const (
	RedeemOK         = "ok"
	RedeemError      = "error"
	RedeemIncomplete = "incomplete"
	RedeemExchange   = "exchange"
)

// Reasons of a refusal, as in Redeemed.Reason. Later versions may add some.
const (
	ReasonAlreadyRedeemed  = "already_redeemed"
	ReasonCanceled         = "canceled" // also for an expired order
	ReasonUnpaid           = "unpaid"
	ReasonUnapproved       = "unapproved"
	ReasonBlocked          = "blocked"
	ReasonInvalidTime      = "invalid_time"
	ReasonProduct          = "product"
	ReasonRules            = "rules"
	ReasonRevoked          = "revoked"
	ReasonAmbiguous        = "ambiguous"
	ReasonInvalid          = "invalid" // unknown secret, canceled position, ticket of another date or event
	ReasonAlreadyExchanged = "already_exchanged"
	ReasonMediumInvalid    = "medium_invalid"
	ReasonMediumExists     = "medium_exists"
	ReasonError            = "error"
)

// Redeemed is pretix' verdict. A refusal is a verdict, not an error.
type Redeemed struct {
	Status string `json:"status"`
	Reason string `json:"reason"` // only with RedeemError and RedeemExchange
	// ReasonExplanation is in the language of the event; "" for most reasons.
	ReasonExplanation string   `json:"reason_explanation"`
	RequireAttention  bool     `json:"require_attention"`
	CheckinTexts      []string `json:"checkin_texts"`
	// Position as it was before this request: RedeemOK without Checkins is the first use, with Checkins a repeat. It
	// holds check-ins of the asked lists only. Nil for ReasonInvalid.
	Position  *Position     `json:"position"`
	List      *RedeemedList `json:"list"`
	Questions []Question    `json:"questions"` // only with RedeemIncomplete: every unanswered one, optional ones too
}

// RedeemedList is the list that decided.
type RedeemedList struct {
	ID             int64  `json:"id"`
	Name           string `json:"name"`
	Event          string `json:"event"` // slug
	SubEvent       *int64 `json:"subevent"`
	IncludePending bool   `json:"include_pending"`
}

// maxNonce is in characters.
const maxNonce = 190

// microseconds is the precision at which pretix stores the time of a check-in.
const microseconds = "2006-01-02T15:04:05.000000Z07:00"

// Redeem asks pretix to check a ticket in. It is sent once; after an error with OutcomeUnknown the caller may repeat it
// with the same nonce.
//
//	POST checkinrpc/redeem/ -> 200, 201, 400 or 404 with {"status": …}: a verdict; anything else: an *Error
func (c *Client) Redeem(ctx context.Context, r Redeem) (Redeemed, error) {
	what := call{name: "redeem", method: http.MethodPost, path: c.of("checkinrpc/redeem/"), body: r.wire()}
	if utf8.RuneCountInString(r.Nonce) > maxNonce {
		return Redeemed{}, &Error{Class: Invalid, Call: what.name, Detail: "the nonce is longer than 190 characters"}
	}
	got, err := c.send(ctx, what)
	if err != nil {
		return Redeemed{}, err
	}
	if !isVerdict(got) {
		failed := what.failed(got)
		failed.Detail = hide(failed.Detail, r.Secret.Reveal())
		return Redeemed{}, failed
	}
	var verdict Redeemed
	if err := what.decode(got, &verdict); err != nil {
		return Redeemed{}, err
	}
	return verdict, nil
}

// isVerdict tells a verdict from an error body, which is another object, an array, or HTML. pretix refuses with 400 and
// 404 only: a refusal under another status is not its word.
func isVerdict(got answer) bool {
	var head struct {
		Status string `json:"status"`
	}
	if !isJSON(got.header) || json.Unmarshal(got.body, &head) != nil {
		return false
	}
	switch got.status {
	case http.StatusOK, http.StatusCreated:
		return head.Status == RedeemOK
	case http.StatusBadRequest, http.StatusNotFound:
		return head.Status != ""
	}
	return false
}

// redeemBody is a Redeem as it travels.
type redeemBody struct {
	Secret             string            `json:"secret"`
	Lists              []int64           `json:"lists"`
	Nonce              string            `json:"nonce,omitempty"`
	Datetime           string            `json:"datetime,omitempty"`
	Type               string            `json:"type"`
	Force              bool              `json:"force"`
	IgnoreUnpaid       bool              `json:"ignore_unpaid"`
	Simulate           bool              `json:"simulate,omitempty"`
	QuestionsSupported bool              `json:"questions_supported"`
	Answers            map[string]string `json:"answers,omitempty"`
	Source             string            `json:"source_type,omitempty"`
}

func (r Redeem) wire() redeemBody {
	b := redeemBody{
		Secret: r.Secret.Reveal(), Lists: r.Lists, Nonce: r.Nonce, Type: orDefault(r.Type, Entry), Force: r.Force,
		IgnoreUnpaid: r.IgnoreUnpaid, Simulate: r.Simulate, QuestionsSupported: r.QuestionsSupported, Source: r.Source,
	}
	if !r.At.IsZero() {
		b.Datetime = r.At.Format(microseconds)
	}
	if len(r.Answers) > 0 {
		b.Answers = map[string]string{}
	}
	for id, text := range r.Answers {
		b.Answers[strconv.FormatInt(id, 10)] = text
	}
	return b
}
