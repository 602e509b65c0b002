package bbbsim

import (
	"slices"
	"time"
)

// settle brings the state up to the virtual now. Every entry point calls it
// first, so no timer runs anywhere.
func (s *Server) settle() {
	now := s.now()
	for id, m := range s.meetings {
		s.dropSilent(m, now)
		m.users = slices.DeleteFunc(m.users, func(u *user) bool { return s.forget(u, now) })
		s.expire(m, now)
		if m.ended() && !now.Before(m.endedAt.Add(s.opts.EndedTimeout)) {
			delete(s.meetings, id)
		}
	}
}

// dropSilent notices browsers that have closed the client page.
func (s *Server) dropSilent(m *meeting, now time.Time) {
	if s.opts.Heartbeat == 0 {
		return
	}
	for _, u := range m.users {
		if u.onPage && u.state == inside && now.Sub(u.lastSeen) >= s.opts.Heartbeat {
			u.state = dropped
			s.schedule(u, u.lastSeen.Add(s.opts.Heartbeat))
		}
	}
}

// forget tells whether memory loses the person now.
func (s *Server) forget(u *user, now time.Time) bool {
	switch u.state {
	case registered, waiting:
		if now.Sub(u.registeredAt) < s.opts.RegisteredTimeout {
			return false
		}
	case left, dropped:
		if now.Before(u.forgetAt) {
			return false
		}
	case inside:
		return false
	case ejected, gone:
		return true
	}
	u.state = gone
	return true
}

// expire ends meetings that nobody enters, or that everybody has left.
func (s *Server) expire(m *meeting, now time.Time) {
	if m.ended() {
		return
	}
	if !m.everJoined {
		if end := m.createdAt.Add(s.opts.ExpireNoJoin); !now.Before(end) {
			s.close(m, end, false)
		}
		return
	}
	if last, empty := s.emptySince(m); empty {
		if end := last.Add(s.opts.ExpireLastLeft); !now.Before(end) {
			s.close(m, end, false)
		}
	}
}

// emptySince is when the last person went offline.
func (s *Server) emptySince(m *meeting) (last time.Time, empty bool) {
	for _, u := range s.people {
		if u.meeting != m {
			continue
		}
		if u.state == inside {
			return time.Time{}, false
		}
		if u.offlineAt.After(last) {
			last = u.offlineAt
		}
	}
	return last, !s.now().Before(last)
}

// close ends a meeting for everybody in it.
func (s *Server) close(m *meeting, at time.Time, forcibly bool) {
	m.endedAt, m.forcibly = at, forcibly
	for _, u := range m.users {
		u.state = gone
	}
	m.users = nil
}

// connect is the client page reaching the server: from here on the person is
// listed. It works for a fresh registration and for a reload within the grace.
func (s *Server) connect(u *user) bool {
	if u.meeting.ended() {
		return false
	}
	back := (u.state == left || u.state == dropped) && s.now().Before(u.offlineAt)
	if u.state != registered && u.state != inside && !back {
		return false
	}
	u.state, u.offlineAt, u.forgetAt = inside, time.Time{}, time.Time{}
	u.lastSeen = s.now()
	if !u.meeting.everJoined {
		u.meeting.everJoined, u.meeting.startedAt = true, s.now()
	}
	return true
}

// leave starts the timers of a clean goodbye.
func (s *Server) leave(u *user) {
	if u.state == inside || u.state == dropped {
		u.state = left
		s.schedule(u, s.now())
	}
}

// drop starts the timers of a lost connection.
func (s *Server) drop(u *user) {
	if u.state == inside {
		u.state = dropped
		s.schedule(u, s.now().Add(s.opts.DropDetect))
	}
}

// schedule sets when somebody who vanished at that time leaves the list of the
// connected and, at the following sweep, memory. With Linger both are one.
func (s *Server) schedule(u *user, noticed time.Time) {
	if s.opts.Linger > 0 {
		u.offlineAt = s.now().Add(s.opts.Linger)
		u.forgetAt = u.offlineAt
		return
	}
	u.offlineAt = noticed.Add(s.opts.GraceLeave)
	u.forgetAt = s.nextTick(u.offlineAt.Add(s.opts.UsersTimeout))
}

// nextTick is the first memory sweep at or after t.
func (s *Server) nextTick(t time.Time) time.Time {
	tick := s.opts.PurgeTick
	since := t.Sub(s.started)
	return s.started.Add((since + tick - 1) / tick * tick)
}

// eject throws somebody out at once.
func (s *Server) eject(u *user) {
	u.state = ejected
	u.offlineAt = s.now()
	u.meeting.users = slices.DeleteFunc(u.meeting.users, func(o *user) bool { return o == u })
}

// makeRoom ejects the oldest sessions of a userID until one more fits. Those
// who said goodbye do not count, those who merely lost the connection do.
func (s *Server) makeRoom(m *meeting, userID string) {
	if s.opts.MaxUserConcurrentAccesses < 0 {
		return
	}
	var sessions []*user
	for _, u := range m.users {
		if u.userID == userID && u.state != left {
			sessions = append(sessions, u)
		}
	}
	for len(sessions) >= s.opts.MaxUserConcurrentAccesses {
		s.eject(sessions[0])
		sessions = sessions[1:]
	}
}
