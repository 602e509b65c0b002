package bbbsim

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// create starts a meeting or finds it: while it lasts, every other parameter is
// ignored.
func (s *Server) create(c call) answer {
	if refused, bad := s.checkBody(c); bad {
		return refused
	}
	id, name := c.params.text("meetingID"), stripControl(c.params.text("name"))
	switch n := utf8.RuneCountInString(name); {
	case id == "":
		return failure("missingParamMeetingID", "meetingID is missing")
	case !validID(id) || n < 2 || n > 256 || !validBooleans(c.params):
		return failure("validationError", "a parameter is malformed")
	}
	if old := s.meetings[id]; old != nil && !old.ended() {
		return created(old, keyed("duplicateWarning", "this meeting exists already"))
	}
	return created(s.newMeeting(id, name, c.params), keyed("", ""))
}

// checkBody refuses bodies that are not XML, as 3.0 does.
func (s *Server) checkBody(c call) (answer, bool) {
	if c.http.Method != http.MethodPost || !s.profile.refusesPlainBody {
		return answer{}, false
	}
	if strings.Contains(c.http.Header.Get("Content-Type"), "xml") {
		return answer{}, false
	}
	s.complain(c, "a body of type %q", c.http.Header.Get("Content-Type"))
	return failure("unsupportedContentType", "the body must be XML"), true
}

func created(m *meeting, warning string) answer {
	return success(tags(
		"meetingID", m.id,
		"internalMeetingID", m.internalID,
		"parentMeetingID", "bbb-none",
		"attendeePW", "ap-"+m.internalID[:8],
		"moderatorPW", "mp-"+m.internalID[:8],
		"createTime", m.createTime,
		"voiceBridge", "47113",
		"dialNumber", "+49 30 5550100",
		"createDate", javaDate(m.createdAt),
		"hasUserJoined", m.everJoined,
		"duration", 0,
		"hasBeenForciblyEnded", m.forcibly,
	) + warning)
}

// validID is BBB's own rule.
func validID(id string) bool {
	n := utf8.RuneCountInString(id)
	return n >= 2 && n <= 256 && !strings.Contains(id, ",")
}

func validBooleans(q query) bool { return !slices.ContainsFunc(q, badBoolean) }

func stripControl(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}
