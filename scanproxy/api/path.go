package api

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// plainPath cleans the path before it is routed: one slash where several stand, none at the end. Redirecting instead
// would turn a POST into a GET without body, and a device whose QR code ends in a slash asks for //x. Source: wire 0.5.
//
// HEAD is routed as GET; the server leaves the body out, as it knows what was asked.
func plainPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clean := path.Clean("/" + plainSegments(r.URL))
		if clean != r.URL.Path || r.URL.RawPath != "" || r.Method == http.MethodHead {
			u := *r.URL
			u.Path, u.RawPath = clean, ""
			r = r.WithContext(r.Context()) // a copy: the caller's request stays as it is
			r.URL = &u
			if r.Method == http.MethodHead {
				r.Method = http.MethodGet
			}
		}
		next.ServeHTTP(w, r)
	})
}

// plainSegments is the path without encoding, but for slashes: %2F is part of a name, and no name of ours has one.
func plainSegments(u *url.URL) string {
	if u.RawPath == "" {
		return u.Path
	}
	kept := strings.NewReplacer("%2F", "%252F", "%2f", "%252F").Replace(u.RawPath)
	segments, err := url.PathUnescape(kept)
	if err != nil { // cannot be: it was parsed before
		return u.Path
	}
	return segments
}
