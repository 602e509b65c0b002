package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// webURL accepts an absolute http or https address without user, query and fragment, and cuts slashes at its end.
// Empty stays empty.
func webURL(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	u, err := parseWebURL(s)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func parseWebURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("is not a web address")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("does not begin with https://")
	}
	if u.Hostname() == "" {
		return nil, errors.New("names no host")
	}
	if u.User != nil {
		return nil, errors.New("holds a user or password, which does not belong there")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errors.New("has a ? or # part, which does not belong there")
	}
	u.Host = strings.ToLower(u.Host)
	return u, nil
}

// baseURLs accepts a list of scheme and host. Plain http only for this machine: the ticket link is a credential.
func baseURLs(s string) ([]string, error) {
	list, _ := names(s)
	var found []string
	for _, one := range list {
		u, err := parseWebURL(one)
		if err != nil {
			return nil, err
		}
		if strings.Trim(u.Path, "/") != "" {
			return nil, errors.New("has a path: einlass answers at the root of its host")
		}
		if u.Scheme == "http" && !loopback(u.Hostname()) {
			return nil, errors.New("is http: ticket links would travel unencrypted, only a loopback host may do without https")
		}
		found = append(found, u.Scheme+"://"+u.Host)
	}
	return found, nil
}

// loopback tells whether a host name means this machine.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func listenAddress(s string) (string, error) {
	s = strings.TrimSpace(s)
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", errors.New("is not an address with a port")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", errors.New("has no port between 0 and 65535")
	}
	return s, nil
}

func networks(s string) ([]netip.Prefix, error) {
	list, _ := names(s)
	var found []netip.Prefix
	for _, one := range list {
		network, err := parseNetwork(one)
		if err != nil {
			return nil, fmt.Errorf("is not a list of addresses and networks: %q is neither", one)
		}
		found = append(found, network)
	}
	return found, nil
}

func parseNetwork(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		ip, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, err
		}
		return ip.Prefix(ip.BitLen())
	}
	network, err := netip.ParsePrefix(s)
	return network.Masked(), err
}

// databaseURL checks the form only; app/store opens it.
func databaseURL(s string) (DatabaseURL, error) {
	s = strings.TrimSpace(s)
	if folder, found := strings.CutPrefix(s, "sqlite:"); found {
		if strings.Trim(folder, "/") == "" {
			return "", errors.New("names no folder (sqlite:<folder>)")
		}
		return DatabaseURL(s), nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", errors.New("is not an address; special characters of a password have to be percent-encoded")
	}
	if u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", errors.New("begins neither with sqlite: nor with postgres://")
	}
	return DatabaseURL(s), nil
}

// ticketPath accepts a plain path that does not hide one of our own pages.
func ticketPath(s string) (string, error) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "/") || s == "/" || path.Clean(s) != s {
		return "", errors.New("is not a path such as /ticket")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r != '/' && !strings.ContainsRune(slugRunes, r) }) {
		return "", errors.New("holds more than letters, digits, dashes, dots and slashes")
	}
	for _, own := range []string{"/r", "/healthz", "/assets"} {
		if s == own || strings.HasPrefix(s, own+"/") {
			return "", fmt.Errorf("hides the pages below %s", own)
		}
	}
	return s, nil
}
