package scanproxy

import (
	"slices"
)

// answers are the questions of a ticket's product at check-in, with what is known about them.
type answers struct {
	open   bool             // something asked has no answer
	asked  []QuestionAnswer // every question that is asked, answered or not
	shown  []QuestionAnswer // answers that the crew is to see
	toSend []Answer         // what goes to pretix with the check-in
	toKeep []Answer         // new answers that outlive this scan
}

// askQuestions goes through the questions of the product. A valid new answer counts before a stored one, a stored one
// counts without being validated again; an invalid new one counts as none. Optional questions are asked too, once per
// ticket, and an empty text answers them. Source: check 7.
func (c *check) askQuestions() answers {
	a := answers{shown: []QuestionAnswer{}, toSend: []Answer{}}
	if !c.Scan.entering() || c.Scan.SkipQuestions {
		return a
	}
	for _, q := range c.desk.Event.Questions {
		if !slices.Contains(q.Items, c.ticket.Item) || !q.Ask && !q.Show {
			continue
		}
		stored, isStored := c.storedAnswer(q.ID)
		value, isNew := c.newAnswer(q)
		if !isNew {
			value = stored
		}
		a.add(q, value, isNew || isStored)
		if isNew && q.Ask {
			a.keep(q, value, isStored)
		}
	}
	return a
}

func (a *answers) add(q Question, value string, answered bool) {
	if q.Ask {
		a.asked = append(a.asked, QuestionAnswer{q, value})
	}
	switch {
	case !answered:
		a.open = a.open || q.Ask
		return
	case q.Ask:
		a.toSend = append(a.toSend, Answer{q.ID, value})
	}
	if q.Show {
		a.shown = append(a.shown, QuestionAnswer{q, value})
	}
}

// keep remembers an answer as pretix stores it. What Python takes for nothing (no text, No, zero) is stored only in
// place of an earlier answer, and then by its Python name.
func (a *answers) keep(q Question, value string, replaces bool) {
	nothing := value == "" || q.Type == YesNo && value == "False" || q.Type == Number && isZero(value)
	if nothing && !replaces {
		return
	}
	if value == "" {
		value = "None"
	}
	a.toKeep = append(a.toKeep, Answer{q.ID, value})
}

// newAnswer is the answer that came with the scan, if it is a valid one.
func (c *check) newAnswer(q Question) (string, bool) {
	text, given := c.Scan.Answers[q.ID]
	if !given {
		return "", false
	}
	return q.Accept(text, c.desk.Event.Zone, c.Now)
}

// storedAnswer is what pretix has, or what we have kept since.
func (c *check) storedAnswer(question int64) (string, bool) {
	for _, known := range [][]Answer{c.History.Answers, c.ticket.Answers} {
		i := slices.IndexFunc(known, func(a Answer) bool { return a.Question == question })
		if i >= 0 {
			return known[i].Text, true
		}
	}
	return "", false
}
