package api

import (
	"encoding/json"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// checkRequest is the body of a check. Pointers: missing and null mean the same, the default. Source: wire 4.1.
type checkRequest struct {
	Selected       selections      `json:"events_and_checkin_lists"` // of the multi-event form
	TicketID       *string         `json:"ticketid"`
	Answers        []answerRequest `json:"answers"`
	IgnoreUnpaid   bool            `json:"ignore_unpaid"`
	WithBadgeData  bool            `json:"with_badge_data"`
	Type           *string         `json:"type"`
	SourceType     *string         `json:"source_type"`
	Nonce          *string         `json:"nonce"`
	AllowQuestions *bool           `json:"allowQuestions"`

	ExchangeType       *string `json:"exchange_medium_type"`
	ExchangeIdentifier *string `json:"exchange_medium_identifier"`

	// UseOrderLocale is true at a kiosk. That it is there at all marks an app that knows the verdicts about media.
	UseOrderLocale given `json:"useOrderLocale"`
}

// given is a boolean of which also counts whether it was sent, be it as null.
type given struct{ there, value bool }

// UnmarshalJSON notes both.
func (g *given) UnmarshalJSON(data []byte) error {
	g.there = true
	return json.Unmarshal(data, &g.value)
}

// answerRequest is an answer. Older apps send the whole question, of which only the id counts. Source: wire 5.1.
type answerRequest struct {
	Question struct {
		ServerID *int64 `json:"server_id"`
	} `json:"question"`
	Value *string `json:"value"`
}

// scan turns the request into what the door is asked.
func (r checkRequest) scan(selected selections) (scanproxy.Scan, error) {
	if r.TicketID == nil {
		return scanproxy.Scan{}, badBody("The request holds no ticketid.")
	}
	direction, known := direction(orEmpty(r.Type))
	if !known {
		return scanproxy.Scan{}, badBody("The type of a check is entry or exit.")
	}
	if len(*r.TicketID) > longestCode || len(orEmpty(r.SourceType)) > longestWord || len(orEmpty(r.Nonce)) > longestNonce {
		return scanproxy.Scan{}, badBody("A field of the request is too long.")
	}
	answers, err := r.answers()
	if err != nil {
		return scanproxy.Scan{}, err
	}
	return scanproxy.Scan{
		Selected: selected, Code: scanproxy.Code(*r.TicketID), Source: orEmpty(r.SourceType), Type: direction,
		Answers: answers, SkipQuestions: r.AllowQuestions != nil && !*r.AllowQuestions, IgnoreUnpaid: r.IgnoreUnpaid,
		Nonce: orEmpty(r.Nonce), ToGuest: r.UseOrderLocale.value,
		Exchange: orEmpty(r.ExchangeType) != "" || orEmpty(r.ExchangeIdentifier) != "",
	}, nil
}

// direction reads the type: apps write it in capitals, scripts as pretix does.
func direction(text string) (scanproxy.ScanType, bool) {
	switch {
	case text == "", strings.EqualFold(text, string(scanproxy.Entry)):
		return scanproxy.Entry, true
	case strings.EqualFold(text, string(scanproxy.Exit)):
		return scanproxy.Exit, true
	}
	return "", false
}

func (r checkRequest) answers() (map[int64]string, error) {
	if len(r.Answers) > mostAnswers {
		return nil, badBody("The request holds too many answers.")
	}
	answers := map[int64]string{}
	for _, a := range r.Answers {
		if a.Question.ServerID == nil || a.Value == nil {
			return nil, badBody("An answer of the request is incomplete.")
		}
		if len(*a.Value) > longestText {
			return nil, badBody("An answer of the request is too long.")
		}
		answers[*a.Question.ServerID] = *a.Value
	}
	return answers, nil
}

// fileScheme begins the answer to a photo question: a path on the phone, which the app never sends along. It means
// nothing here, and must not be opened, here or at pretix. Source: wire 5.1.
const fileScheme = "file:"

// holdsFile says whether an answer is a photo.
func (r checkRequest) holdsFile() bool {
	for _, a := range r.Answers {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(orEmpty(a.Value))), fileScheme) {
			return true
		}
	}
	return false
}

// knowsMedia says whether the app reads the verdicts about media: the library that knows them sends this field, whatever
// the app. Source: proxy 1.6.
func (r checkRequest) knowsMedia() bool { return r.UseOrderLocale.there }

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
