package bbbsim

import (
	"net/http"
	"strings"
)

// sessionCookie binds session tokens to the browser that followed the link.
const sessionCookie = "JSESSIONID"

// cookieOf returns the browser's session, or a new one.
func (s *Server) cookieOf(r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil && c.Value != "" {
		return c.Value
	}
	return s.token(24)
}

// session finds the person behind a session token, if the browser is the one
// that followed the join link; why tells a person what is wrong.
func (s *Server) session(r *http.Request) (u *user, why string) {
	token := r.URL.Query().Get("sessionToken")
	for _, known := range s.people {
		if known.session == token && token != "" {
			u = known
		}
	}
	if u == nil {
		return nil, "This session does not exist."
	}
	cookie, err := r.Cookie(sessionCookie)
	foreign := err != nil || cookie.Value != u.cookie
	if foreign && u.meeting.params.text("allowRequestsWithoutSession") != "true" {
		return nil, "This session belongs to another browser."
	}
	return u, ""
}

// serveClient is the client page. Fetching it connects: from here on the
// person is in the attendee list.
func (s *Server) serveClient(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	u, why := s.session(r)
	switch {
	case u == nil:
		htmlAnswer(http.StatusUnauthorized, messagePage(why)).write(w)
	case u.state == waiting:
		http.Redirect(w, r, "/html5client/guestWait?sessionToken="+u.session, http.StatusFound)
	case u.state == ejected:
		htmlAnswer(http.StatusOK, messagePage("You were removed: the same login came in again.")).write(w)
	case !s.connect(u):
		htmlAnswer(http.StatusOK, messagePage("This session is over.")).write(w)
	default:
		u.onPage = true
		htmlAnswer(http.StatusOK, s.roomPage(u)).write(w)
	}
}

// serveLobby is where guests wait for a moderator.
func (s *Server) serveLobby(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	u, why := s.session(r)
	switch {
	case u == nil:
		htmlAnswer(http.StatusUnauthorized, messagePage(why)).write(w)
	case u.state == waiting:
		u.registeredAt = s.now() // the page keeps asking, so the guest is not forgotten
		htmlAnswer(http.StatusOK, lobbyPage(u)).write(w)
	default:
		http.Redirect(w, r, "/html5client/?sessionToken="+u.session, http.StatusFound)
	}
}

// serveClientAction is a button of the client page.
func (s *Server) serveClientAction(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	u, why := s.session(r)
	if u == nil {
		htmlAnswer(http.StatusUnauthorized, messagePage(why)).write(w)
		return
	}
	switch r.PathValue("action") {
	case "leave":
		s.leave(u)
		http.Redirect(w, r, s.logoutURL(u), http.StatusSeeOther)
	case "drop":
		s.drop(u)
		htmlAnswer(http.StatusOK, droppedPage(u)).write(w)
	case "end":
		s.endBy(u)
		http.Redirect(w, r, s.logoutURL(u), http.StatusSeeOther)
	case "admit":
		s.admitBy(u)
		http.Redirect(w, r, "/html5client/?sessionToken="+u.session, http.StatusSeeOther)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) endBy(u *user) {
	if u.moderator() && !u.meeting.ended() {
		s.close(u.meeting, s.now(), true)
	}
}

func (s *Server) admitBy(u *user) {
	for _, guest := range u.meeting.users {
		if u.moderator() && guest.state == waiting {
			guest.state, guest.registeredAt = registered, s.now()
		}
	}
}

// logoutURL is where a leaver is sent.
func (s *Server) logoutURL(u *user) string {
	if url := u.params.text("logoutURL"); url != "" && s.profile.honoursJoinLogout {
		return url
	}
	if url := u.meeting.params.text("logoutURL"); url != "" {
		return url
	}
	return "/"
}

// serveStart is the server's start page, where failed joins strand.
func (s *Server) serveStart(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.RawQuery, "errors=") {
		htmlAnswer(http.StatusOK, messagePage("Joining failed.")).write(w)
		return
	}
	htmlAnswer(http.StatusOK, messagePage("A BigBlueButton for tests.")).write(w)
}
