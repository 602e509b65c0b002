package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// ErrNoFile is what Files answers for a file that is not kept.
var ErrNoFile = errors.New("no such file")

// refuse ends a request with a short sentence. Plain text reads the same in every app, and a 404 below /api/v1 must not
// look like JSON, or it counts as data. Source: wire 0.7, 4.6.
//
// Never: 429, 408 and Retry-After, which make apps fail or send a scan twice; a redirect. Source: wire 0.3-0.5.
func refuse(c *gin.Context, status int, sentence string) {
	c.Abort()
	c.Header("Content-Type", "text/plain; charset=utf-8")
	c.Header("X-Content-Type-Options", "nosniff")
	c.String(status, "%s\n", sentence)
}

func notFound(c *gin.Context, sentence string) { refuse(c, http.StatusNotFound, sentence) }

func badRequest(c *gin.Context, sentence string) { refuse(c, http.StatusBadRequest, sentence) }

// revokedText is compared letter by letter: with it an app forgets what it has copied, and may offer to reset itself.
// Source: wire 2.5.
const revokedText = "Device access has been revoked."

// refuseDevice answers who could not be authenticated.
func (s *Server) refuseDevice(c *gin.Context, err error) {
	switch {
	case errors.Is(err, scanproxy.ErrRevoked):
		answer := gin.H{"detail": revokedText}
		if strings.HasPrefix(c.Request.URL.Path, "/proxyapi/") {
			answer["title"] = s.words().Revoked // what Android shows after a scan
		}
		c.AbortWithStatusJSON(http.StatusUnauthorized, answer)
	case errors.Is(err, scanproxy.ErrUnknownToken):
		refuse(c, http.StatusUnauthorized, "Unknown device token")
	default:
		s.fail(c, "device not authenticated", err)
	}
}

// fail answers a failure of ours with 500 and a sentence for the crew, and logs it under what.
func (s *Server) fail(c *gin.Context, what string, err error) {
	ctx := c.Request.Context()
	if !errors.Is(ctx.Err(), context.Canceled) { // then nobody waits for an answer
		s.Log.ErrorContext(ctx, what, "error", err)
	}
	sentence := s.words().Failed
	if errors.Is(err, context.DeadlineExceeded) {
		sentence = s.words().TooSlow
	}
	s.unable(c, http.StatusInternalServerError, sentence)
}

// failDoor answers an error of a search or a status: 400 where the list is not in the copy, or not yet; all else is a
// failure of ours.
func (s *Server) failDoor(c *gin.Context, what string, err error) {
	switch {
	case errors.Is(err, scanproxy.ErrNoList):
		badRequest(c, s.words().verdict.NoList)
	case errors.Is(err, scanproxy.ErrComing):
		badRequest(c, s.words().Coming)
	default:
		s.fail(c, what, err)
	}
}

// unable ends a request that we cannot answer. Of 500 and above apps show the number alone, so that a scan gets an answer
// that says why. Source: wire 4.6.
func (s *Server) unable(c *gin.Context, status int, sentence string) {
	if !strings.HasSuffix(c.FullPath(), "/check") {
		refuse(c, status, sentence)
		return
	}
	var r checkRequest
	_ = readJSON(c, &r) // for its type: the crew at the exit sees an exit
	typ, known := direction(orEmpty(r.Type))
	if !known {
		typ = scanproxy.Entry
	}
	c.Abort()
	s.answer(c, r, oops(scanproxy.Scan{Type: typ}, sentence))
}
