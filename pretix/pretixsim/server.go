package pretixsim

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// maxBody bounds what one request may send; the product's bodies are a few kilobytes.
const maxBody = 1 << 20

// Options are the few things a simulated installation can differ in. The zero value works.
type Options struct {
	// Now is the installation's clock; default time.Now.
	Now func() time.Time
	// Zone is the server's time zone, in which every time is written whatever the event's zone is; default UTC.
	Zone *time.Location
	// PublicURL is what pretix believes its own address to be, as seen in `next` and order URLs.
	// Default: the Host of the request. Set it to play an installation behind a misconfigured proxy.
	PublicURL string
}

// Server is one simulated installation. Safe for concurrent use; requests are answered one at a time.
type Server struct {
	now       func() time.Time
	zone      *time.Location
	routes    []route
	publicURL string

	mu       sync.Mutex
	db       store
	kept     map[string]reply // by X-Idempotency-Key and credentials
	requests []Request
	problems []string
	faults   []*armedFault
}

// New returns an empty installation: no organizer, no credentials.
func New(o Options) *Server {
	s := &Server{now: o.Now, zone: o.Zone, publicURL: o.PublicURL, kept: map[string]reply{}, routes: routes()}
	if s.now == nil {
		s.now = time.Now
	}
	if s.zone == nil {
		s.zone = time.UTC
	}
	return s
}

// Handler returns the API, rooted at "/" (paths start with /api/v1/).
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// call is one request on its way through the simulator. The server is locked meanwhile.
type call struct {
	s     *Server
	r     *http.Request
	query url.Values
	body  []byte
	vars  map[string]string // from the path
	route *route
	at    time.Time // one instant per request

	who   *credential
	org   *organizer
	event *event // nil on organizer routes
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "cannot read the request", http.StatusBadRequest)
		return
	}
	fault := s.takeFault(r)
	if !fault.wait(r.Context()) {
		return
	}
	answer := fault.reply()
	if fault == nil {
		answer = s.answer(r, body)
	} else if fault.AfterEffect {
		s.answer(r, body)
	}
	s.record(r, answer.status)
	if fault != nil && fault.Reset {
		reset(w)
		return
	}
	answer.write(w)
}

// answer computes what pretix would say, under the lock.
func (s *Server) answer(r *http.Request, body []byte) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{s: s, r: r, query: r.URL.Query(), body: body, at: s.now().In(s.zone)}
	return s.once(c, func() reply { return c.dispatch() })
}

// problem notes something a test should notice. The server must be locked.
func (s *Server) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

func (c *call) problem(format string, args ...any) {
	c.s.problem("%s %s: %s", c.r.Method, c.r.URL.Path, fmt.Sprintf(format, args...))
}

// baseURL is pretix's own address in answers, without a trailing slash.
func (c *call) baseURL() string {
	if c.s.publicURL != "" {
		return c.s.publicURL
	}
	return "http://" + c.r.Host
}
