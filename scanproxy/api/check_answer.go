package api

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// checkAnswer is the answer to a check. Every field is always there, null where nothing is to be said.
// Source: wire 4.3, proxy 1.6.
type checkAnswer struct {
	Type     scanproxy.Type     `json:"type"`
	ScanType scanproxy.ScanType `json:"scanType"`

	Ticket       *string `json:"ticket"`
	Variation    *string `json:"variation"`
	AttendeeName *string `json:"attendee_name"`
	Seat         *string `json:"seat"`
	Message      *string `json:"message"`
	OrderCode    *string `json:"orderCode"`
	PositionID   *int64  `json:"positionId"`
	FirstScanned *string `json:"firstScanned"` // 2021-05-12T12:00:00.000Z
	AddonText    *string `json:"addonText"`    // always null, no app shows it

	ReasonExplanation *string  `json:"reasonExplanation"`
	CheckinTexts      []string `json:"checkinTexts"`
	RequireAttention  bool     `json:"isRequireAttention"`
	CheckinAllowed    bool     `json:"isCheckinAllowed"`

	RequiredAnswers []questionAnswer `json:"requiredAnswers"`
	ShownAnswers    []questionAnswer `json:"shownAnswers"`

	Position  json.RawMessage `json:"position"` // pretix' object as it was downloaded
	EventSlug *string         `json:"eventSlug"`
	Offline   bool            `json:"offline"` // decided from the local copy
	Locale    *string         `json:"locale"`

	RequiredMediaPolicy *string `json:"requiredMediaPolicy"` // only pretix itself exchanges media
	RequiredMediaType   *string `json:"requiredMediaType"`
}

// javaInstant is how the Java proxy documents instants. Apps refuse a blank between date and time. Source: wire 4.3.
const javaInstant = "2006-01-02T15:04:05.000Z07:00"

// newCheckAnswer writes a verdict for the wire. With an error, the answer lacks something but can be sent.
func (s *Server) newCheckAnswer(ctx context.Context, r checkRequest, v scanproxy.Verdict) (checkAnswer, error) {
	a := checkAnswer{
		Type: v.Type, ScanType: v.ScanType,
		Ticket: orNull(v.Ticket), Variation: orNull(v.Variation), AttendeeName: v.AttendeeName, Seat: orNull(v.Seat),
		Message: orNull(v.Message), OrderCode: orNull(v.OrderCode),
		ReasonExplanation: orNull(v.ReasonExplanation), CheckinTexts: v.CheckinTexts,
		RequireAttention: v.RequireAttention, CheckinAllowed: v.CheckinAllowed,
		EventSlug: orNull(v.EventSlug), Offline: true, Locale: orNull(v.Locale),
	}
	if v.PositionID != 0 {
		a.PositionID = &v.PositionID
	}
	if !v.FirstScanned.IsZero() {
		a.FirstScanned = orNull(v.FirstScanned.UTC().Format(javaInstant))
	}
	if len(v.Position) > 0 && v.EventSlug != "" { // apps crash on a position without event. Source: wire 0.10
		a.Position = v.Position
	}
	questions, err := s.newQuestions(ctx, v)
	a.RequiredAnswers, a.ShownAnswers = questions.required, questions.shown
	if r.WithBadgeData && a.Position != nil {
		var noBadge error
		a.Position, noBadge = s.withBadge(ctx, v)
		err = errors.Join(err, noBadge)
	}
	return a, err
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// zoneOf is the time zone of an event, UTC if it is not known.
func (s *Server) zoneOf(ctx context.Context, slug string) (*time.Location, error) {
	var event struct {
		Timezone string `json:"timezone"`
	}
	raw, err := s.eventRow(ctx, slug)
	if err != nil || raw == nil {
		return time.UTC, err
	}
	if err := json.Unmarshal(raw, &event); err != nil {
		return time.UTC, err
	}
	zone, err := time.LoadLocation(event.Timezone)
	if err != nil {
		return time.UTC, err
	}
	return zone, nil
}
