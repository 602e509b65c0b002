package pretixsim

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is one way for an installation to misbehave.
type Fault struct {
	Status      int    // default 503
	Body        string // default an HTML error page
	ContentType string // default text/html
	RetryAfter  string // the header's value, e.g. "5"
	Delay       time.Duration
	Reset       bool // drop the connection instead of answering
	AfterEffect bool // carry the request out, then lose its answer
	Skip        int  // so many requests pass before
	Times       int  // how often; 0 means until ClearFaults
}

type armedFault struct {
	Fault
	method, part string
	left         int // -1: for ever
}

// Fault arms f for requests that match "METHOD part": part is contained in the path, METHOD may be "*"; "*" alone is every request.
// Example: Fault("POST checkinrpc/redeem", Fault{Status: 502, Times: 2}). The oldest matching fault acts.
func (s *Server) Fault(match string, f Fault) {
	method, part, found := strings.Cut(match, " ")
	if !found {
		method, part = "*", strings.TrimPrefix(match, "*")
	}
	left := f.Times
	if left == 0 {
		left = -1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armedFault{Fault: f, method: method, part: part, left: left})
}

// ClearFaults makes the installation behave again.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (s *Server) takeFault(r *http.Request) *armedFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.left == 0 || !matches(f.method, f.part, r.Method, r.URL.Path) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.left > 0 {
			f.left--
		}
		return f
	}
	return nil
}

// wait holds the request back and reports whether the client is still there.
func (f *armedFault) wait(ctx context.Context) bool {
	if f == nil || f.Delay == 0 {
		return true
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (f *armedFault) reply() reply {
	if f == nil || f.Reset {
		return reply{}
	}
	rep := htmlReply(f.Status, f.Body)
	if f.Status == 0 {
		rep.status = http.StatusServiceUnavailable
	}
	if f.Body == "" {
		rep.html = errorPage(http.StatusText(rep.status))
	}
	if f.ContentType != "" {
		rep.set("Content-Type", f.ContentType)
	}
	if f.RetryAfter != "" {
		rep.set("Retry-After", f.RetryAfter)
	}
	rep.set("Content-Length", strconv.Itoa(len(rep.html)))
	return rep
}

// reset closes the connection so that the client sees it break, not end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own word for "drop this connection"
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // RST instead of FIN; an error only makes the break politer
	}
	_ = conn.Close()
}
