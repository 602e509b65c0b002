package api

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// longestPrintLog is far above what apps send, which is one line.
const longestPrintLog = 16 << 10 // bytes

// printLog keeps what a device says about a badge that it printed. As long as it gets no good answer it neither uploads
// nor downloads anything else, so all that pretix may think of it is for later. Source: wire 0.9, 5.3.
//
//	POST …/orderpositions/{id}/printlog/ {"source": string, "type": "badge", "info": {}, "datetime": instant}
//	-> 200 {}, 400 and 404 plain text: the device drops it
func (s *Server) printLog(c *gin.Context) {
	possible, err := s.possibleEvent(c.Request.Context(), c.Param("event"))
	if err != nil {
		s.fail(c, "events not read", err)
		return
	}
	if !possible || !device(c).Allowed(c.Param("event")) {
		notFound(c, "Event not found")
		return
	}
	var body map[string]json.RawMessage
	if err := readJSON(c, &body); err != nil {
		badRequest(c, err.Error())
		return
	}
	position, err := strconv.ParseInt(c.Param("position"), 10, 64)
	if err != nil || position <= 0 {
		badRequest(c, "The address names no order position.")
		return
	}
	text, err := json.Marshal(body)
	if err != nil || len(text) > longestPrintLog {
		badRequest(c, string(tooLarge))
		return
	}
	err = s.Prints.RecordPrintLog(c.Request.Context(), device(c), scanproxy.PrintLog{
		Event: c.Param("event"), Position: position, Body: text, Nonce: idempotencyKey(c), At: s.Now(),
	})
	if err != nil {
		s.fail(c, "print log not kept", err)
		return
	}
	ok(c, gin.H{})
}

// possibleEvent says whether pretix has an event, as far as we know: while nothing is copied yet, it may have any.
func (s *Server) possibleEvent(ctx context.Context, slug string) (bool, error) {
	row, err := s.eventRow(ctx, slug)
	if err != nil || row != nil {
		return row != nil, err
	}
	all, err := s.Rows.All(ctx, mirror.Events, "")
	return len(all) == 0 || slices.ContainsFunc(all, func(row json.RawMessage) bool {
		var e dated
		return json.Unmarshal(row, &e) == nil && e.Slug == slug
	}), err
}

// idempotencyKey is the device's own, so that a print log that it sends twice counts once.
func idempotencyKey(c *gin.Context) string {
	if key := c.GetHeader("X-Idempotency-Key"); key != "" {
		return scanproxy.PlainNonce(key)
	}
	return scanproxy.NewNonce()
}
