package bbb

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// maxReply bounds a reply, in bytes: 5,000 attendees are about 2 MB.
	maxReply = 2 << 20
	// maxDepth bounds nesting; BBB itself needs six levels.
	maxDepth = 32
)

// Reply is any reply of the API, read. Fields that a call does not return stay
// empty; Meeting serves getMeetingInfo, create and isMeetingRunning.
type Reply struct {
	ReturnCode string // as written, see Success
	MessageKey string
	Message    string       // the server's wording: untrusted
	Errors     []ReplyError // the second shape of a failure

	Version    string
	BBBVersion string
	Meeting    Meeting
	Meetings   []Meeting

	GuestStatus  string // join with redirect=false: ALLOW or WAIT
	SessionToken Secret
	Recordings   int
	HookID       string
	HookIDs      []string

	info seen
}

// ReplyError is one entry of a failure that lists several.
type ReplyError struct {
	Key     string `xml:"key"`
	Message string `xml:"message"`
}

// Success compares without regard to case: some balancers write "success".
func (r Reply) Success() bool { return strings.EqualFold(r.ReturnCode, "SUCCESS") }

// Keys lists the message keys of either shape, without empty ones.
func (r Reply) Keys() []string {
	var keys []string
	if r.MessageKey != "" {
		keys = append(keys, r.MessageKey)
	}
	for _, e := range r.Errors {
		if e.Key != "" {
			keys = append(keys, e.Key)
		}
	}
	return keys
}

// Parse reads one reply strictly: at most 2 MiB, well-formed, UTF-8 with or
// without byte order mark, exactly one <response> with exactly one returncode
// of SUCCESS or FAILED, no document type, nothing behind it. Elements that we
// do not know are skipped. Everything else is an error.
func Parse(body []byte) (Reply, error) {
	if len(body) > maxReply {
		return Reply{}, errors.New("read reply: larger than 2 MiB")
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	var doc wireReply
	decoder := xml.NewTokenDecoder(&guard{in: xml.NewDecoder(bytes.NewReader(body))})
	if err := decoder.Decode(&doc); err != nil {
		return Reply{}, fmt.Errorf("read reply: %w", discreet(err))
	}
	if err := drain(decoder); err != nil {
		return Reply{}, fmt.Errorf("read reply: %w", discreet(err))
	}
	reply, err := doc.reply()
	if err != nil {
		return Reply{}, fmt.Errorf("read reply: %w", err)
	}
	return reply, nil
}

var (
	errDoctype    = errors.New("document type in a reply")
	errTooDeep    = errors.New("nested too deeply")
	errAround     = errors.New("something around the reply")
	errNotXML     = errors.New("not well-formed XML")
	errUnexpected = errors.New("not what this API answers")
)

// discreet replaces the parser's errors, which quote the server's text.
func discreet(err error) error {
	for _, own := range []error{errDoctype, errTooDeep, errAround} {
		if errors.Is(err, own) {
			return own
		}
	}
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return fmt.Errorf("%w, line %d", errNotXML, syntax.Line)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errNotXML
	}
	return errUnexpected
}

// guard hands tokens on and refuses what BBB never sends and only an attack or
// a mix-up would: document types, deep nesting, anything around the one root.
// A server without API answers with two documents, of which the first alone
// could be misread.
type guard struct {
	in    *xml.Decoder
	depth int
	roots int
}

// Token implements xml.TokenReader.
func (g *guard) Token() (xml.Token, error) {
	token, err := g.in.Token()
	switch t := token.(type) {
	case xml.Directive:
		return nil, errDoctype
	case xml.CharData:
		if g.depth == 0 && len(bytes.TrimSpace(t)) > 0 {
			return nil, errAround
		}
	case xml.StartElement:
		if g.depth == 0 {
			g.roots++
		}
		g.depth++
	case xml.EndElement:
		g.depth--
	}
	switch {
	case g.depth > maxDepth:
		return nil, errTooDeep
	case g.roots > 1:
		return nil, errAround
	}
	return token, err
}

// drain reads to the end, so that the guard sees what follows the reply.
func drain(decoder *xml.Decoder) error {
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
