package bbbsim

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// join registers a session: merely fetching the link is enough. The browser is
// sent to the client page, or away with an error.
func (s *Server) join(c call) answer {
	q := c.params
	if s.profile.joinsByGETOnly && c.http.Method != http.MethodGet {
		return failure("unsupportedRequest", "join is GET only")
	}
	if key, message := malformed(q); key != "" {
		return s.joinInvalid(c, key, message)
	}
	m := s.meetings[q.text("meetingID")]
	if key, message := closedTo(q, m); key != "" {
		return s.joinError(c, key, message)
	}
	role, ok := roleOf(q)
	if !ok {
		s.complain(c, "refused: Params required")
		return failure("Params required", "neither role nor password")
	}
	if m.full(q.text("userID")) {
		return s.joinFull(c)
	}
	status := guestStatus(m, q, role)
	if status == "DENY" {
		return s.joinError(c, "guestDeniedAccess", "no guests here")
	}
	s.makeRoom(m, q.text("userID"))
	u := s.newUser(m, q.text("userID"), stripControl(q.text("fullName")), role, q)
	if status == "WAIT" {
		u.state = waiting
	}
	return s.welcome(c, u)
}

// malformed names what is wrong with the parameters by themselves.
func malformed(q query) (key, message string) {
	role := strings.ToUpper(q.text("role"))
	switch {
	case q.text("meetingID") == "":
		return "missingParamMeetingID", "meetingID is missing"
	case stripControl(q.text("fullName")) == "":
		return "missingParamFullName", "fullName is missing"
	case !validID(q.text("meetingID")), !validBooleans(q), role != "" && role != "MODERATOR" && role != "VIEWER":
		return "validationError", "a parameter is malformed"
	}
	return "", ""
}

// closedTo names why that meeting (nil: none) cannot be entered with that link.
func closedTo(q query, m *meeting) (key, message string) {
	switch {
	case m == nil:
		return "invalidMeetingIdentifier", "there is no such meeting"
	case m.ended():
		return "meetingForciblyEnded", "the meeting has ended"
	case mismatch(q, m):
		return "mismatchCreateTimeParam", "createTime belongs to another instance"
	}
	return "", ""
}

// roleOf reads the role; with a password alone everybody is a viewer here.
func roleOf(q query) (role string, ok bool) {
	if role := strings.ToUpper(q.text("role")); role != "" {
		return role, true
	}
	_, hasPassword := q.get("password")
	return "VIEWER", hasPassword
}

func mismatch(q query, m *meeting) bool {
	value, given := q.get("createTime")
	return given && value != strconv.FormatInt(m.createTime, 10)
}

// guestStatus: moderators always enter. An absent guest parameter is not the
// same as false: under ASK_MODERATOR it sends a viewer to the lobby.
func guestStatus(m *meeting, q query, role string) string {
	guest, given := q.get("guest")
	if role == "MODERATOR" {
		return "ALLOW"
	}
	switch m.params.text("guestPolicy") {
	case "ALWAYS_DENY":
		if guest == "true" {
			return "DENY"
		}
	case "ASK_MODERATOR":
		if guest == "true" || !given {
			return "WAIT"
		}
	case "ALWAYS_ACCEPT_AUTH":
		if guest == "true" && !q.is("auth") {
			return "WAIT"
		}
	}
	return "ALLOW"
}

// welcome hands out the session: by redirect, or as XML with redirect=false.
func (s *Server) welcome(c call, u *user) answer {
	u.cookie = s.cookieOf(c.http)
	path := "/html5client/?sessionToken="
	if u.state == waiting {
		path = "/html5client/guestWait?sessionToken="
	}
	target := origin(c.http) + path + u.session
	cookie := &http.Cookie{Name: sessionCookie, Value: u.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if c.params.text("redirect") != "false" {
		return answer{status: http.StatusFound, location: target, cookie: cookie}
	}
	key, guest := "successfullyJoined", "ALLOW"
	if u.state == waiting {
		key, guest = "guestWait", "WAIT"
	}
	a := success(keyed(key, "joined") + tags(
		"meeting_id", u.meeting.internalID, "user_id", u.internalID, "auth_token", u.session[:12],
		"session_token", u.session, "guestStatus", guest, "url", target,
	))
	a.cookie = cookie
	return a
}

// joinFull redirects on old servers even when XML was asked for.
func (s *Server) joinFull(c call) answer {
	const key, message = "maxParticipantsReached", "the room is full"
	if s.profile.fullAsRedirect {
		s.complain(c, "refused: %s", key)
		return s.errorRedirect(c, key, message, false)
	}
	return s.joinError(c, key, message)
}

// joinError refuses a join that was well-formed.
func (s *Server) joinError(c call, key, message string) answer {
	return s.refuseJoin(c, key, message, s.profile.errorRedirect)
}

// joinInvalid refuses a join that was not; older servers ignore
// errorRedirectUrl then.
func (s *Server) joinInvalid(c call, key, message string) answer {
	return s.refuseJoin(c, key, message, s.profile.redirectsInvalid)
}

func (s *Server) refuseJoin(c call, key, message string, honoured bool) answer {
	s.complain(c, "refused: %s", key)
	if c.params.text("redirect") == "false" {
		return failure(key, message)
	}
	return s.errorRedirect(c, key, message, honoured)
}

// errorRedirect sends the browser to errorRedirectUrl or to the start page,
// with errors=[{"message":…,"key":…}] in the query.
func (s *Server) errorRedirect(c call, key, message string, honoured bool) answer {
	target := origin(c.http) + "/"
	if given := c.params.text("errorRedirectUrl"); given != "" && honoured {
		target = given
	}
	separator := "?"
	if u, err := url.Parse(target); err == nil && u.RawQuery != "" {
		separator = "&"
	}
	return answer{status: http.StatusFound, location: target + separator + "errors=" + errorsParam(key, message)}
}

// errorsParam spells the parameter as BBB does: a JSON list of which only
// braces, quotes and blanks are escaped.
func errorsParam(key, message string) string {
	return encode(`[{"message":"`+message+`","key":"`+key+`"}]`, "[]:,()'-_.~", "%20")
}

// origin is how the browser reaches us.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
