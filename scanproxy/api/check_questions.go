package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// questionAnswer is a question with what is known as its answer.
type questionAnswer struct {
	Question     question `json:"question"`
	CurrentValue string   `json:"currentValue"`
}

// question has exactly the keys from which the apps build theirs: more can break Desktop. Source: wire 5.2.
type question struct {
	ServerID int64  `json:"server_id"`
	Position int64  `json:"position"`
	Required bool   `json:"required"`
	JSONData string `json:"json_data"` // pretix' object, as text
}

// questionLists are the questions of one verdict; nil is null.
type questionLists struct{ required, shown []questionAnswer }

// newQuestions writes the questions of a verdict. With an error, some value may be in a form that an app cannot show.
func (s *Server) newQuestions(ctx context.Context, v scanproxy.Verdict) (questionLists, error) {
	zone, err := time.UTC, error(nil)
	if slices.ContainsFunc(slices.Concat(v.RequiredAnswers, v.ShownAnswers), needsZone) {
		zone, err = s.zoneOf(ctx, v.EventSlug)
	}
	q := questionLists{required: newQuestionAnswers(v.RequiredAnswers, zone), shown: newQuestionAnswers(v.ShownAnswers, zone)}
	if v.Type == scanproxy.AnswersRequired && q.required == nil {
		q.required = []questionAnswer{} // null crashes both apps. Source: wire 0.10
	}
	return q, err
}

func needsZone(a scanproxy.QuestionAnswer) bool {
	return a.Question.Type == scanproxy.DayClock && a.Value != ""
}

func newQuestionAnswers(all []scanproxy.QuestionAnswer, zone *time.Location) []questionAnswer {
	if all == nil {
		return nil
	}
	out := make([]questionAnswer, len(all))
	for i, a := range all {
		out[i] = questionAnswer{
			Question: question{
				ServerID: a.Question.ID, Position: a.Question.Position, Required: a.Question.Required,
				JSONData: withOptions(a.Question.Raw),
			},
			CurrentValue: shownValue(a, zone),
		}
	}
	return out
}

// withOptions returns a question with a list of options, which Android looks at whatever the question's type.
func withOptions(raw json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return `{"options":[]}`
	}
	if len(object["options"]) > 0 && object["options"][0] == '[' {
		return string(raw)
	}
	object["options"] = json.RawMessage("[]")
	text, err := json.Marshal(object)
	if err != nil {
		return `{"options":[]}`
	}
	return string(text)
}

// shownValue writes an answer in the one form that Desktop reads; pretix stores times with seconds and a zone.
// Source: wire 5.1, 5.2.
func shownValue(a scanproxy.QuestionAnswer, zone *time.Location) string {
	switch a.Question.Type {
	case scanproxy.DayClock:
		if at, err := time.Parse(time.RFC3339, a.Value); err == nil {
			return at.In(zone).Format("2006-01-02T15:04")
		}
	case scanproxy.Clock:
		if at, err := time.Parse("15:04:05", a.Value); err == nil {
			return at.Format("15:04")
		}
	}
	return a.Value
}
