package bbb

// Role is what a person may do in a meeting.
type Role string

// The two roles of BBB. The zero Role joins as Viewer.
const (
	Viewer    Role = "VIEWER"
	Moderator Role = "MODERATOR"
)

// Meeting is one instance of a meeting, as getMeetingInfo and getMeetings
// describe it. Passwords are not read.
type Meeting struct {
	Name              string
	MeetingID         string // chosen by the creator, reused by later instances
	InternalMeetingID string // names this instance
	CreateTime        int64  // epoch milliseconds; binds a join link to this instance

	Running              bool // somebody is in there, or left within the last minute
	Recording            bool // may be recorded; not: is being recorded now
	HasBeenForciblyEnded bool
	HasUserJoined        bool
	IsBreakout           bool

	ParticipantCount int // meaning differs per release, see Attendees
	ModeratorCount   int // counts people who have left; for display only
	MaxUsers         int // 0: no limit

	StartTime int64 // epoch milliseconds
	EndTime   int64 // epoch milliseconds, 0 while it lasts

	Attendees []Attendee        // one entry per session, so a userID may occur twice
	Metadata  map[string]string // names in lower case, without "meta_"
	Breakouts int               // how many breakout rooms
}

// Attendee is one session of a person in a meeting.
type Attendee struct {
	UserID   string // as signed in the join link; "w_…" without one, "v_…" by phone
	FullName string
	Role     Role

	Presenter      bool
	ListeningOnly  bool
	HasJoinedVoice bool
	HasVideo       bool
	ClientType     string            // "HTML5", "dial-in-user", …
	CustomData     map[string]string // userdata-… of the last join under this userID
}

// Open tells whether people may be let in: somebody is inside, the meeting has
// not been ended and, if the room waits for a moderator, one is in the list.
// ModeratorCount would be wrong here: it lags behind those who have left.
func (m Meeting) Open(waitForModerator bool) bool {
	if !m.Running || m.HasBeenForciblyEnded {
		return false
	}
	return !waitForModerator || m.hasModerator()
}

func (m Meeting) hasModerator() bool {
	for _, a := range m.Attendees {
		if a.Role == Moderator {
			return true
		}
	}
	return false
}

// Present counts the sessions under that userID. 0 means not seen yet, which
// is not the same as not on the way: BBB lists a person only once the client
// has connected. More than 1 means that the login is shared or doubled.
func (m Meeting) Present(userID string) int {
	n := 0
	for _, a := range m.Attendees {
		if a.UserID == userID {
			n++
		}
	}
	return n
}
