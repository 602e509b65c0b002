package web

import (
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/templates"
)

// home greets who typed the address.
func (s *Server) home(c *gin.Context) { s.showHome(c, http.StatusOK) }

// noRoute answers what is not there with the way to what is.
func (s *Server) noRoute(c *gin.Context) { s.showHome(c, http.StatusNotFound) }

func (s *Server) showHome(c *gin.Context, status int) {
	page := templates.Home{Frame: s.frame(visit{lang: s.language(c), self: "/"})}
	s.send(c, status, func(w io.Writer) error { return s.Pages.Home(w, page) })
}

// head answers who only asks whether a link exists: not even a question to pretix is due.
func (s *Server) head(c *gin.Context) { c.Status(http.StatusOK) }

// health tells that the program answers.
//
//	GET /healthz -> 200 "ok"
func (s *Server) health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// asset serves what pages are made of. The address holds the content's checksum, so it never changes.
func (s *Server) asset(c *gin.Context) {
	data, contentType, ok := s.Pages.Asset(c.Param("hash") + "/" + c.Param("name"))
	if !ok {
		c.String(http.StatusNotFound, "not found\n")
		return
	}
	c.Header("Cache-Control", "public, max-age=31536000, immutable")
	c.Data(http.StatusOK, contentType, data)
}

// backReasons says what BBB's refusal of a join means to a person. Not in the table: RoomRejected.
var backReasons = map[string]room.Reason{
	"invalidMeetingIdentifier": room.RoomEnded,
	"notFound":                 room.RoomEnded,
	"meetingForciblyEnded":     room.RoomEnded,
	"mismatchCreateTimeParam":  room.RoomEnded,
	"maxParticipantsReached":   room.RoomFull,
	"checksumError":            room.Misconfigured,
}

// back receives whom BBB did not let in. Of what BBB writes only the key is read, and only known keys count.
//
//	GET /back?errors=[{"key":…,"message":…}] -> a refusal with its status
func (s *Server) back(c *gin.Context) {
	key, ok := bbb.RedirectError(c.Request.URL.RawQuery)
	if !ok {
		s.showHome(c, http.StatusOK)
		return
	}
	why, known := backReasons[key]
	if !known {
		why = room.RoomRejected
	}
	s.Log.WarnContext(c.Request.Context(), "bbb turned a join down", "key", key, "code", why.Code())
	s.refuse(c, why)
}

// language is the page's: asked for in the address, else as last time, else as the browser says.
func (s *Server) language(c *gin.Context) string {
	asked := c.Query("lang")
	lang := templates.Match(c.GetHeader("Accept-Language"), cookie(c, languageCookie), asked)
	if asked == lang && asked != cookie(c, languageCookie) {
		s.keep(c, languageCookie, lang, languageLasts)
	}
	return lang
}
