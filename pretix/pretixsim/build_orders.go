package pretixsim

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// AddOrder creates an order and returns it as pretix knows it: with code, ids and secrets.
func (s *Server) AddOrder(slug string, o Order) Order {
	var added *order
	s.within(slug, func(e *event) int {
		added = s.newOrder(e, o)
		return added.id
	})
	if added == nil {
		return o
	}
	out := added.Order
	out.Positions = nil
	for _, p := range added.positions {
		out.Positions = append(out.Positions, p.Position)
	}
	return out
}

func (s *Server) newOrder(e *event, o Order) *order {
	added := &order{id: s.db.next("order"), event: e, created: s.now(), modified: s.now()}
	fill(&o.Code, fmt.Sprintf("SIM%02d", added.id))
	fill(&o.Status, "p")
	fill(&o.Locale, e.Locale)
	fill(&o.Email, strings.ToLower(o.Code)+"@example.invalid")
	if o.Datetime.IsZero() {
		o.Datetime = s.now().Add(-3 * 24 * time.Hour)
	}
	if o.Expires.IsZero() {
		o.Expires = s.now().Add(14 * 24 * time.Hour)
	}
	added.Order = o
	added.secret = madeUp("order "+e.Slug+"/"+o.Code, 16, lower)
	for i, p := range o.Positions {
		added.positions = append(added.positions, s.newPosition(added, i+1, p))
	}
	s.db.orders = append(s.db.orders, added)
	return added
}

func (s *Server) newPosition(o *order, number int, p Position) *position {
	name := o.event.Slug + "/" + o.Code + "-" + strconv.Itoa(number)
	p.ID, p.PositionID = s.db.next("position"), number
	fill(&p.Price, "0.00")
	fill(&p.Secret, madeUp("ticket "+name, 32, lower))
	added := &position{Position: p, order: o, pseudo: madeUp("pseudo "+name, 10, upper)}
	if p.AddonTo > 0 && p.AddonTo < number {
		added.addonTo = o.positions[p.AddonTo-1]
	}
	for _, a := range p.Answers {
		added.answers = append(added.answers, s.newAnswer(o.event, a))
	}
	added.answers = slices.DeleteFunc(added.answers, func(a *answer) bool { return a == nil })
	if p.Blocked != nil {
		s.noteBlock(added)
	}
	return added
}

func (s *Server) newAnswer(e *event, a Answer) *answer {
	q := find(e.questions, func(q *question) bool { return q.Identifier == a.Question })
	if q == nil {
		s.problem("building: no question %q", a.Question)
		return nil
	}
	added, ok := cleanAnswer(q, a.Value)
	if !ok {
		// The API stores what the shop would refuse, e.g. "False" for a required yes/no question.
		return &answer{question: q, text: a.Value}
	}
	return added
}

const (
	lower = "abcdefghjkmnpqrstuvwxyz23456789"
	upper = "ABCDEFGHJKLMNPQRSTUVWXYZ3789"
)

// madeUp returns a secret that looks random and is the same in every run: bytes of a hash that fit the alphabet
// without a bias.
func madeUp(name string, length int, alphabet string) string {
	var out strings.Builder
	limit := len(alphabet) * (256 / len(alphabet))
	for i := 0; out.Len() < length; i++ {
		for _, b := range sha256.Sum256(fmt.Appendf(nil, "rig|%s|%d", name, i)) {
			if int(b) < limit && out.Len() < length {
				out.WriteByte(alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return out.String()
}
