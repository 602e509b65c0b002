package pretixsim

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Medium is a reusable medium, such as a wristband that stands for a ticket.
type Medium struct {
	Organizer  string // default: the first organizer
	Type       string // barcode (default), nfc_uid, nfc_mf0aes
	Identifier string
	Inactive   bool
	Expires    time.Time
	Positions  []int // ids of tickets
}

type medium struct {
	Medium
	id               int
	created, updated time.Time
}

// AddMedium creates a reusable medium and returns its id.
func (s *Server) AddMedium(m Medium) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.db.organizer(m.Organizer)
	if o == nil {
		s.problem("building: no organizer for medium %q", m.Identifier)
		return 0
	}
	fill(&m.Type, "barcode")
	added := &medium{Medium: m, id: s.db.next("medium"), created: s.now(), updated: s.now()}
	o.media = append(o.media, added)
	return added.id
}

// EditMedium changes a medium behind the client's back; its `updated` moves.
func (s *Server) EditMedium(identifier string, edit func(*Medium)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.db.organizers {
		for _, m := range o.media {
			if m.Identifier == identifier {
				edit(&m.Medium)
				m.updated = s.now()
				return
			}
		}
	}
	s.problem("building: no medium %q", identifier)
}

func (c *call) mediumList() reply {
	f := c.filters("ordering").lacks("expand", "customer", "linked_orderposition", "linked_giftcard", "active")
	kind, identifier := f.text("type"), f.text("identifier")
	updated, created := f.instant("updated_since"), f.instant("created_since")
	if no := f.done(); no != nil {
		return *no
	}
	rows := filter(c.org.media, func(m *medium) bool {
		return is(kind, m.Type) && is(identifier, m.Identifier) && !m.updated.Before(updated) && !m.created.Before(created)
	})
	field, desc := c.ordering("-updated", "id", "created", "updated", "identifier", "type")
	slices.SortFunc(rows, func(a, b *medium) int {
		order := cmp.Or(compareMedia(field, a, b), a.id-b.id)
		if desc {
			return -order
		}
		return order
	})
	return c.generated(page(c, rows, c.mediumJSON))
}

func compareMedia(field string, a, b *medium) int {
	switch field {
	case "created":
		return a.created.Compare(b.created)
	case "updated":
		return a.updated.Compare(b.updated)
	case "identifier":
		return cmp.Compare(a.Identifier, b.Identifier)
	case "type":
		return cmp.Compare(a.Type, b.Type)
	}
	return 0
}

// mediumLookup answers null, with HTTP 200, for one that is unknown.
func (c *call) mediumLookup() reply {
	f, no := c.fields()
	if no != nil {
		return *no
	}
	kind, identifier := f.text("type", true, false, false), f.text("identifier", true, false, false)
	if no := f.done(); no != nil {
		return *no
	}
	m := c.org.medium(kind, identifier)
	if m == nil {
		return jsonReply(http.StatusOK, object{"result": nil})
	}
	return jsonReply(http.StatusOK, object{"result": c.mediumJSON(m)})
}

func (o *organizer) medium(kind, identifier string) *medium {
	return find(o.media, func(m *medium) bool { return m.Type == kind && m.Identifier == identifier })
}

func (c *call) mediumJSON(m *medium) object {
	var one any
	if len(m.Positions) == 1 {
		one = m.Positions[0]
	}
	return object{
		"id": m.id, "organizer": c.org.Slug, "created": c.stamp(m.created), "updated": c.stamp(m.updated), "type": m.Type,
		"identifier": m.Identifier, "claim_token": nil, "label": nil, "active": !m.Inactive, "expires": c.orNull(m.Expires),
		"customer": nil, "linked_orderpositions": ids(m.Positions), "linked_giftcard": nil, "info": object{}, "notes": nil,
		"linked_orderposition": one,
	}
}

// works says whether the medium opens doors at that time.
func (m *medium) works(at time.Time) bool {
	return !m.Inactive && (m.Expires.IsZero() || m.Expires.After(at))
}

// findMedium leads from a medium to its ticket for one of the lists. It reports whether the medium is known but stands for
// tickets of other events only.
func (r *redemption) findMedium() (found, elsewhere bool) {
	m := r.c.org.medium(r.in.sourceType, r.in.secret)
	if m == nil || !m.works(r.c.at) || len(m.Positions) == 0 {
		return false, false
	}
	for _, l := range r.in.lists {
		for _, id := range m.Positions {
			p := r.c.s.db.position(id)
			if p != nil && !p.Canceled && p.order.event == l.event {
				r.choose(p)
				return true, false
			}
		}
	}
	return false, true
}
