package bbb

import (
	"net/url"
	"strings"
)

// Param is one query parameter. Order matters to the checksum, so parameters
// travel in slices, never in maps.
type Param struct {
	Name, Value string
}

// formEscaper turns Go's query escaping into the form encoding that Java's
// URLEncoder writes: '*' stays, '~' is escaped.
var formEscaper = strings.NewReplacer("%2A", "*", "~", "%7E")

// Escape encodes one parameter name or value as
// application/x-www-form-urlencoded: A-Z a-z 0-9 - _ . * stay, a space becomes
// "+", every other UTF-8 byte %XX in upper case.
//
// BBB hashes the raw query, but servers and balancers in between decode and
// encode it again with a Java form encoder; this is the one spelling that
// survives. It also escapes the apostrophe, which browsers rewrite to %27
// after the link was signed.
func Escape(s string) string {
	return formEscaper.Replace(url.QueryEscape(s))
}

// encodeQuery joins the parameters in the given order.
func encodeQuery(params []Param) string {
	var b strings.Builder
	for i, p := range params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(Escape(p.Name))
		b.WriteByte('=')
		b.WriteString(Escape(p.Value))
	}
	return b.String()
}
