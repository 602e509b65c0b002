package web

import (
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/templates"
)

// lookRoom shows a room to somebody without a ticket.
//
//	GET /r/<room> -> 200 page, 404 unknown room
func (s *Server) lookRoom(c *gin.Context) {
	g := s.guest(c)
	a, err := s.Bridge.LookRoom(c.Request.Context(), g)
	s.report(c, a, err)
	s.showRoom(c, g, a, "")
}

// enterRoom lets somebody without a ticket into a room that needs none.
//
//	POST /r/<room>  name, callsign?, code?, consent=yes|no -> 303 into the room, 200 page, or a refusal with its status
func (s *Server) enterRoom(c *gin.Context) {
	if !s.guests.allow(c.ClientIP()) {
		s.refuse(c, room.TooManyTries)
		return
	}
	g := s.guest(c)
	a, err := s.Bridge.EnterRoom(c.Request.Context(), g)
	s.report(c, a, err)
	nameError := ""
	if bbb.CleanName(g.Name) == "" {
		nameError = "missing"
	}
	s.showRoom(c, g, a, nameError)
}

func (s *Server) guest(c *gin.Context) room.Guest {
	return room.Guest{
		Room: c.Param("room"), Browser: s.browser(c), Name: c.PostForm("name"), Callsign: c.PostForm("callsign"),
		Code: c.PostForm("code"), Consent: c.PostForm("consent"), Language: s.language(c), Notice: templates.NoticeVersion(),
	}
}

// showRoom shows the room page for every answer that leaves the person in front of the room.
func (s *Server) showRoom(c *gin.Context, g room.Guest, a room.Admission, nameError string) {
	self := "/r/" + g.Room
	v := visit{lang: g.Language, self: self, action: self, key: keyOf(self)}
	stays := a.Kind == room.Wait || a.Kind == room.Confirm || a.Why == room.TicketNeeded || a.Why == room.CodeWrong
	if a.Kind == room.Admit || !stays {
		s.show(c, v, a)
		return
	}
	page := templates.RoomPage{
		Frame: s.frame(v), RoomView: s.roomView(c, g.Language, a), Access: string(a.Room.Access),
		Open: a.Kind != room.Wait, Recordable: a.Notice, Policy: string(a.Room.Recording), Form: v.form(a),
		Name: g.Name, Callsign: g.Callsign, Consent: g.Consent, NameError: nameError,
	}
	status := http.StatusOK
	if a.Why == room.CodeWrong {
		page.CodeError, status = "wrong", statusOf(a.Why)
		if g.Code == "" {
			page.CodeError = "missing"
		}
	}
	if a.Kind == room.Wait {
		page.Live, page.Refresh = v.live(), refreshClosed
		s.keepPassOf(c, v, a)
	}
	s.send(c, status, func(w io.Writer) error { return s.Pages.RoomPage(w, page) })
}
