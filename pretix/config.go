package pretix

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	defaultConnectTimeout = 3 * time.Second
	defaultTimeout        = 10 * time.Second // one attempt; a redeem takes about 50 ms, a busy server 2 s
	defaultUserAgent      = "einlass"
	defaultAuthScheme     = "Token"
	errorLanguage         = "en"
)

// Config is what a Client needs to know.
type Config struct {
	// BaseURL of the server, with or without a trailing slash or /api/v1.
	BaseURL   string
	Token     Token
	Organizer string // slug
	// AllowHTTP permits plain http to other hosts than loopback; the token is then readable on the way.
	AllowHTTP bool

	UserAgent      string        // default "einlass"
	ConnectTimeout time.Duration // default 3 s
	Timeout        time.Duration // one attempt with its answer; default 10 s
	AuthScheme     string        // "Token" (default) for a team's token, "Device" for a device's; not interchangeable
	Language       string        // in which raw lists and objects name seats, "de"; default "en". Errors are always English
}

// slugPattern is what pretix takes as the slug of an organizer or an event.
var slugPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$`)

// complete checks the configuration, names every fault at once, and returns it with defaults and a clean base URL.
func (c Config) complete() (Config, error) {
	base, baseErr := cleanBase(c.BaseURL, c.AllowHTTP)
	c.BaseURL = base
	faults := []error{baseErr}
	if c.Token == "" || strings.ContainsFunc(c.Token.Reveal(), notTokenChar) {
		faults = append(faults, errors.New("token: empty or with blanks in it"))
	}
	if !slugPattern.MatchString(c.Organizer) {
		faults = append(faults, fmt.Errorf("organizer: %q is not a slug (example: darc)", c.Organizer))
	}
	c.AuthScheme = orDefault(c.AuthScheme, defaultAuthScheme)
	if c.AuthScheme != "Token" && c.AuthScheme != "Device" {
		faults = append(faults, fmt.Errorf("auth scheme: %q is neither Token nor Device", c.AuthScheme))
	}
	c.Language = orDefault(c.Language, errorLanguage)
	c.UserAgent = orDefault(c.UserAgent, defaultUserAgent)
	c.ConnectTimeout = orDefault(c.ConnectTimeout, defaultConnectTimeout)
	c.Timeout = orDefault(c.Timeout, defaultTimeout)
	return c, errors.Join(faults...)
}

// cleanBase returns the address of the server without /api/v1 and trailing slash.
func cleanBase(raw string, allowHTTP bool) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return "", errors.New("base URL: not an address (example: https://pretix.eu)")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("base URL: must hold no user, query or fragment (example: https://pretix.eu)")
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !allowHTTP && !isLoopback(u.Hostname()) {
			return "", errors.New("base URL: plain http would show the token to the network; use https")
		}
	default:
		return "", fmt.Errorf("base URL: scheme %q is neither https nor http", u.Scheme)
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	path = strings.TrimRight(strings.TrimSuffix(path, "/api/v1"), "/")
	return u.Scheme + "://" + u.Host + path, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func notTokenChar(r rune) bool { return r <= ' ' || r > '~' }

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
