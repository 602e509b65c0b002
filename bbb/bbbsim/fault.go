package bbbsim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault bends the answers of one call. Everything left zero does nothing.
type Fault struct {
	// Instead of performing the call:
	Status      int    // answer with this status, Body and ContentType
	Body        string // alone: status 200
	ContentType string // zero value: text/html
	Key         string // answer FAILED with this messageKey
	Reset       bool   // cut the connection without an answer
	Stall       bool   // send the header, then nothing until the client gives up

	// Around the performed call:
	Delay     time.Duration            // real time, before anything else; ends with the client's patience
	LoseReply bool                     // perform, then cut the connection
	Mutate    func(body string) string // change the true reply
	Before    func()                   // runs first; may use the Server
	After     func()                   // runs once the answer is fixed, before it is sent

	Times int // for so many requests; 0: until ClearFaults
	Every int // only every n-th request; 0 and 1: each
}

// armedFault counts down.
type armedFault struct {
	Fault
	seen, used int
}

// Fault arms a fault for a call ("getMeetingInfo", "join", …; "*" for all).
// Several may be armed; the first that still applies is used.
func (s *Server) Fault(call string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[call] = append(s.faults[call], &armedFault{Fault: f})
}

// ClearFaults makes the server healthy.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// takeFault returns the fault for this request, healthy if there is none.
func (s *Server) takeFault(call string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{call, "*"} {
		for _, f := range s.faults[name] {
			if f.applies() {
				return f.Fault
			}
		}
	}
	return Fault{}
}

func (f *armedFault) applies() bool {
	if f.Times > 0 && f.used >= f.Times {
		return false
	}
	f.seen++
	if f.Every > 1 && f.seen%f.Every != 0 {
		return false
	}
	f.used++
	return true
}

// before answers in the server's place; false lets the call through.
func (f Fault) before(w http.ResponseWriter, r *http.Request) (done bool) {
	if f.Before != nil {
		f.Before()
	}
	if f.Delay > 0 {
		pause(r, f.Delay)
	}
	switch {
	case f.Reset:
		panic(http.ErrAbortHandler)
	case f.Stall:
		w.WriteHeader(http.StatusOK)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		return true
	case f.Key != "":
		failure(f.Key, "by request of the test").write(w)
		return true
	case f.Status != 0 || f.Body != "":
		a := answer{status: f.Status, contentType: f.ContentType, body: f.Body}
		fill(&a.status, http.StatusOK)
		fill(&a.contentType, "text/html")
		a.write(w)
		return true
	}
	return false
}

// after sends the true answer, bent.
func (f Fault) after(w http.ResponseWriter, a answer) {
	if f.After != nil {
		f.After()
	}
	if f.LoseReply {
		panic(http.ErrAbortHandler)
	}
	if f.Mutate != nil {
		a.body = f.Mutate(a.body)
	}
	a.write(w)
}

func pause(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// NamedFault returns one of the faults that have a name, for control pages and
// tables; Times is left to the caller.
func NamedFault(name string) (Fault, bool) {
	if status, ok := strings.CutPrefix(name, "html"); ok {
		code, err := strconv.Atoi(status)
		if err != nil || code < 200 || code > 599 {
			return Fault{}, false
		}
		return Fault{Status: code, Body: "<html><body><h1>" + status + "</h1></body></html>"}, true
	}
	f, ok := map[string]Fault{
		"empty":             {Body: " "},
		"reset":             {Reset: true},
		"stall":             {Stall: true},
		"lost-reply":        {LoseReply: true},
		"checksum-error":    {Key: "checksumError"},
		"not-found":         {Key: "notFound"},
		"flapping":          {Key: "notFound", Every: 2},
		"wrong-root":        {Body: "<html><body>login</body></html>"},
		"truncated":         {Mutate: func(b string) string { return b[:len(b)/2] }},
		"bom":               {Mutate: func(b string) string { return "\ufeff" + b }},
		"two-documents":     {Mutate: func(b string) string { return b + b }},
		"control-character": {Mutate: func(b string) string { return strings.Replace(b, "</", "\x0b</", 1) }},
		"stale-running":     {Mutate: func(b string) string { return strings.Replace(b, "<running>false", "<running>true", 1) }},
	}[name]
	return f, ok
}
