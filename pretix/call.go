package pretix

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/go-resty/resty/v2"
)

// call is one exchange with pretix.
type call struct {
	name   string // for errors: "order"
	method string
	path   string // from /api/v1/ on, escaped
	query  url.Values
	body   any    // JSON; nil for none
	key    string // pretix answers a repeat with the same key as it answered the first; "" for none
}

// answer is what came back, whatever the status.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get fetches path and decodes a 200 into out.
func (c *Client) get(ctx context.Context, name, path string, query url.Values, out any) error {
	what := call{name: name, method: http.MethodGet, path: path, query: query}
	got, err := c.send(ctx, what)
	if err != nil {
		return err
	}
	if got.status != http.StatusOK {
		return what.failed(got)
	}
	return what.decode(got, out)
}

// send makes the exchange. The error is for no answer at all; every status is an answer.
func (c *Client) send(ctx context.Context, what call) (answer, error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	client := c.sender
	if what.method == http.MethodGet {
		client = c.getter
	}
	req := client.R().SetContext(ctx).SetQueryParamsFromValues(what.query)
	if what.body != nil {
		req.SetHeader("Content-Type", "application/json").SetBody(what.body)
	}
	if what.key != "" {
		req.SetHeader("X-Idempotency-Key", what.key)
	}
	resp, err := req.Execute(what.method, c.base+"/api/v1/"+what.path)
	if err != nil {
		return answer{}, what.lost(err, sent.Load())
	}
	return answer{status: resp.StatusCode(), header: resp.Header(), body: resp.Body()}, nil
}

// changes reports whether repeating the call could do something twice.
func (what call) changes() bool { return what.method != http.MethodGet }

// lost is the error for a call without an answer.
func (what call) lost(err error, sent bool) *Error {
	detail := "no answer"
	if errors.Is(err, resty.ErrResponseBodyTooLarge) {
		detail = "the answer is too long"
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the address, which holds the order code
	}
	return &Error{Class: Unavailable, Call: what.name, Detail: detail, OutcomeUnknown: sent && what.changes(),
		TooMuch: isTooMuch(err), err: err}
}

// failed is the error for an answer that is not what was asked for.
func (what call) failed(got answer) *Error {
	e := &Error{Call: what.name, Status: got.status, RetryAfter: retryAfter(got.header)}
	e.Class = classify(got, e.RetryAfter > 0)
	e.Detail = detail(got)
	e.TooMuch = got.status == http.StatusBadGateway || got.status == http.StatusGatewayTimeout
	e.OutcomeUnknown = what.changes() && e.Class == Unavailable && (got.status >= 500 || got.status < 300)
	return e
}

// decode reads a JSON answer into out; unknown fields are ignored, since pretix adds some without notice.
func (what call) decode(got answer, out any) error {
	if !isJSON(got.header) {
		return what.failed(got)
	}
	if err := json.Unmarshal(got.body, out); err != nil {
		e := what.unreadable(got)
		e.err = shapeOnly(err)
		return e
	}
	return nil
}

// unreadable is the error for an answer that cannot be understood although it should.
func (what call) unreadable(got answer) *Error {
	return &Error{Class: Unavailable, Call: what.name, Status: got.status, Detail: "the answer cannot be read",
		OutcomeUnknown: what.changes() && got.status < 300}
}

// shapeOnly keeps what a decoding error says about shapes and drops what it quotes from the answer.
func shapeOnly(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New("field " + wrong.Field + " is not a " + wrong.Type.String())
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return errors.New("broken JSON")
	}
	return errors.New("a field has an unexpected form")
}

// classify looks at the content type first: what is not JSON was not said by pretix' API, whatever the status.
func classify(got answer, waits bool) Class {
	switch {
	case got.status == http.StatusTooManyRequests, got.status == http.StatusServiceUnavailable && waits:
		return RateLimited
	case got.status >= 500, got.status < 400, !isJSON(got.header):
		return Unavailable
	}
	switch got.status {
	case http.StatusUnauthorized:
		return Unauthorized
	case http.StatusForbidden:
		return Forbidden
	case http.StatusNotFound:
		return NotFound
	case http.StatusConflict:
		return Conflict
	}
	return Invalid
}

func isJSON(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json"))
}
