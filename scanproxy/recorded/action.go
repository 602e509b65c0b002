package recorded

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// Action is a recorded scan, search, status or other request.
type Action struct {
	Action       string           `json:"action"` // scan, search, status, validate_answer, decode_signed, upload, upload_failed
	Now          *time.Time       `json:"now"`
	Lists        Selections       `json:"lists"`
	Secret       string           `json:"secret"`
	Source       string           `json:"source_type"`
	Type         string           `json:"type"` // entry (also "") or exit
	Answers      map[int64]string `json:"answers"`
	IgnoreUnpaid bool             `json:"ignore_unpaid"`
	AllowQuest   *bool            `json:"allow_questions"` // nil: true
	Nonce        *string          `json:"nonce"`
	ExchangeType *string          `json:"exchange_medium_type"`
	ExchangeID   *string          `json:"exchange_medium_identifier"`
	BadgeData    bool             `json:"with_badge_data"`  // as the next one without effect
	OrderLocale  bool             `json:"use_order_locale"` // on a verdict
	ExpectType   string           `json:"expect_type"`      // of a scan that was done before

	Query string `json:"query"`
	Page  int    `json:"page"`

	Question    json.RawMessage `json:"question"`
	Answer      string          `json:"answer"`
	AllOptional bool            `json:"all_answers_optional"`
	ValidKeys   []string        `json:"valid_keys"`

	QueueEntry json.RawMessage `json:"queue_entry"`
	Call       json.RawMessage `json:"call"`
	Response   struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	} `json:"response"`
}

// UnmarshalJSON refuses what a recorded action must not say.
func (a *Action) UnmarshalJSON(data []byte) error {
	type plain Action
	return Strict(data, (*plain)(a))
}

// Scan is the action as the check takes it.
func (a Action) Scan() scanproxy.Scan {
	s := scanproxy.Scan{
		Selected: a.Lists, Code: scanproxy.Code(a.Secret), Source: a.Source, Type: scanproxy.Entry, Answers: a.Answers,
		IgnoreUnpaid: a.IgnoreUnpaid, SkipQuestions: a.AllowQuest != nil && !*a.AllowQuest,
		Exchange: a.ExchangeType != nil || a.ExchangeID != nil,
	}
	if a.Type == "exit" {
		s.Type = scanproxy.Exit
	}
	if a.Nonce != nil {
		s.Nonce = *a.Nonce
	}
	return s
}

// Selections keeps the order of the JSON object: the first event is told about unknown codes.
type Selections []scanproxy.Selection

// UnmarshalJSON reads {"event": list, …}.
func (s *Selections) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		event, err := d.Token()
		if err != nil {
			return err
		}
		var id int64
		if err := d.Decode(&id); err != nil {
			return fmt.Errorf("list of %s: %w", strconv.Quote(fmt.Sprint(event)), err)
		}
		*s = append(*s, scanproxy.Selection{Event: fmt.Sprint(event), List: id})
	}
	return nil
}
