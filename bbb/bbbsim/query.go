package bbbsim

import (
	"fmt"
	"net/url"
	"strings"
)

// pair is one decoded query parameter.
type pair struct{ name, value string }

// query is the decoded query of a call, in its order.
type query []pair

// parseQuery decodes the raw query and drops the checksum.
func parseQuery(raw string) query {
	var q query
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		if name == "" || name == "checksum" {
			continue
		}
		q = append(q, pair{unescape(name), unescape(value)})
	}
	return q
}

// unescape keeps what cannot be decoded, so that it stays visible.
func unescape(s string) string {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return decoded
}

// get returns the first value and whether there is one.
func (q query) get(name string) (string, bool) {
	for _, p := range q {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// text returns the first value or "".
func (q query) text(name string) string {
	value, _ := q.get(name)
	return value
}

// is tells whether a boolean parameter is literally true.
func (q query) is(name string) bool { return q.text(name) == "true" }

// prefixed returns the parameters under a prefix, without it.
func (q query) prefixed(prefix string) []pair {
	var found []pair
	for _, p := range q {
		if rest, ok := strings.CutPrefix(p.name, prefix); ok {
			found = append(found, pair{rest, p.value})
		}
	}
	return found
}

// formEncode writes bytes as Java's URLEncoder does.
func formEncode(s string) string {
	return encode(s, "-_.*", "+")
}

// encode keeps letters, digits and the given characters.
func encode(s, keep, space string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		case c == ' ':
			b.WriteString(space)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// formEncoded tells whether a raw query is spelled in the one way that every
// server and balancer hashes alike.
func formEncoded(raw string) bool {
	for part := range strings.SplitSeq(raw, "&") {
		name, value, found := strings.Cut(part, "=")
		if part == "" {
			continue
		}
		if !found || formEncode(unescape(name)) != name || formEncode(unescape(value)) != value {
			return false
		}
	}
	return true
}
