package web

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/templates"
)

// bodyLimit is far above every form of ours.
const bodyLimit = 64 << 10

// logged writes one line per request: the route, never the address, because a query may be a token.
func (s *Server) logged(c *gin.Context) {
	start := s.Now()
	c.Next()
	route := c.FullPath()
	if route == "/healthz" || route == "/assets/:hash/:name" {
		return
	}
	s.Log.InfoContext(c.Request.Context(), "request answered", "method", c.Request.Method, "route", route,
		"status", c.Writer.Status(), "took_ms", s.Now().Sub(start).Milliseconds())
}

// recovered turns a panic into a page. The panic's value is not logged: it may quote what it choked on.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(c.Request.Context(), "handler panicked", "kind", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			c.Abort()
			if !c.Writer.Written() {
				s.refuse(c, room.Internal)
			}
		}
	}()
	c.Next()
}

// headers are the same for every answer; what differs is set where it differs. same-origin, not no-referrer: a page
// sent with no-referrer makes its own form post "Origin: null".
func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", templates.CSP)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
}

// sameOrigin refuses forms that another site sends. Plain http pages in a LAN send no Sec-Fetch-Site; then Origin and
// Host decide.
func (s *Server) sameOrigin(ours *http.CrossOriginProtection) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := ours.Check(c.Request); err != nil {
			s.Log.WarnContext(c.Request.Context(), "form of another site refused", "route", c.FullPath())
			c.Abort()
			s.refuse(c, room.LinkBroken)
		}
	}
}

func limitBody(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bodyLimit)
}
