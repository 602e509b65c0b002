package bbbsim

import (
	"net/http"
	"strings"
)

// nodePrefix is where a simulated balancer's node lives.
const nodePrefix = "/node/bigbluebutton/api"

// call is one request to the API, read.
type call struct {
	name   string // "getMeetingInfo"; "" asks for the version
	raw    string // the query as it came
	params query
	http   *http.Request
	node   bool // came to the node behind the balancer

	verified bool // the checksum is right, or none is needed
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	c := s.receive(r)
	fault := s.takeFault(c.name)
	if fault.before(w, r) {
		return
	}
	fault.after(w, s.answer(c))
}

// receive reads, records and inspects a request, before any fault.
func (s *Server) receive(r *http.Request) call {
	c := readCall(r)
	s.locked(func() {
		c.verified = c.name == "" || verify(c.name, c.raw, s.opts.Secret, s.algorithms(c), s.profile.oneChecksum)
		s.note(c)
		s.inspect(c)
	})
	return c
}

func readCall(r *http.Request) call {
	name, node := strings.CutPrefix(r.URL.Path, nodePrefix)
	name = strings.TrimPrefix(name, "/bigbluebutton/api")
	return call{name: strings.Trim(name, "/"), raw: r.URL.RawQuery, params: parseQuery(r.URL.RawQuery), http: r, node: node}
}

// answer is the whole server between request and response.
func (s *Server) answer(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if c.name == "" {
		return s.version()
	}
	if !c.verified {
		return s.checksumError(c)
	}
	if balanced, done := s.balance(c); done {
		return balanced
	}
	return s.perform(c)
}

// perform runs a verified call.
func (s *Server) perform(c call) answer {
	switch c.name {
	case "create":
		return s.create(c)
	case "join":
		return s.join(c)
	case "isMeetingRunning":
		return s.isMeetingRunning(c)
	case "getMeetingInfo":
		return s.getMeetingInfo(c)
	case "getMeetings":
		return s.getMeetings()
	case "end":
		return s.end(c)
	case "getRecordings":
		return success("<recordings></recordings>" + keyed("noRecordings", "there are none"))
	}
	s.complain(c, "unknown call")
	return failure("unsupportedRequest", "this server does not know that call")
}

func (s *Server) version() answer {
	return success(tags("version", "2.0", "apiVersion", "2.0", "bbbVersion", s.profile.bbbVersion))
}

// checksumError tells a browser by redirect and a program by XML.
func (s *Server) checksumError(c call) answer {
	if s.opts.Balancer == B3LB && !c.node {
		return answer{status: http.StatusUnauthorized, contentType: "text/plain", body: "Unauthorized"}
	}
	const message = "the checksum does not fit the query"
	if c.name == "join" {
		return s.joinInvalid(c, "checksumError", message)
	}
	return failure("checksumError", message)
}
