package api

import (
	"net/http"
	"path"
)

// plainPath cleans the path before it is routed: one slash where several stand, none at the end. Redirecting instead
// would turn a POST into a GET without body, and a device whose QR code ends in a slash asks for //x. Source: wire 0.5.
func plainPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clean := path.Clean("/" + r.URL.Path)
		if clean != r.URL.Path || r.URL.RawPath != "" {
			u := *r.URL
			u.Path, u.RawPath = clean, ""
			r = r.WithContext(r.Context()) // a copy: the caller's request stays as it is
			r.URL = &u
		}
		next.ServeHTTP(w, r)
	})
}
