package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// Answers and check-ins of a ticket are kept in its row, as JSON arrays without names: nobody asks for them but with it,
// and most tickets have none.

func encodeAnswers(answers []scanproxy.Answer) (string, error) {
	if len(answers) == 0 {
		return "", nil
	}
	rows := make([][2]any, len(answers))
	for i, a := range answers {
		rows[i] = [2]any{a.Question, a.Text}
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

func decodeAnswers(text string) ([]scanproxy.Answer, error) {
	if text == "" {
		return nil, nil
	}
	var rows []answerRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	answers := make([]scanproxy.Answer, len(rows))
	for i, r := range rows {
		answers[i] = scanproxy.Answer(r)
	}
	return answers, nil
}

type answerRow scanproxy.Answer

// UnmarshalJSON reads [question, text].
func (a *answerRow) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&a.Question, &a.Text})
}

func encodeCheckins(checkins []scanproxy.Checkin) (string, error) {
	if len(checkins) == 0 {
		return "", nil
	}
	rows := make([][5]any, len(checkins))
	for i, c := range checkins {
		rows[i] = [5]any{c.ID, c.List, c.Type, c.At.UnixMicro(), c.Device}
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

func decodeCheckins(text string) ([]scanproxy.Checkin, error) {
	if text == "" {
		return nil, nil
	}
	var rows []checkinRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("check-ins: %w", err)
	}
	checkins := make([]scanproxy.Checkin, len(rows))
	for i, r := range rows {
		checkins[i] = scanproxy.Checkin(r)
	}
	return checkins, nil
}

type checkinRow scanproxy.Checkin

// UnmarshalJSON reads [id, list, type, microseconds, device].
func (c *checkinRow) UnmarshalJSON(data []byte) error {
	var us int64
	err := json.Unmarshal(data, &[]any{&c.ID, &c.List, &c.Type, &us, &c.Device})
	c.At = time.UnixMicro(us).UTC()
	return err
}
