package bbbsim

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// inspect complains about everything that a careful client avoids, whether or
// not the real server would let it pass.
func (s *Server) inspect(c call) {
	if !c.verified {
		s.complain(c, "bad checksum")
	}
	s.inspectForm(c)
	seen := map[string]bool{}
	for _, p := range c.params {
		if seen[p.name] {
			s.complain(c, "parameter %q is given twice", p.name)
		}
		seen[p.name] = true
		s.inspectParam(c, p)
	}
	switch c.name {
	case "create":
		s.inspectCreate(c)
	case "join":
		s.inspectJoin(c)
	}
}

func (s *Server) inspectForm(c call) {
	if c.http.Method != http.MethodGet && !(c.http.Method == http.MethodPost && c.name == "create") {
		s.complain(c, "method %s", c.http.Method)
	}
	rest, sums := cutChecksum(c.raw)
	if len(sums) > 1 {
		s.complain(c, "more than one checksum")
	}
	if !formEncoded(rest) {
		s.complain(c, "the query is not form-encoded, a balancer would hash it differently")
	}
}

func (s *Server) inspectParam(c call, p pair) {
	if !known(c.name, p.name) {
		s.complain(c, "unknown parameter %q", p.name)
	}
	if strings.ContainsFunc(p.value, unicode.IsControl) || !utf8.ValidString(p.value) {
		s.complain(c, "control characters in %q", p.name)
	}
	if strings.HasSuffix(p.name, "PW") || p.name == "password" {
		s.complain(c, "%q is deprecated, use role", p.name)
	}
	if p.name == "meetingID" && !plainID(p.value) {
		s.complain(c, "meetingID %q is not made of 2 to 64 of A-Z a-z 0-9 _ -", p.value)
	}
	if badBoolean(p) {
		s.complain(c, "%q must be true or false", p.name)
	}
}

func (s *Server) inspectCreate(c call) {
	if n := utf8.RuneCountInString(c.params.text("name")); n < 2 || n > 256 {
		s.complain(c, "a name of %d characters", n)
	}
}

func (s *Server) inspectJoin(c call) {
	if n := utf8.RuneCountInString(c.params.text("fullName")); n < 1 || n > 100 {
		s.complain(c, "a fullName of %d characters", n)
	}
	for _, must := range []string{"role", "userID", "createTime", "guest"} {
		if _, given := c.params.get(must); !given {
			s.complain(c, "%s is missing", must)
		}
	}
	for _, data := range c.params.prefixed("userdata-") {
		if !elementName(data.name) {
			s.complain(c, "userdata-%s breaks the XML of every reply", data.name)
		}
	}
}

// plainID is the spelling that every server and balancer accepts.
func plainID(id string) bool {
	odd := func(r rune) bool { return r > unicode.MaxASCII || !elementRune(r) }
	return len(id) >= 2 && len(id) <= 64 && !strings.ContainsFunc(id, odd)
}

func elementName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !elementRune(r) }) &&
		(unicode.IsLetter(rune(name[0])) || name[0] == '_')
}

func elementRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
}
