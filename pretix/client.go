package pretix

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
)

const (
	maxAnswer  = 32 << 20 // bytes; a page of 50 orders is about 120 kB
	getRetries = 2
	retryWait  = 100 * time.Millisecond // doubled and jittered by resty
	retryLimit = 500 * time.Millisecond
)

// Client calls one pretix server for one organizer. It is safe for concurrent use.
type Client struct {
	http      *http.Client
	getter    *resty.Client // repeats what failed in transit
	sender    *resty.Client // never repeats
	base      string        // https://host[/path]
	organizer string
	language  string // of raw lists and objects
}

// New checks the configuration and returns a client. It does not talk to pretix.
func New(cfg Config) (*Client, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, fmt.Errorf("pretix client: %w", err)
	}
	hc := newHTTP(cfg)
	return &Client{
		http:      hc,
		getter:    newResty(hc, cfg).SetRetryCount(getRetries).AddRetryCondition(passing),
		sender:    newResty(hc, cfg),
		base:      cfg.BaseURL,
		organizer: cfg.Organizer,
		language:  cfg.Language,
	}, nil
}

// Close gives up idle connections. Calls under way go on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func newHTTP(cfg Config) *http.Client {
	return &http.Client{
		Timeout: cfg.Timeout,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: cfg.ConnectTimeout}).DialContext,
			TLSHandshakeTimeout:   cfg.ConnectTimeout,
			ForceAttemptHTTP2:     true,
			MaxIdleConnsPerHost:   32,
			IdleConnTimeout:       30 * time.Second, // shorter than what reverse proxies keep open, or a POST meets a closed one
			ExpectContinueTimeout: time.Second,
		},
		// No call of ours is ever redirected by pretix itself. Whoever redirects is something else, which must not
		// get the token; and a redirected POST would arrive as a GET.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func newResty(hc *http.Client, cfg Config) *resty.Client {
	return resty.NewWithClient(hc).
		SetLogger(silence{}). // resty would log addresses with order codes
		SetResponseBodyLimit(maxAnswer).
		SetRetryWaitTime(retryWait).
		SetRetryMaxWaitTime(retryLimit).
		SetHeader("Authorization", cfg.AuthScheme+" "+cfg.Token.Reveal()).
		SetHeader("Accept", "application/json").
		SetHeader("Accept-Language", errorLanguage).
		SetHeader("User-Agent", cfg.UserAgent)
}

// silence is a resty.Logger that says nothing.
type silence struct{}

func (silence) Errorf(string, ...any) {}
func (silence) Warnf(string, ...any)  {}
func (silence) Debugf(string, ...any) {}
