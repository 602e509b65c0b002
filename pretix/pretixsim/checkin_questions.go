package pretixsim

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// readAnswers sorts the answers of the request into valid ones and still unanswered questions. Invalid ones are dropped
// without a word, and keys that are no question id of a question asked at check-in are ignored.
func (r *redemption) readAnswers() {
	if r.exit() {
		return
	}
	asked := filter(r.ticket.order.event.questions, func(q *question) bool {
		return q.AskDuringCheckin && slices.Contains(q.Items, r.ticket.Item)
	})
	slices.SortFunc(asked, byPosition)
	for _, q := range asked {
		given, sent := r.in.answers[strconv.Itoa(q.id)]
		if a, ok := cleanAnswer(q, fmt.Sprint(given)); sent && ok {
			r.answered = append(r.answered, a)
		} else if r.ticket.answerTo(q) == nil {
			r.unanswered = append(r.unanswered, q)
		}
	}
}

// saveAnswers is no test: valid answers are kept even when a later test refuses the scan.
func (r *redemption) saveAnswers() *verdict {
	if r.in.simulate {
		return nil
	}
	for _, a := range r.answered {
		old := slices.IndexFunc(r.ticket.answers, func(b *answer) bool { return b.question == a.question })
		switch {
		case a.text == "" && old >= 0:
			r.ticket.answers = slices.Delete(r.ticket.answers, old, old+1)
		case a.text == "":
		case old >= 0:
			r.ticket.answers[old] = a
		default:
			r.ticket.answers = append(r.ticket.answers, a)
		}
	}
	return nil
}

// cleanAnswer checks a value against its question. "" answers an optional question; a required yes/no question takes
// only yes; choices come as option id or identifier, several joined with commas.
func cleanAnswer(q *question, value string) (*answer, bool) {
	if value == "" {
		return &answer{question: q}, !q.Required
	}
	switch q.Type {
	case "B":
		yes := strings.EqualFold(value, "true") || value == "1"
		return &answer{question: q, text: map[bool]string{true: "True", false: "False"}[yes]}, yes || !q.Required
	case "N":
		_, ok := new(big.Rat).SetString(value)
		return &answer{question: q, text: value}, ok
	case "C":
		return chosen(q, []string{value})
	case "M":
		return chosen(q, strings.Split(value, ","))
	}
	return &answer{question: q, text: value}, true
}

func chosen(q *question, values []string) (*answer, bool) {
	a := &answer{question: q}
	var texts []string
	for _, value := range values {
		o := find(q.options, func(o *option) bool { return o.Identifier == value || strconv.Itoa(o.id) == value })
		if o == nil {
			return nil, false
		}
		a.options = append(a.options, o)
		texts = append(texts, o.Answer.in("de"))
	}
	a.text = strings.Join(texts, ", ")
	return a, true
}
