package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// bodyLimit holds the largest request: older Android apps send every answered question as they know it.
const bodyLimit = 1 << 20

// patience is how long a request may take, from the question who asks to the answer. Desktop gives up after 10 s.
// Source: wire 4.2.
const patience = 8 * time.Second

func timely(c *gin.Context) {
	ctx, done := context.WithTimeout(c.Request.Context(), patience)
	defer done()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// swallowed is how much of a request is taken in unread, so that its sender comes to read our answer: who still sends when
// a connection is closed learns of that only.
const swallowed = 16 << 20

func limitBody(c *gin.Context) {
	sent := c.Request.Body
	c.Request.Body = http.MaxBytesReader(c.Writer, sent, bodyLimit)
	c.Next()
	if c.GetHeader("Expect") == "" { // else nothing more comes unless we ask for it
		_, _ = io.CopyN(io.Discard, sent, swallowed) // the answer stands, whatever comes
	}
}

// logged writes one line per request: the route, the device's number, the verdict. Addresses and bodies hold tickets'
// secrets.
func (s *Server) logged(c *gin.Context) {
	start := s.Now()
	c.Next()
	if c.FullPath() == "/healthz" {
		return
	}
	said := []slog.Attr{
		slog.String("method", c.Request.Method), slog.String("route", c.FullPath()), slog.Int("status", c.Writer.Status()),
		slog.Int64("device", device(c).ID), slog.Int64("took_ms", s.Now().Sub(start).Milliseconds()),
	}
	if v, decided := c.Value(verdictKey).(scanproxy.Verdict); decided {
		said = append(said, slog.String("verdict", string(v.Type)), slog.String("rule", v.Rule), slog.String("event", v.EventSlug))
	}
	s.Log.LogAttrs(c.Request.Context(), slog.LevelInfo, "scanner answered", said...)
}

// recovered turns a panic into an answer. The panic's value is not logged: it may quote what it choked on.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.ErrorContext(c.Request.Context(), "handler panicked", "kind", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			c.Abort()
			if !c.Writer.Written() {
				s.unable(c, http.StatusInternalServerError, s.words().Crashed)
			}
		}
	}()
	c.Next()
}

const (
	deviceKey  = "device"  // where authenticated leaves the device
	verdictKey = "verdict" // where a check leaves its verdict
)

func device(c *gin.Context) scanproxy.Device {
	d, _ := c.Value(deviceKey).(scanproxy.Device)
	return d
}

// authenticated lets devices with a good token pass. Until the proxy itself is connected to pretix nobody does.
func (s *Server) authenticated(c *gin.Context) {
	switch scheme, token := credentials(c); scheme {
	case "":
		refuse(c, http.StatusUnauthorized, "Authorization required")
	case "Device":
		s.admit(c, token)
	default:
		refuse(c, http.StatusUnauthorized, "Device auth required")
	}
}

// credentials splits Authorization: Device <token>.
func credentials(c *gin.Context) (scheme string, token scanproxy.Token) {
	scheme, rest, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	return scheme, scanproxy.Token(strings.TrimSpace(rest))
}

func (s *Server) admit(c *gin.Context, token scanproxy.Token) {
	d, err := s.Devices.Authenticate(c.Request.Context(), token)
	if err != nil {
		s.refuseDevice(c, err)
		return
	}
	c.Set(deviceKey, d)
	if s.Upstream().Organizer == "" {
		s.unable(c, http.StatusServiceUnavailable, s.words().NotConnected)
	}
}

// ourOrganizer: a token is good for one organizer.
func (s *Server) ourOrganizer(c *gin.Context) {
	if c.Param("organizer") != s.Upstream().Organizer {
		notFound(c, "Unknown organizer")
	}
}

// noRoute answers for all paths that we do not have. Below the parts that need a token nothing is told without one.
func (s *Server) noRoute(c *gin.Context) {
	for _, guarded := range []string{"/api/v1/organizers/", "/proxyapi/v1/rpc/", "/download/"} {
		if strings.HasPrefix(c.Request.URL.Path+"/", guarded) {
			if s.authenticated(c); c.IsAborted() {
				return
			}
		}
	}
	notFound(c, "Not found")
}
