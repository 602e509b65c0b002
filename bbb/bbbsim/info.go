package bbbsim

import (
	"slices"
	"strings"
	"time"
)

// isMeetingRunning never says notFound.
func (s *Server) isMeetingRunning(c call) answer {
	m := s.meetings[c.params.text("meetingID")]
	return success(tags("running", m != nil && m.running()))
}

func (s *Server) getMeetingInfo(c call) answer {
	id := c.params.text("meetingID")
	if id == "" {
		return failure("missingParamMeetingID", "meetingID is missing")
	}
	if !validID(id) {
		return failure("validationError", "meetingID is malformed")
	}
	m := s.meetings[id]
	if m == nil {
		return failure("notFound", "there is no such meeting")
	}
	return success(s.info(m))
}

func (s *Server) getMeetings() answer {
	if len(s.meetings) == 0 {
		return success("<meetings/>" + keyed("noMeetings", "nothing is going on"))
	}
	var b strings.Builder
	for _, m := range s.sorted() {
		b.WriteString(tagged("meeting", s.info(m)))
	}
	return success(tagged("meetings", b.String()))
}

// sorted lists the meetings, oldest first.
func (s *Server) sorted() []*meeting {
	var all []*meeting
	for _, m := range s.meetings {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *meeting) int {
		if c := a.createdAt.Compare(b.createdAt); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return all
}

func (s *Server) info(m *meeting) string {
	return tags(
		"meetingName", m.name,
		"meetingID", m.id,
		"internalMeetingID", m.internalID,
		"createTime", m.createTime,
		"createDate", javaDate(m.createdAt),
		"voiceBridge", "47113",
		"dialNumber", "+49 30 5550100",
		"attendeePW", "ap-"+m.internalID[:8],
		"moderatorPW", "mp-"+m.internalID[:8],
		"running", m.running(),
		"duration", 0,
		"hasUserJoined", m.everJoined,
		"recording", m.params.is("record"),
		"hasBeenForciblyEnded", m.forcibly,
		"startTime", millis(m.startedAt),
		"endTime", millis(m.endedAt),
		"participantCount", s.counted(m),
		"listenerCount", 0,
		"voiceParticipantCount", 0,
		"videoCount", 0,
		"maxUsers", m.limit(),
		"moderatorCount", m.moderatorsInMemory(),
	) + s.attendees(m) + metadata(m) + tag("isBreakout", false)
}

func (s *Server) attendees(m *meeting) string {
	var b strings.Builder
	data := customData(m)
	b.WriteString("<attendees>\n")
	for i, u := range s.listed(m) {
		b.WriteString("<attendee>" + tags(
			"userID", u.userID,
			"fullName", u.name,
			"role", u.role,
			"isPresenter", i == 0,
			"isListeningOnly", false,
			"hasJoinedVoice", false,
			"hasVideo", false,
			"clientType", "HTML5",
		) + data[u.userID] + "</attendee>\n")
	}
	b.WriteString("</attendees>")
	return b.String()
}

// customData is kept per userID: the last join's userdata shows on all its
// sessions.
func customData(m *meeting) map[string]string {
	byUser := map[string]string{}
	for _, u := range m.users {
		var b strings.Builder
		for _, p := range u.params.prefixed("userdata-") {
			b.WriteString(tag(p.name, p.value))
		}
		byUser[u.userID] = ""
		if b.Len() > 0 {
			byUser[u.userID] = tagged("customdata", b.String())
		}
	}
	return byUser
}

func metadata(m *meeting) string {
	var b strings.Builder
	for _, p := range m.params.prefixed("meta_") {
		b.WriteString(tag(strings.ToLower(p.name), p.value))
	}
	return tagged("metadata", b.String())
}

func (s *Server) end(c call) answer {
	m := s.meetings[c.params.text("meetingID")]
	if m == nil {
		return failure("notFound", "there is no such meeting")
	}
	if !m.ended() {
		s.close(m, s.now(), true)
	}
	return success(keyed("sentEndMeetingRequest", "the meeting will end"))
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func javaDate(t time.Time) string { return t.UTC().Format("Mon Jan 02 15:04:05 UTC 2006") }
