package bbbsim

import (
	"net/http"
	"slices"
	"strings"
)

// Balancer puts the manners of a load balancer in front of the server.
type Balancer string

// The balancers whose manners are known.
const (
	Scalelite Balancer = "scalelite" // knows no sha384, joins by two hops, 500 when a node is down
	B3LB      Balancer = "b3lb"      // plain HTTP errors instead of message keys
)

// SetNodesDown takes the nodes behind the balancer away, or brings them back.
// Without a balancer it has no effect; use Fault.
func (s *Server) SetNodesDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodesDown = down
}

// algorithms are those that whoever reads the checksum knows.
func (s *Server) algorithms(c call) []string {
	if s.opts.Balancer != Scalelite || c.node {
		return s.opts.Algorithms
	}
	return slices.DeleteFunc(slices.Clone(s.opts.Algorithms), func(a string) bool { return a == "sha384" })
}

// balance answers in the balancer's place; done is false when the call goes
// through to the node.
func (s *Server) balance(c call) (a answer, done bool) {
	if c.node {
		return answer{}, false
	}
	switch s.opts.Balancer {
	case Scalelite:
		return s.scalelite(c)
	case B3LB:
		return s.b3lb(c)
	}
	return answer{}, false
}

func (s *Server) scalelite(c call) (answer, bool) {
	switch {
	case strings.HasPrefix(c.name, "hooks/"):
		return failure("unsupportedRequest", "not known here"), true
	case c.name == "isMeetingRunning":
		return answer{}, false
	case c.name == "join" && s.meetings[c.params.text("meetingID")] == nil:
		return failure("notFound", "no such meeting, maybe it was never started"), true
	case c.name == "join" && s.nodesDown:
		return htmlAnswer(http.StatusInternalServerError, "<html><body>something went wrong</body></html>"), true
	case s.nodesDown:
		return failure("internalError", "no server could be reached"), true
	case c.name == "join":
		return s.toNode(c), true
	}
	return answer{}, false
}

func (s *Server) b3lb(c call) (answer, bool) {
	switch {
	case strings.HasPrefix(c.name, "hooks/"):
		return answer{status: http.StatusForbidden}, true
	case c.name == "join" && s.meetings[c.params.text("meetingID")] == nil:
		return answer{status: http.StatusBadRequest}, true
	case c.name == "join":
		return s.toNode(c), true
	case c.name == "create" && s.nodesDown:
		return xmlAnswer("<response><returncode>FAILED</returncode><message>No Node available.</message></response>"), true
	}
	return answer{}, false
}

// toNode signs the same query again and sends the browser to the node.
func (s *Server) toNode(c call) answer {
	rest, _ := cutChecksum(c.raw)
	_, sum := digest(64, "join"+rest+s.opts.Secret)
	return answer{status: http.StatusFound, location: origin(c.http) + nodePrefix + "/join?" + rest + "&checksum=" + sum}
}
