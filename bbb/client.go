package bbb

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"
)

// Config names one BBB server (or balancer).
type Config struct {
	BaseURL string // any form of callBases
	Secret  Secret
	Hash    Hash // zero value: SHA256

	ConnectTimeout time.Duration // zero value: 5 s
	Timeout        time.Duration // one call in all; zero value: 10 s
}

// Client talks to one BBB server. Safe for concurrent use.
type Client struct {
	http *resty.Client
	sign signer

	bases   []string     // candidates for the call base, see callBases
	chosen  atomic.Int32 // index of the one in use
	settled atomic.Bool  // an API has answered there
}

// New checks the configuration; the server is not asked. It refuses plain http
// except on loopback, an empty secret and an unknown hash.
func New(cfg Config) (*Client, error) {
	bases, err := callBases(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	if cfg.Secret == "" {
		// A server with an empty secret checks nothing; anybody could sign.
		return nil, errors.New("the shared secret is empty, see bbb-conf --secret")
	}
	sign, err := newSigner(withDefault(cfg.Hash, SHA256), cfg.Secret)
	if err != nil {
		return nil, err
	}
	return &Client{
		http:  newHTTP(withDefault(cfg.ConnectTimeout, 5*time.Second), withDefault(cfg.Timeout, 10*time.Second)),
		sign:  sign,
		bases: bases,
	}, nil
}

func withDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// newHTTP builds the transport: no retries of resty's own, no redirects, a
// bounded body, and a logger that says nothing, because resty logs URLs.
func newHTTP(connect, whole time.Duration) *resty.Client {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: connect}).DialContext,
		TLSHandshakeTimeout: connect,
		MaxIdleConnsPerHost: 8,
		IdleConnTimeout:     time.Minute,
		ForceAttemptHTTP2:   true,
	}
	return resty.New().
		SetTransport(transport).
		SetTimeout(whole).
		SetResponseBodyLimit(maxReply).
		SetLogger(silent{}).
		SetRedirectPolicy(resty.RedirectPolicyFunc(func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}))
}

type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// BaseURL is the call base without trailing slash, such as
// https://bbb.example.org/bigbluebutton/api: for display and for the CSP.
// Under a balancer's path it may change once, with the first answered call.
func (c *Client) BaseURL() string { return c.bases[c.chosen.Load()] }

// call signs the parameters in the given order, sends them and returns the
// reply if it says SUCCESS.
func (c *Client) call(ctx context.Context, call string, params []Param) (Reply, error) {
	return c.send(ctx, call, c.sign(call, encodeQuery(params)))
}

// send tries the candidates for the call base until an API has answered once.
func (c *Client) send(ctx context.Context, call, query string) (Reply, error) {
	if c.settled.Load() || len(c.bases) == 1 {
		return succeed(call, c.fetch(ctx, c.BaseURL(), call, query))
	}
	var first *fetched
	for i, base := range c.bases {
		got := c.fetch(ctx, base, call, query)
		if got.err == nil {
			c.chosen.Store(int32(i))
			c.settled.Store(true)
			return succeed(call, got)
		}
		if first == nil {
			first = &got
		}
		if !got.noAPIHere() {
			break
		}
	}
	return succeed(call, *first)
}

// fetched is one exchange: a reply that could be read, or why not.
type fetched struct {
	reply  Reply
	status int
	err    error
}

// noAPIHere tells a path that is not BBB's from a BBB in trouble.
func (f fetched) noAPIHere() bool {
	return f.status == http.StatusNotFound || f.status >= 200 && f.status < 400
}

// fetch sends one GET with exactly this query.
func (c *Client) fetch(ctx context.Context, base, call, query string) fetched {
	address := base + "/" + call
	if query != "" {
		address += "?" + query
	}
	resp, err := c.get(ctx, address)
	if err != nil {
		return fetched{err: withoutURL(err)}
	}
	if resp.StatusCode() != http.StatusOK {
		return fetched{status: resp.StatusCode(), err: errors.New("not an API reply")}
	}
	reply, err := Parse(resp.Body())
	return fetched{reply: reply, status: http.StatusOK, err: err}
}

// get repeats once when the connection was refused: nothing was sent then, so
// every call is safe to repeat. A time-out is not repeated, people are waiting.
func (c *Client) get(ctx context.Context, address string) (*resty.Response, error) {
	resp, err := c.http.R().SetContext(ctx).Get(address)
	if err != nil && ctx.Err() == nil && neverConnected(err) {
		return c.http.R().SetContext(ctx).Get(address)
	}
	return resp, err
}

// neverConnected tells that no byte of the request was sent.
func neverConnected(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial" && !op.Timeout()
}

// withoutURL unpacks net/http's error, whose text repeats the signed URL.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// succeed turns everything but SUCCESS into an *Error.
func succeed(call string, got fetched) (Reply, error) {
	if call == "" {
		call = "version"
	}
	if got.err != nil {
		return Reply{}, &Error{Class: Unavailable, Call: call, Status: got.status, err: got.err}
	}
	if got.reply.Success() {
		return got.reply, nil
	}
	keys := got.reply.Keys()
	failed := &Error{Class: classify(keys), Call: call, Message: got.reply.Message, Status: got.status}
	if len(keys) > 0 {
		failed.Key = keys[0]
	}
	return Reply{}, failed
}
