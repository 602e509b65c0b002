package web

import (
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

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
