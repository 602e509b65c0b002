package bbbsim

import (
	"crypto/sha1" // BBB builds internal meeting IDs with it
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// meeting is one instance.
type meeting struct {
	id, internalID, name string
	createTime           int64 // epoch milliseconds
	createdAt            time.Time
	params               query // of create

	users      []*user // in memory, in order of registration
	startedAt  time.Time
	endedAt    time.Time
	forcibly   bool
	everJoined bool
}

// userState is where a person stands.
type userState string

const (
	registered userState = "registered" // the join link was fetched
	waiting    userState = "waiting"    // in the lobby
	inside     userState = "inside"     // the client is connected
	left       userState = "left"       // said goodbye
	dropped    userState = "dropped"    // the connection is gone
	ejected    userState = "ejected"    // thrown out
	gone       userState = "gone"       // out of memory
)

// user is one session of a person.
type user struct {
	internalID, userID, name, role string
	meeting                        *meeting
	params                         query // of join; nil for people placed by the test
	session, cookie                string

	state        userState
	registeredAt time.Time
	lastSeen     time.Time // of the client page, for Heartbeat
	onPage       bool      // came by the client page

	offlineAt time.Time // left or dropped: when the list of the connected loses them
	forgetAt  time.Time // … and when memory does
}

// moderator tells the role.
func (u *user) moderator() bool { return u.role == "MODERATOR" }

// newMeeting creates an instance. A new instance never shares its predecessor's
// createTime, even when the clock stands still.
func (s *Server) newMeeting(id, name string, params query) *meeting {
	at := s.now().Add(s.opts.ClockSkew).UnixMilli()
	if old := s.meetings[id]; old != nil && at <= old.createTime {
		at = old.createTime + 1
	}
	sum := sha1.Sum([]byte(id))
	m := &meeting{
		id: id, name: name, params: params,
		createTime: at,
		createdAt:  s.now(),
		internalID: fmt.Sprintf("%s-%d", hex.EncodeToString(sum[:]), at),
	}
	s.meetings[id] = m
	return m
}

// newUser registers a session.
func (s *Server) newUser(m *meeting, userID, name, role string, params query) *user {
	u := &user{
		internalID: "w_" + s.token(12), userID: userID, name: name, role: role,
		meeting: m, params: params, session: s.token(16),
		state: registered, registeredAt: s.now(), lastSeen: s.now(),
	}
	if u.userID == "" {
		u.userID = u.internalID
	}
	m.users = append(m.users, u)
	s.people = append(s.people, u)
	return u
}

// ended tells whether nobody can come in any more.
func (m *meeting) ended() bool { return !m.endedAt.IsZero() }

// running is BBB's meaning: anybody in memory who has been inside.
func (m *meeting) running() bool {
	return !m.ended() && slices.ContainsFunc(m.users, inMemory)
}

func inMemory(u *user) bool { return u.state == inside || u.state == left || u.state == dropped }

// online are those whom the server believes connected.
func online(u *user, now time.Time) bool {
	return u.state == inside || inMemory(u) && now.Before(u.offlineAt)
}

// listed are the people of getMeetingInfo's attendees.
func (s *Server) listed(m *meeting) []*user {
	return s.present(m, s.profile.listsGhosts)
}

// counted is participantCount.
func (s *Server) counted(m *meeting) int { return len(s.present(m, s.profile.countsGhosts)) }

func (s *Server) present(m *meeting, ghosts bool) []*user {
	var people []*user
	for _, u := range m.users {
		if online(u, s.now()) || ghosts && inMemory(u) {
			people = append(people, u)
		}
	}
	return people
}

// moderatorsInMemory is moderatorCount, which includes those who have left.
func (m *meeting) moderatorsInMemory() int {
	n := 0
	for _, u := range m.users {
		if inMemory(u) && u.moderator() {
			n++
		}
	}
	return n
}

// limit is maxParticipants, 0 for none.
func (m *meeting) limit() int {
	n, _ := strconv.Atoi(m.params.text("maxParticipants"))
	return n
}

// full counts unique userIDs; somebody who is inside already may come again.
func (m *meeting) full(userID string) bool {
	ids := map[string]bool{}
	for _, u := range m.users {
		if inMemory(u) {
			ids[u.userID] = true
		}
	}
	return m.limit() > 0 && len(ids) >= m.limit() && !ids[userID]
}
