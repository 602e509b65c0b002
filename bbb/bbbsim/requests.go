package bbbsim

import (
	"fmt"
	"slices"
	"time"
)

// Request is one request to the API, as it came.
type Request struct {
	Call     string    // "getMeetingInfo"; "" asks for the version
	Method   string    // "GET"
	RawQuery string    // with checksum
	Verified bool      // the checksum was right (true for "", which has none)
	At       time.Time // virtual
}

// Requests lists all requests to the API since the last reset, in order, those
// that met a fault included.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Calls counts the requests of one call.
func (s *Server) Calls(call string) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Call == call {
			n++
		}
	}
	return n
}

// ResetRequests empties the list.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Problems lists what a careful client would not have done. A test that drives
// the client ends by wanting this empty.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// ResetProblems empties the list.
func (s *Server) ResetProblems() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = nil
}

func (s *Server) note(c call) {
	s.requests = append(s.requests, Request{
		Call: c.name, Method: c.http.Method, RawQuery: c.raw, Verified: c.verified, At: s.now(),
	})
}

func (s *Server) complain(c call, format string, args ...any) {
	s.problems = append(s.problems, c.name+": "+fmt.Sprintf(format, args...))
}
