package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/pretix/mirror"
)

// download serves a file that rows refer to, byte for byte. Its ETag is of the content.
//
//	GET /download/{name} -> 200 the file, 206 the Range, 304 to If-None-Match, 404 plain text
func (s *Server) download(c *gin.Context) {
	data, contentType, err := s.Files.File(c.Request.Context(), c.Param("file"))
	switch {
	case errors.Is(err, ErrNoFile):
		notFound(c, "File not found")
	case err != nil:
		s.fail(c, "file not served", err)
	default:
		sum := sha256.Sum256(data)
		c.Header("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
		c.Header("Content-Type", cmp.Or(contentType, "application/octet-stream"))
		c.Header("X-Content-Type-Options", "nosniff")
		c.Header("Content-Security-Policy", "default-src 'none'")         // a picture of the shop stays a picture
		c.Header("Cache-Control", "private, max-age=31536000, immutable") // another content has another name
		s.takeYourTime(c)
		http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(data))
	}
}

// takeYourTime lets the answer take as long as it needs: some megabytes through a crowded radio network. An app that lost
// its connection on the way would begin anew, and lose it again. Who has vanished is noticed by TCP.
func (s *Server) takeYourTime(c *gin.Context) {
	err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{})
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.Log.WarnContext(c.Request.Context(), "download keeps its deadline", "error", err)
	}
}

// badgeLayouts: backgrounds point to this proxy. A device would send its token along to wherever they point.
//
//	GET …/badgelayouts/ -> 200 page, 304
func (s *Server) badgeLayouts(c *gin.Context) {
	s.list(c, mirror.Layouts, s.localFile(c, "background"))
}

// items: pictures point to this proxy.
//
//	GET …/items/ -> 200 page, 304
func (s *Server) items(c *gin.Context) { s.list(c, mirror.Items, s.localFile(c, "picture")) }

// localFile changes the address in one field of a row to that of our copy, or to null if there is none yet.
func (s *Server) localFile(c *gin.Context, field string) change {
	return func(row json.RawMessage) (json.RawMessage, bool, error) {
		var object map[string]json.RawMessage
		var address string
		if err := json.Unmarshal(row, &object); err != nil {
			return row, true, err
		}
		if json.Unmarshal(object[field], &address) != nil || !strings.HasPrefix(address, "http") {
			return row, true, nil
		}
		ours, err := s.ownAddress(c.Request.Context(), address)
		if err != nil {
			return row, true, err
		}
		if string(ours) == "null" {
			c.Set(gapKey, true)
		}
		object[field] = ours
		changed, err := json.Marshal(object)
		return changed, true, err
	}
}

// ownAddress is where we serve our copy of a file, as JSON; null if we have none.
func (s *Server) ownAddress(ctx context.Context, address string) (json.RawMessage, error) {
	name, kept, err := s.Files.FileName(ctx, address)
	if err != nil || !kept {
		return json.RawMessage("null"), err
	}
	return json.Marshal(s.URL + "/download/" + url.PathEscape(name))
}
