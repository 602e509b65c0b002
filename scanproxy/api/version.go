package api

import "github.com/gin-gonic/gin"

// versionAnswer tells which pretix is behind us. Apps look at pretix_numeric only. Source: wire 6.
type versionAnswer struct {
	Pretix        string `json:"pretix"`
	PretixNumeric int64  `json:"pretix_numeric"`
	Proxy         string `json:"pretixscan_proxy"`
	ProxyNumeric  int    `json:"pretixscan_proxy_numeric"`
}

const (
	// firstNumeric is the oldest pretix (4.12) for which apps offer all that a proxy does: exits, several events at a time.
	// It stands in for a pretix whose version we have not learnt yet, because both are ours to answer.
	firstNumeric = 40120001001
	// proxyNumeric is what the Java proxy says last; no app is known to read it.
	proxyNumeric = 20
)

func (s *Server) newVersionAnswer() versionAnswer {
	up := s.Upstream()
	a := versionAnswer{Pretix: up.Version, PretixNumeric: up.Numeric, Proxy: s.Release, ProxyNumeric: proxyNumeric}
	if a.Pretix == "" {
		a.Pretix = "?"
	}
	if a.PretixNumeric == 0 {
		a.PretixNumeric = firstNumeric
	}
	return a
}

// version needs no token: GET /api/v1/version -> 200 versionAnswer.
func (s *Server) version(c *gin.Context) { ok(c, s.newVersionAnswer()) }
