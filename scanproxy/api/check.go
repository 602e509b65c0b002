package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// check answers a scan.
//
//	POST /proxyapi/v1/rpc/check/ {"events_and_checkin_lists": {slug: list}, "ticketid": string, …}
//	POST /proxyapi/v1/rpc/{event}/{list}/check/ {"ticketid": string, …}
//	-> 200 checkAnswer, also for every refusal; 400 plain text: the request cannot be read
func (s *Server) check(c *gin.Context) {
	var r checkRequest
	selected, err := readSelecting(c, &r, &r.Selected)
	var scan scanproxy.Scan
	if err == nil {
		scan, err = r.scan(selected)
	}
	if err != nil {
		badRequest(c, err.Error())
		return
	}
	d := device(c)
	if event, stray := selected.strayEvent(d); stray {
		s.answer(c, r, oops(scan, fmt.Sprintf(s.words().MayNotScan, event)))
		return
	}
	if r.holdsFile() {
		s.answer(c, r, oops(scan, s.words().NoPhotos))
		return
	}
	d.OldClient = !r.knowsMedia()
	s.answer(c, r, s.scan(c.Request.Context(), d, scan))
}

// scan asks the door. A failure becomes an answer that the crew can read; what exactly failed is for the log.
func (s *Server) scan(ctx context.Context, d scanproxy.Device, scan scanproxy.Scan) scanproxy.Verdict {
	v, err := s.Door.Scan(ctx, d, scan)
	if err == nil && d.Desktop() && d.OldClient && onlyOptional(v) {
		// This Desktop cannot send answers through a proxy, so that it would ask for ever. Source: wire 5.1.
		scan.SkipQuestions = true
		v, err = s.Door.Scan(ctx, d, scan)
	}
	switch {
	case err == nil:
		return v
	case errors.Is(err, context.DeadlineExceeded):
		s.Log.ErrorContext(ctx, "scan took too long", "device", d.ID, "error", err)
		return oops(scan, s.words().TooSlow)
	case ctx.Err() == nil:
		s.Log.ErrorContext(ctx, "scan failed", "device", d.ID, "error", err)
	}
	return oops(scan, s.words().Undecided)
}

// onlyOptional: questions are asked, and each without an answer may stay without.
func onlyOptional(v scanproxy.Verdict) bool {
	if v.Type != scanproxy.AnswersRequired {
		return false
	}
	for _, a := range v.RequiredAnswers {
		if a.Question.Required && a.Value == "" {
			return false
		}
	}
	return true
}

// oops is a verdict that says why there is none. Desktop shows the message, Android that and the explanation.
func oops(scan scanproxy.Scan, message string) scanproxy.Verdict {
	return scanproxy.Verdict{Type: scanproxy.Error, ScanType: scan.Type, Message: message}
}

func (s *Server) answer(c *gin.Context, r checkRequest, v scanproxy.Verdict) {
	c.Set(verdictKey, v)
	answer, err := s.newCheckAnswer(c.Request.Context(), r, v)
	if err != nil {
		// The verdict stands and is written; what is missing is decoration.
		s.Log.ErrorContext(c.Request.Context(), "answer incomplete", "error", err)
	}
	writeJSON(c, http.StatusOK, answer)
}
