package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// teamCalls stands between einlass and pretix and counts what the bridge asks: the scan proxy has a token of its own.
type teamCalls struct {
	url string
	n   atomic.Int64
}

func newTeamCalls(t *testing.T, to string) *teamCalls {
	t.Helper()
	target, err := url.Parse(to)
	must(t, err)
	c := &teamCalls{}
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Authorization"), "Token ") {
			c.n.Add(1)
		}
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *teamCalls) forget() { c.n.Store(0) }

func (c *teamCalls) since() int64 { return c.n.Load() }
