package pretixsim

import (
	"slices"
	"time"
)

// Checkin is one stored check-in, successful or not. The API never shows the nonce; a test may.
type Checkin struct {
	ID          int
	Order       string // code; "" for an unknown barcode
	Position    int    // id; 0 for an unknown barcode
	List        int
	Type        string // entry or exit
	At          time.Time
	Created     time.Time
	Nonce       string
	Device      int // global id, 0 for a team
	Forced      bool
	Successful  bool
	Reason      string // of a failed one
	Explanation string
}

// Checkins returns every check-in of an event, failed ones too, oldest first.
func (s *Server) Checkins(slug string) []Checkin {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Checkin
	for _, ci := range s.db.checkins {
		if ci.list.event.Slug != slug {
			continue
		}
		c := Checkin{
			ID: ci.id, List: ci.list.id, Type: ci.kind, At: ci.at, Created: ci.created, Nonce: ci.nonce, Forced: ci.forced,
			Successful: ci.reason == "", Reason: ci.reason, Explanation: ci.explanation,
		}
		if ci.position != nil {
			c.Order, c.Position = ci.position.order.Code, ci.position.ID
		}
		if ci.device != nil {
			c.Device = ci.device.ID
		}
		out = append(out, c)
	}
	return out
}

// AddCheckin stores a check-in as if somebody else had made it. Position and List are needed, At defaults to now,
// Type to entry; a Reason makes it a failed one.
func (s *Server) AddCheckin(c Checkin) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.db.position(c.Position)
	if p == nil || p.order.event.list(c.List) == nil {
		s.problem("building: no position %d or list %d for a check-in", c.Position, c.List)
		return 0
	}
	if c.At.IsZero() {
		c.At = s.now()
	}
	fill(&c.Type, "entry")
	added := &checkin{
		id: s.db.next("checkin"), position: p, list: p.order.event.list(c.List), at: c.At, created: s.now(),
		kind: c.Type, nonce: c.Nonce, reason: c.Reason, explanation: c.Explanation,
	}
	s.db.checkins = append(s.db.checkins, added)
	p.order.modified = s.now()
	return added.id
}

// EditOrder changes an order behind the client's back; its last_modified moves.
func (s *Server) EditOrder(code string, edit func(*Order)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.db.order(code)
	if o == nil {
		s.problem("building: no order %q", code)
		return
	}
	edit(&o.Order)
	o.modified = s.now()
}

// EditPosition changes a ticket behind the client's back; the order's last_modified moves.
func (s *Server) EditPosition(id int, edit func(*Position)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.db.position(id)
	if p == nil {
		s.problem("building: no position %d", id)
		return
	}
	edit(&p.Position)
	p.order.modified = s.now()
}

// EditSubEvent changes a date behind the client's back; its last_modified moves.
func (s *Server) EditSubEvent(slug string, id int, edit func(*SubEvent)) {
	s.within(slug, func(e *event) int {
		d := e.subevent(id)
		if d == nil {
			s.problem("building: no date %d", id)
			return 0
		}
		edit(&d.SubEvent)
		d.modified = s.now()
		return id
	})
}

// EditEvent changes the settings of an event behind the client's back.
func (s *Server) EditEvent(slug string, edit func(*Event)) {
	s.within(slug, func(e *event) int {
		edit(&e.Event)
		return 0
	})
}

// DeleteOrder deletes an order with its check-ins behind the client's back, as pretix does with those of test mode and those
// that are shredded: no list tells that it is gone.
func (s *Server) DeleteOrder(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.db.order(code)
	if o == nil {
		s.problem("building: no order %q", code)
		return
	}
	s.db.orders = slices.DeleteFunc(s.db.orders, func(x *order) bool { return x == o })
	s.db.checkins = slices.DeleteFunc(s.db.checkins, func(ci *checkin) bool { return ci.position != nil && ci.position.order == o })
}

// EditList changes a check-in list behind the client's back.
func (s *Server) EditList(slug string, id int, edit func(*List)) {
	s.within(slug, func(e *event) int {
		l := e.list(id)
		if l == nil {
			s.problem("building: no list %d", id)
			return 0
		}
		edit(&l.List)
		return id
	})
}

// EditDevice changes a device, by its global id: what it may see, and whether it is revoked.
func (s *Server) EditDevice(id int, edit func(*Device)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := find(s.db.devices, func(d *device) bool { return d.ID == id })
	if d == nil {
		s.problem("building: no device %d", id)
		return
	}
	edit(&d.Device)
}

// SetOrderStatus sets p, n, e or c.
func (s *Server) SetOrderStatus(code, status string) {
	s.EditOrder(code, func(o *Order) { o.Status = status })
}

// CancelPosition cancels one ticket of an order.
func (s *Server) CancelPosition(id int) {
	s.EditPosition(id, func(p *Position) { p.Canceled = true })
}

// BlockPosition sets the reasons for which a ticket is blocked; none unblocks it.
func (s *Server) BlockPosition(id int, reasons ...string) {
	s.EditPosition(id, func(p *Position) { p.Blocked = reasons })
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.db.position(id); p != nil {
		s.noteBlock(p)
	}
}

// MoveSubEvent moves a date; a zero end means none.
func (s *Server) MoveSubEvent(slug string, id int, from, to time.Time) {
	s.EditSubEvent(slug, id, func(d *SubEvent) { d.DateFrom, d.DateTo = from, to })
}

// noteBlock keeps the event's list of blocked secrets: one that was unblocked stays, as such.
func (s *Server) noteBlock(p *position) {
	e := p.order.event
	known := find(e.blocked, func(b *blockedSecret) bool { return b.secret == p.Secret })
	if known == nil {
		known = &blockedSecret{id: s.db.next("blocked"), secret: p.Secret}
		e.blocked = append(e.blocked, known)
	}
	known.blocked, known.at = len(p.Blocked) > 0, s.now()
}
