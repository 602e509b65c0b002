package bbbsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// User is one session, as Joined tells it.
type User struct {
	UserID, FullName, Role string
	Guest                  string // "true", "false", or "" when the join did not say
	CreateTime             string // as sent
	UserData               map[string]string
	InternalID             string // "w_…"
	SessionToken           string
	State                  string // registered, waiting, inside, left, dropped, ejected or gone
	ByLink                 bool   // came by a join link; false: placed by Start, Enter or Crowd
	RegisteredAt           time.Time
}

// CreateMeeting creates a meeting that nobody has entered. An existing one that
// has not ended stays as it is.
func (s *Server) CreateMeeting(meetingID, name string, record bool) {
	s.locked(func() { s.ensureMeeting(meetingID, name, record) })
}

// Start creates a meeting and puts a moderator of that name inside, as userID
// "a-host": the room runs. A host who is inside already is not doubled.
func (s *Server) Start(meetingID, name string, record bool, moderator string) {
	s.locked(func() {
		s.ensureMeeting(meetingID, name, record)
		if !s.isInside(meetingID, "a-host") {
			s.enter(meetingID, "a-host", moderator, "MODERATOR")
		}
	})
}

// Enter puts somebody inside without a join link.
func (s *Server) Enter(meetingID, userID, fullName, role string) {
	s.locked(func() { s.enter(meetingID, userID, fullName, role) })
}

// Crowd puts n viewers inside: userIDs c-1, c-2, …
func (s *Server) Crowd(meetingID string, n int) {
	s.locked(func() {
		for i := range n {
			s.enter(meetingID, fmt.Sprintf("c-%d", i+1), fmt.Sprintf("Crowd %d", i+1), "VIEWER")
		}
	})
}

// Leave is a clean goodbye of all sessions of that userID; how long they stay
// listed is up to the profile.
func (s *Server) Leave(meetingID, userID string) {
	s.locked(func() { s.eachSession(meetingID, userID, s.leave) })
}

// Drop cuts the connection of all sessions of that userID.
func (s *Server) Drop(meetingID, userID string) {
	s.locked(func() { s.eachSession(meetingID, userID, s.drop) })
}

// EndMeeting ends a meeting by force. It stays known for Options.EndedTimeout.
func (s *Server) EndMeeting(meetingID string) {
	s.locked(func() {
		if m := s.meetings[meetingID]; m != nil && !m.ended() {
			s.close(m, s.now(), true)
		}
	})
}

// Admit lets everybody in a meeting's lobby in.
func (s *Server) Admit(meetingID string) {
	s.locked(func() {
		for _, u := range s.usersOf(meetingID) {
			if u.state == waiting {
				u.state, u.registeredAt = registered, s.now()
			}
		}
	})
}

// Joined lists every session ever registered for that meetingID, over all its
// instances, in order.
func (s *Server) Joined(meetingID string) []User {
	var all []User
	s.locked(func() {
		for _, u := range s.people {
			if u.meeting.id == meetingID {
				all = append(all, u.export())
			}
		}
	})
	return all
}

// locked runs f with the state brought up to now.
func (s *Server) locked(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	f()
}

func (s *Server) ensureMeeting(id, name string, record bool) {
	if m := s.meetings[id]; m != nil && !m.ended() {
		return
	}
	s.newMeeting(id, name, query{{"record", fmt.Sprint(record)}})
}

func (s *Server) enter(meetingID, userID, fullName, role string) {
	m := s.meetings[meetingID]
	if m == nil || m.ended() {
		s.problems = append(s.problems, fmt.Sprintf("test: nobody can enter %q, it does not run", meetingID))
		return
	}
	s.connect(s.newUser(m, userID, fullName, strings.ToUpper(role), nil))
}

func (s *Server) usersOf(meetingID string) []*user {
	if m := s.meetings[meetingID]; m != nil {
		return m.users
	}
	return nil
}

func (s *Server) isInside(meetingID, userID string) bool {
	return slices.ContainsFunc(s.usersOf(meetingID), func(u *user) bool {
		return u.userID == userID && u.state == inside
	})
}

func (s *Server) eachSession(meetingID, userID string, f func(*user)) {
	for _, u := range s.usersOf(meetingID) {
		if u.userID == userID {
			f(u)
		}
	}
}

func (u *user) export() User {
	data := map[string]string{}
	for _, p := range u.params.prefixed("userdata-") {
		data[p.name] = p.value
	}
	return User{
		UserID: u.userID, FullName: u.name, Role: u.role,
		Guest: u.params.text("guest"), CreateTime: u.params.text("createTime"), UserData: data,
		InternalID: u.internalID, SessionToken: u.session, State: string(u.state),
		ByLink: u.params != nil, RegisteredAt: u.registeredAt,
	}
}
