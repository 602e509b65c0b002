package pretixsim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Request is one request that reached the simulator, in order of completion.
type Request struct {
	Method string
	Path   string
	Query  string // raw, without "?"
	Status int    // 0 when a fault reset the connection
	At     time.Time
}

func (s *Server) record(r *http.Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Status: status, At: s.now(),
	})
}

// Requests returns what was asked since the start or the last ResetRequests.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Calls counts the requests with this method ("" or "*": any) whose path contains part, e.g. "checkinrpc/redeem".
func (s *Server) Calls(method, part string) int {
	n := 0
	for _, r := range s.Requests() {
		if matches(method, part, r.Method, r.Path) {
			n++
		}
	}
	return n
}

// ResetRequests forgets the requests, and nothing else.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Problems returns what a real pretix would have refused, ignored in silence or crashed on, and what the simulator
// could not answer truthfully. A test of a well-behaved client ends with none.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

func matches(wantMethod, part, method, path string) bool {
	if wantMethod != "" && wantMethod != "*" && wantMethod != method {
		return false
	}
	return strings.Contains(path, part)
}
