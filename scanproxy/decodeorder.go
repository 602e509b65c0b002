package scanproxy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DecodeOrder builds the tickets of an order from orders/{code}/. Whether a medium is linked to them is for the caller to
// add.
func DecodeOrder(event string, data []byte) ([]Ticket, error) {
	var raw struct {
		Code            string            `json:"code"`
		Status          OrderStatus       `json:"status"`
		Email           *string           `json:"email"`
		Locale          *string           `json:"locale"`
		Attention       bool              `json:"checkin_attention"`
		CheckinText     *string           `json:"checkin_text"`
		RequireApproval bool              `json:"require_approval"`
		ValidIfPending  bool              `json:"valid_if_pending"`
		Positions       []json.RawMessage `json:"positions"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("decode order: %w", err)
	}
	order := Order{
		Code: raw.Code, Status: raw.Status, Email: orZero(raw.Email), Locale: orZero(raw.Locale),
		Attention: raw.Attention, CheckinText: orZero(raw.CheckinText),
		RequireApproval: raw.RequireApproval, ValidIfPending: raw.ValidIfPending,
	}
	var tickets []Ticket
	for _, p := range raw.Positions {
		t, err := decodePosition(p)
		if err != nil {
			return nil, fmt.Errorf("decode order %s: position: %w", raw.Code, err)
		}
		t.Event, t.Order = event, order
		tickets = append(tickets, t)
	}
	return tickets, nil
}

func decodePosition(data []byte) (Ticket, error) {
	var raw struct {
		ID            int64      `json:"id"`
		PositionID    int64      `json:"positionid"`
		Item          int64      `json:"item"`
		Variation     *int64     `json:"variation"`
		SubEvent      *int64     `json:"subevent"`
		Secret        string     `json:"secret"`
		AddonTo       *int64     `json:"addon_to"`
		AttendeeName  *string    `json:"attendee_name"`
		AttendeeEmail *string    `json:"attendee_email"`
		ValidFrom     *time.Time `json:"valid_from"`
		ValidUntil    *time.Time `json:"valid_until"`
		Seat          *struct {
			Name string `json:"name"`
		} `json:"seat"`
		Blocked  json.RawMessage `json:"blocked"`
		Answers  []answerJSON    `json:"answers"`
		Checkins []checkinJSON   `json:"checkins"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Ticket{}, err
	}
	t := Ticket{
		ID: raw.ID, PositionID: raw.PositionID, Item: raw.Item,
		Variation: orZero(raw.Variation), SubEvent: orZero(raw.SubEvent), Secret: Code(raw.Secret), AddonTo: orZero(raw.AddonTo),
		AttendeeName: orZero(raw.AttendeeName), AttendeeEmail: orZero(raw.AttendeeEmail),
		ValidFrom: orZero(raw.ValidFrom), ValidUntil: orZero(raw.ValidUntil),
		Blocked: isBlocked(raw.Blocked), Raw: data,
	}
	if raw.Seat != nil {
		t.Seat = raw.Seat.Name
	}
	for _, a := range raw.Answers {
		t.Answers = append(t.Answers, a.answer())
	}
	for _, c := range raw.Checkins {
		t.Checkins = append(t.Checkins, c.checkin())
	}
	slices.SortFunc(t.Checkins, func(a, b Checkin) int { return cmp.Compare(a.ID, b.ID) })
	return t, nil
}

// isBlocked: pretix lists the reasons of a block. null and an empty list are none.
func isBlocked(raw json.RawMessage) bool {
	switch strings.Join(strings.Fields(string(raw)), "") {
	case "", "null", "[]":
		return false
	}
	return true
}

type answerJSON struct {
	Question int64   `json:"question"`
	Answer   string  `json:"answer"`
	Options  []int64 `json:"options"`
}

func (a answerJSON) answer() Answer {
	if len(a.Options) == 0 {
		return Answer{a.Question, a.Answer}
	}
	ids := make([]string, len(a.Options))
	for i, id := range a.Options {
		ids[i] = formatID(id)
	}
	return Answer{a.Question, strings.Join(ids, ",")}
}

type checkinJSON struct {
	ID       int64     `json:"id"`
	List     int64     `json:"list"`
	Type     string    `json:"type"`
	Datetime time.Time `json:"datetime"`
	DeviceID *int64    `json:"device_id"`
}

func (c checkinJSON) checkin() Checkin {
	return Checkin{ID: c.ID, List: c.List, Type: ScanType(strings.ToUpper(c.Type)), At: c.Datetime, Device: orZero(c.DeviceID)}
}

// LinkedMedium is a reusable medium as downloaded.
type LinkedMedium struct {
	Medium
	Type       string // "barcode", "nfc_uid", "nfc_mf0aes"
	Identifier Code
	Positions  []int64 // ids of the linked order positions, also of events that are not synchronised
}

// DecodeMedium reads reusablemedia/{id}/. Older servers name one linked position only.
func DecodeMedium(data []byte) (LinkedMedium, error) {
	var raw struct {
		ID         int64      `json:"id"`
		Type       string     `json:"type"`
		Identifier string     `json:"identifier"`
		Active     bool       `json:"active"`
		Expires    *time.Time `json:"expires"`
		Position   *int64     `json:"linked_orderposition"`
		Positions  *[]int64   `json:"linked_orderpositions"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return LinkedMedium{}, fmt.Errorf("decode reusable medium: %w", err)
	}
	m := LinkedMedium{
		Medium: Medium{ID: raw.ID, Active: raw.Active, Expires: orZero(raw.Expires)},
		Type:   raw.Type, Identifier: Code(raw.Identifier),
	}
	switch {
	case raw.Positions != nil:
		m.Positions = *raw.Positions
	case raw.Position != nil:
		m.Positions = []int64{*raw.Position}
	}
	return m, nil
}
