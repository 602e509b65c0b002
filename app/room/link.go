package room

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

var (
	errNoLink      = errors.New("the date names no room")
	errForeignLink = errors.New("the participant link is not ours")
)

// slugPattern is what the last part of a participant link may be.
var slugPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$`)

// ParseLink reads the room's slug out of a participant link "<base URL>/r/<slug>". The link comes from pretix' meta
// data, where anybody with the right to edit dates can write it, so it is compared, never followed. Scheme and host
// ignore case, a trailing slash and a missing default port are forgiven; query and fragment are not part of a room.
// Errors: errNoLink for blank text, errForeignLink for all that does not stand below one of the bases.
func ParseLink(link string, bases []string) (string, error) {
	link = strings.TrimSpace(link)
	if link == "" {
		return "", errNoLink
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", errForeignLink
	}
	for _, base := range bases {
		b, err := url.Parse(strings.TrimSpace(base))
		if err != nil || !sameOrigin(u, b) {
			continue
		}
		slug, below := strings.CutPrefix(strings.TrimSuffix(u.EscapedPath(), "/"), strings.TrimSuffix(b.EscapedPath(), "/")+"/r/")
		if below && slugPattern.MatchString(slug) {
			return slug, nil
		}
	}
	return "", errForeignLink
}

func sameOrigin(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	switch strings.ToLower(u.Scheme) {
	case "https":
		return "443"
	case "http":
		return "80"
	}
	return ""
}
