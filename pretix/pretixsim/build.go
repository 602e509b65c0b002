package pretixsim

import (
	"fmt"
	"time"
)

// AddOrganizer creates an organizer; the first one is the default of everything else.
func (s *Server) AddOrganizer(o Organizer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	added := &organizer{Organizer: o}
	for _, name := range o.MetaProperties {
		added.meta = append(added.meta, &metaProperty{id: s.db.next("meta"), name: name})
	}
	s.db.organizers = append(s.db.organizers, added)
}

// AddTeam creates a team token.
func (s *Server) AddTeam(t Team) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := &credential{org: s.db.organizer(t.Organizer), events: t.Events, rights: t.Rights, all: t.AllRights}
	if t.Inactive {
		who.refusal = "Token inactive or deleted."
	}
	s.credential("Token "+t.Token, who)
}

// AddDevice creates a device, initialized if it has a Token, and returns its global id.
func (s *Server) AddDevice(d Device) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.ID == 0 {
		d.ID = s.db.next("device")
	}
	if d.DeviceID == 0 {
		d.DeviceID = s.db.next("device of " + d.Organizer)
	}
	fill(&d.Serial, madeUp(fmt.Sprintf("serial %d", d.ID), 16, lower))
	added := &device{Device: d, org: s.db.organizer(d.Organizer)}
	s.db.devices = append(s.db.devices, added)
	if d.Token != "" {
		s.credential("Device "+d.Token, &credential{org: added.org, rights: deviceRights, device: added})
	}
	return d.ID
}

func (s *Server) credential(header string, who *credential) {
	if who.org == nil {
		s.problem("building: no organizer for a credential")
		return
	}
	if s.db.credentials == nil {
		s.db.credentials = map[string]*credential{}
	}
	s.db.credentials[header] = who
}

// AddEvent creates an event.
func (s *Server) AddEvent(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.db.organizer(e.Organizer)
	if o == nil {
		s.problem("building: no organizer for event %q", e.Slug)
		return
	}
	fill(&e.Timezone, "Europe/Berlin")
	fill(&e.Locale, "de")
	if e.DateFrom.IsZero() {
		e.DateFrom = s.now()
	}
	zone, err := time.LoadLocation(e.Timezone)
	if err != nil {
		s.problem("building: event %q: %v", e.Slug, err)
		zone = time.UTC
	}
	o.events = append(o.events, &event{Event: e, org: o, zone: zone, logged: map[string]time.Time{}})
}

// within runs do on an event; one that does not exist is a problem of the test.
func (s *Server) within(slug string, do func(*event) int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.db.event(slug)
	if e == nil {
		s.problem("building: no event %q", slug)
		return 0
	}
	return do(e)
}

// AddCategory creates a category and returns its id.
func (s *Server) AddCategory(slug string, c Category) int {
	return s.within(slug, func(e *event) int {
		id := s.db.next("category")
		e.categories = append(e.categories, &category{Category: c, id: id})
		e.logged["categories"] = s.now()
		return id
	})
}

// AddItem creates an item and returns its id; variations get the next ids in order.
func (s *Server) AddItem(slug string, i Item) int {
	return s.within(slug, func(e *event) int {
		fill(&i.Price, "0.00")
		added := &item{Item: i, id: s.db.next("item")}
		for _, v := range i.Variations {
			added.variations = append(added.variations, &variation{Variation: v, id: s.db.next("variation")})
		}
		e.items = append(e.items, added)
		e.logged["items"] = s.now()
		return added.id
	})
}

// AddQuestion creates a question and returns its id; options get the next ids in order.
func (s *Server) AddQuestion(slug string, q Question) int {
	return s.within(slug, func(e *event) int {
		fill(&q.Type, "S")
		added := &question{Question: q, id: s.db.next("question")}
		for _, o := range q.Options {
			added.options = append(added.options, &option{Option: o, id: s.db.next("option")})
		}
		e.questions = append(e.questions, added)
		e.logged["questions"] = s.now()
		return added.id
	})
}

// AddSubEvent creates a date and returns its id.
func (s *Server) AddSubEvent(slug string, d SubEvent) int {
	return s.within(slug, func(e *event) int {
		id := s.db.next("subevent")
		e.subevents = append(e.subevents, &subevent{SubEvent: d, id: id, modified: s.now()})
		return id
	})
}

// AddQuota creates a quota and returns its id.
func (s *Server) AddQuota(slug string, q Quota) int {
	return s.within(slug, func(e *event) int {
		id := s.db.next("quota")
		e.quotas = append(e.quotas, &quota{Quota: q, id: id})
		return id
	})
}

// AddList creates a check-in list and returns its id.
func (s *Server) AddList(slug string, l List) int {
	return s.within(slug, func(e *event) int {
		id := s.db.next("list")
		e.lists = append(e.lists, &list{List: l, id: id, event: e})
		return id
	})
}

// AddRevokedSecret puts an older secret of a position on the event's revocation list.
func (s *Server) AddRevokedSecret(slug, secret string, positionID int) {
	s.within(slug, func(e *event) int {
		e.revoked = append(e.revoked, revokedSecret{
			id: s.db.next("revoked"), secret: secret, at: s.now(), subject: s.db.position(positionID),
		})
		return 0
	})
}

func fill(field *string, byDefault string) {
	if *field == "" {
		*field = byDefault
	}
}
