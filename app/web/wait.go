package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
)

// signal is what a waiting page hears: as the data of server-sent events, and as the answer to its poll.
type signal struct {
	State   string `json:"state"`         // wait, go, changed
	For     string `json:"for,omitempty"` // doors, room, slot, shop, presence
	AfterMS int64  `json:"after_ms"`
	RetryS  int64  `json:"retry_s"` // for the countdown on the page, 0: leave it alone
}

const (
	heartbeat = 20 * time.Second // proxies cut connections that say nothing for a minute
	idleTick  = 15 * time.Second // where nothing can happen before a known time
	// A browser that keeps no cookies cannot be told apart: it asks for the page again, and not too often.
	withoutPass = 30 * time.Second
)

func wire(sig room.Signal) signal {
	out := signal{State: string(sig.State), For: string(sig.For)}
	switch {
	case sig.State == room.SignalChanged:
		out.AfterMS = sig.After.Milliseconds()
	case sig.For == room.WaitForSlot, sig.For == room.WaitForShop:
		out.RetryS = int64((sig.After + time.Second - 1) / time.Second)
	}
	return out
}

// waitState answers a poll.
//
//	GET /wait/<key>/state -> 200 signal
func (s *Server) waitState(c *gin.Context) {
	c.JSON(http.StatusOK, wire(s.watch(c, s.pass(c, c.Param("key")))))
}

func (s *Server) watch(c *gin.Context, p *room.Pass) room.Signal {
	if p == nil {
		return room.Signal{State: room.SignalChanged, After: withoutPass}
	}
	return s.Bridge.Watch(c.Request.Context(), *p)
}

// waitEvents tells a waiting page of every change as it happens, until the browser goes.
//
//	GET /wait/<key>/events -> 200 text/event-stream of signals
func (s *Server) waitEvents(c *gin.Context) {
	p := s.pass(c, c.Param("key"))
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx holds events back otherwise
	c.Status(http.StatusOK)
	stream := events{w: c.Writer, control: http.NewResponseController(c.Writer)}

	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-c.Request.Context().Done():
			return
		case <-s.Closing:
			return
		case <-timer.C:
		}
		sig := s.watch(c, p)
		if err := stream.say(wire(sig), s.Now()); err != nil {
			return // the browser went away
		}
		timer.Reset(s.pace(sig))
	}
}

// pace is how soon a signal may become another one. Before the doors open nothing else can happen.
func (s *Server) pace(sig room.Signal) time.Duration {
	if sig.For == room.WaitForDoors {
		return min(max(sig.After, s.Tick), idleTick)
	}
	return s.Tick
}

// events is one open stream.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	last    signal
	said    time.Time
}

// say sends a signal if it is news, or if the line has been quiet for long.
func (e *events) say(sig signal, now time.Time) error {
	if sig == e.last && now.Sub(e.said) < heartbeat {
		return nil
	}
	data, err := json.Marshal(sig)
	if err != nil {
		return err
	}
	// The server's own time-out is for answers that end.
	if err := e.control.SetWriteDeadline(time.Now().Add(heartbeat)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(e.w, "data: %s\n\n", data); err != nil {
		return err
	}
	e.last, e.said = sig, now
	return e.control.Flush()
}
