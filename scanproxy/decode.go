package scanproxy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy/rules"
)

// This file turns objects of the pretix API, as they were downloaded, into facts. Only fields that a check uses are
// looked at, so a new pretix may add others.

// EventParts are the downloaded objects that make up an Event.
type EventParts struct {
	Event     json.RawMessage   // events/{slug}/
	Settings  json.RawMessage   // events/{slug}/settings/; may be missing
	Items     []json.RawMessage // events/{slug}/items/
	Questions []json.RawMessage // events/{slug}/questions/
	SubEvents []json.RawMessage // subevents/ of the event
}

type datesJSON struct {
	From      *time.Time `json:"date_from"`
	To        *time.Time `json:"date_to"`
	Admission *time.Time `json:"date_admission"`
}

func (d datesJSON) dates() Dates {
	return Dates{From: orZero(d.From), To: orZero(d.To), Admission: orZero(d.Admission)}
}

// DecodeEvent builds the configuration of an event. An unknown time zone is an error: without it rules would be judged
// by the wrong day.
func DecodeEvent(parts EventParts) (*Event, error) {
	var raw struct {
		datesJSON
		Slug      string `json:"slug"`
		Timezone  string `json:"timezone"`
		ValidKeys struct {
			Sig1 []string `json:"pretix_sig1"`
		} `json:"valid_keys"`
	}
	if err := json.Unmarshal(parts.Event, &raw); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	zone, err := time.LoadLocation(raw.Timezone)
	if err != nil {
		return nil, fmt.Errorf("decode event %s: %w", raw.Slug, err)
	}
	e := &Event{
		Slug: raw.Slug, Zone: zone, Dates: raw.dates(), Keys: pretix.ParseSigningKeys(raw.ValidKeys.Sig1),
		Items: map[int64]Item{}, SubEvents: map[int64]Dates{},
	}
	if err := e.decodeParts(parts); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", raw.Slug, err)
	}
	return e, nil
}

func (e *Event) decodeParts(parts EventParts) error {
	if len(parts.Settings) > 0 {
		var settings struct {
			Enforced bool `json:"reusable_media_usage_enforced"`
		}
		if err := json.Unmarshal(parts.Settings, &settings); err != nil {
			return fmt.Errorf("settings: %w", err)
		}
		e.MediumOnly = settings.Enforced
	}
	for _, raw := range parts.Items {
		item, err := decodeItem(raw)
		if err != nil {
			return fmt.Errorf("item: %w", err)
		}
		e.Items[item.ID] = item
	}
	for _, raw := range parts.SubEvents {
		var s struct {
			datesJSON
			ID int64 `json:"id"`
		}
		if err := json.Unmarshal(raw, &s); err != nil {
			return fmt.Errorf("subevent: %w", err)
		}
		e.SubEvents[s.ID] = s.dates()
	}
	for _, raw := range parts.Questions {
		q, err := decodeQuestion(raw)
		if err != nil {
			return fmt.Errorf("question: %w", err)
		}
		e.Questions = append(e.Questions, q)
	}
	slices.SortFunc(e.Questions, func(a, b Question) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

// UnmarshalJSON takes {"en": "Ticket", "de": null} and, as pretix accepts it in places, "Ticket".
func (t *Text) UnmarshalJSON(data []byte) error {
	var plain string
	if json.Unmarshal(data, &plain) == nil {
		*t = Text{"en": plain}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(t))
}

func decodeItem(data []byte) (Item, error) {
	var raw struct {
		ID           int64   `json:"id"`
		Name         Text    `json:"name"`
		InternalName *string `json:"internal_name"`
		Admission    bool    `json:"admission"`
		Attention    bool    `json:"checkin_attention"`
		CheckinText  *string `json:"checkin_text"`
		MediaPolicy  *string `json:"media_policy"`
		MediaType    *string `json:"media_type"`
		Variations   []struct {
			ID          int64   `json:"id"`
			Value       Text    `json:"value"`
			Attention   bool    `json:"checkin_attention"`
			CheckinText *string `json:"checkin_text"`
		} `json:"variations"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Item{}, err
	}
	item := Item{
		ID: raw.ID, Name: raw.Name, InternalName: orZero(raw.InternalName), Admission: raw.Admission,
		Attention: raw.Attention, CheckinText: orZero(raw.CheckinText),
		Exchangeable: orZero(raw.MediaPolicy) != "" && orZero(raw.MediaType) != "",
	}
	for _, v := range raw.Variations {
		item.Variations = append(item.Variations, Variation{v.ID, v.Value, v.Attention, orZero(v.CheckinText)})
	}
	return item, nil
}

func decodeQuestion(data []byte) (Question, error) {
	var raw struct {
		ID        int64        `json:"id"`
		Position  int64        `json:"position"`
		Type      QuestionType `json:"type"`
		Required  bool         `json:"required"`
		Items     []int64      `json:"items"`
		Options   []Option     `json:"options"`
		Ask       bool         `json:"ask_during_checkin"`
		Show      bool         `json:"show_during_checkin"`
		NumberMin *json.Number `json:"valid_number_min"`
		NumberMax *json.Number `json:"valid_number_max"`
		DayMin    *string      `json:"valid_date_min"`
		DayMax    *string      `json:"valid_date_max"`
		TimeMin   *time.Time   `json:"valid_datetime_min"`
		TimeMax   *time.Time   `json:"valid_datetime_max"`
		LengthMin *int         `json:"valid_string_length_min"`
		LengthMax *int         `json:"valid_string_length_max"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Question{}, err
	}
	return Question{
		ID: raw.ID, Position: raw.Position, Type: raw.Type, Required: raw.Required, Items: raw.Items, Options: raw.Options,
		Ask: raw.Ask, Show: raw.Show, Raw: data,
		Limits: Limits{
			NumberMin: ratio(raw.NumberMin), NumberMax: ratio(raw.NumberMax),
			DayMin: orZero(raw.DayMin), DayMax: orZero(raw.DayMax),
			TimeMin: orZero(raw.TimeMin), TimeMax: orZero(raw.TimeMax),
			LengthMin: raw.LengthMin, LengthMax: raw.LengthMax,
		},
	}, nil
}

func ratio(n *json.Number) *big.Rat {
	if n == nil {
		return nil
	}
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return nil
	}
	return r
}

// DecodeList builds a check-in list. Rules that cannot be parsed do not hide the list: it then admits nobody.
func DecodeList(event string, data []byte) (*List, error) {
	var raw struct {
		ID              int64           `json:"id"`
		Name            string          `json:"name"`
		AllProducts     bool            `json:"all_products"`
		LimitProducts   []int64         `json:"limit_products"`
		SubEvent        *int64          `json:"subevent"`
		IncludePending  bool            `json:"include_pending"`
		MultipleEntries bool            `json:"allow_multiple_entries"`
		EntryAfterExit  bool            `json:"allow_entry_after_exit"`
		MatchAddOns     bool            `json:"addon_match"`
		Rules           json.RawMessage `json:"rules"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("decode check-in list: %w", err)
	}
	l := &List{
		ID: raw.ID, Event: event, Name: raw.Name, AllProducts: raw.AllProducts, Products: raw.LimitProducts,
		SubEvent: orZero(raw.SubEvent), IncludePending: raw.IncludePending,
		MultipleEntries: raw.MultipleEntries, EntryAfterExit: raw.EntryAfterExit, MatchAddOns: raw.MatchAddOns,
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw.Rules, &parts) == nil && len(parts) > 0 { // anything but a filled object is no rule
		l.Rules, l.RulesError = rules.Parse(raw.Rules)
	}
	return l, nil
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
