package bbb

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// callBases returns the addresses under which the API may live, most likely
// first, without trailing slash. Operators paste what their tool shows:
//
//	https://h                       -> https://h/bigbluebutton/api
//	https://h/bigbluebutton/        -> https://h/bigbluebutton/api
//	https://h/bigbluebutton/api/    -> as given
//	https://lb/bbb/frontend         -> …/api, then as given (balancers)
func callBases(raw string) ([]string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" {
		return nil, errors.New("base URL must look like https://bbb.example.org/bigbluebutton/")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("base URL must not carry a user, a query or a fragment")
	}
	if err := checkScheme(u); err != nil {
		return nil, err
	}
	root := u.Scheme + "://" + u.Host
	path := strings.TrimRight(u.EscapedPath(), "/")
	switch {
	case path == "", path == "/bigbluebutton":
		return []string{root + "/bigbluebutton/api"}, nil
	case strings.HasSuffix(path, "/api"):
		return []string{root + path}, nil
	}
	return []string{root + path + "/api", root + path}, nil
}

// checkScheme refuses plain http except on loopback: names, attendee lists and
// signed links would cross the network readable.
func checkScheme(u *url.URL) error {
	switch u.Scheme {
	case "https":
		return nil
	case "http":
		if isLoopback(u.Hostname()) {
			return nil
		}
		return fmt.Errorf("base URL: plain http is allowed for loopback only, use https://%s", u.Host)
	}
	return errors.New("base URL must start with https://")
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
