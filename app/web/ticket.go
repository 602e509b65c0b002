package web

import (
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/templates"
)

// lookTicket shows what a ticket link leads to. It changes nothing: mail scanners and previews fetch links.
//
//	GET /ticket?token=<JWT> -> 200 page, or a refusal with its status
func (s *Server) lookTicket(c *gin.Context) {
	s.answerTicket(c, c.Query("token"), false)
}

// enterTicket is the way in.
//
//	POST /ticket  token, position?, name?, seen? -> 303 into the room, 200 page, or a refusal with its status
func (s *Server) enterTicket(c *gin.Context) {
	s.answerTicket(c, c.PostForm("token"), true)
}

func (s *Server) answerTicket(c *gin.Context, token string, enter bool) {
	lang := s.language(c)
	v := visit{
		lang: lang, self: s.TicketPath, query: url.Values{"token": {token}}, action: s.TicketPath,
		hidden: []templates.Field{{Name: "token", Value: token}}, key: keyOf(token), posted: enter, name: c.PostForm("name"),
	}
	ask := room.Visit{
		Token: token, Browser: s.browser(c), Pass: s.pass(c, v.key), Position: position(c), Name: v.name,
		Language: lang, Notice: templates.NoticeVersion(), Seen: c.PostForm("seen"),
	}
	costs := enter || !ask.Pass.Complete() // pretix is asked
	if costs && token != "" && !s.tickets.allow(v.key) {
		s.showRefusal(c, v, room.Admission{Why: room.TooManyTries, Retry: tooManyRetry})
		return
	}
	if ask.Position == 0 && ask.Pass != nil {
		ask.Position = ask.Pass.Position
	}
	answer := s.Bridge.Look
	if enter {
		answer = s.Bridge.Enter
	}
	a, err := answer(c.Request.Context(), ask)
	s.report(c, a, err)
	if invalid(a.Why) && !s.peers.allow(c.ClientIP()) {
		s.refuse(c, room.TooManyTries)
		return
	}
	s.show(c, v, a)
}

func position(c *gin.Context) int64 {
	id, err := strconv.ParseInt(c.PostForm("position"), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// invalid tells links that nobody should have from those that have merely had their time.
func invalid(why room.Reason) bool {
	switch why {
	case room.LinkBroken, room.LinkForged, room.LinkForeign:
		return true
	}
	return false
}
