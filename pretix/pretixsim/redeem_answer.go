package pretixsim

import "net/http"

// body is what every answer with a status carries; taken before the check-in is stored, so that position.checkins are
// those from before this request.
func (r *redemption) body(v *verdict) object {
	body := object{
		"status": v.status, "require_attention": false, "checkin_texts": []string{}, "list": listBrief(r.list),
	}
	if v.status == "error" {
		body["reason"], body["reason_explanation"] = v.reason, textOrNull(v.explanation)
	}
	if r.ticket == nil {
		return body
	}
	body["position"] = r.c.doorJSON(r.ticket, r.in.lists...)
	if v.reason != "revoked" {
		body["require_attention"], body["checkin_texts"] = r.ticket.needsAttention(), r.ticket.doorTexts()
	}
	if v.status == "incomplete" {
		questions := []object{}
		for _, q := range r.unanswered {
			questions = append(questions, questionJSON(q))
		}
		body["questions"] = questions
	}
	return body
}

// refuse answers and stores a failed check-in, except when only answers are missing.
func (r *redemption) refuse(v *verdict) reply {
	body := r.body(v)
	if v.status == "error" {
		r.store(v.reason, v.explanation)
	}
	return jsonReply(http.StatusBadRequest, body)
}

// notFound is one answer for an unknown secret, a canceled position, another event and another date.
func (r *redemption) notFound() reply {
	r.list = r.in.lists[0]
	no := refused("invalid")
	if r.elsewhere {
		no.explanation = r.say(otherEvent)
	}
	body := r.body(no)
	body["detail"] = "Not found."
	r.store(no.reason, no.explanation)
	return jsonReply(http.StatusNotFound, body)
}

func listBrief(l *list) object {
	return object{
		"id": l.id, "name": l.Name, "event": l.event.Slug, "subevent": idOrNull(l.SubEvent),
		"include_pending": l.IncludePending,
	}
}

func (p *position) needsAttention() bool {
	i := p.item()
	if i == nil {
		return false
	}
	v := i.variation(p.Variation)
	return i.CheckinAttention || (v != nil && v.CheckinAttention)
}

func (p *position) doorTexts() []string {
	texts := []string{}
	i := p.item()
	if i == nil {
		return texts
	}
	if v := i.variation(p.Variation); v != nil && v.CheckinText != "" {
		texts = append(texts, v.CheckinText)
	}
	if i.CheckinText != "" {
		texts = append(texts, i.CheckinText)
	}
	return texts
}
