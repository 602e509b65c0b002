package api_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api/apitest"
)

// TestExchanges replays the apps' traffic, with pretix in memory and copied into each engine. app replays it against the
// running program.
func TestExchanges(t *testing.T) {
	for file, prints := range map[string]int{"testdata/exchanges.json": 2, "testdata/exchanges_more.json": 0} {
		for copied, proxied := range map[string]func(t *testing.T) *proxy{
			"memory":   func(t *testing.T) *proxy { return newProxy(t) },
			"sqlite":   func(t *testing.T) *proxy { return newCopiedProxy(t, storetest.SQLiteURL(t)) },
			"postgres": func(t *testing.T) *proxy { return newCopiedProxy(t, postgres.URL(t)) },
		} {
			t.Run(filepath.Base(file)+" "+copied, func(t *testing.T) {
				p := proxied(t)
				for _, secret := range apitest.Replay(t, p.replayed(), apitest.Read(t, file)) {
					if strings.Contains(p.log.text(), secret) {
						t.Errorf("the log holds %s", secret)
					}
				}
				if n := len(p.prints.kept); n != prints {
					t.Errorf("%d print logs were kept, want %d", n, prints)
				}
			})
		}
	}
}

// replayed is the proxy as exchanges meet it.
func (p *proxy) replayed() apitest.Proxy {
	return apitest.Proxy{
		Invite: func() string { return newInvitation(p.t, p) },
		Send: func(t testing.TB, r apitest.Request) apitest.Answer {
			t.Helper()
			sent := client{proxy: p}.request(r.Method, r.Path, r.Body)
			sent.Header.Del("Content-Type")
			for name, value := range r.Headers {
				sent.Header.Set(name, value)
			}
			a := p.do(sent)
			return apitest.Answer{Status: a.status, Body: a.body}
		},
	}
}

func newInvitation(t testing.TB, p *proxy) string {
	t.Helper()
	i, err := p.registry.Invite(t.Context(), scanproxy.Profile{Name: "new"})
	if err != nil {
		t.Fatal(err)
	}
	return i.Token.Reveal()
}

func expectType(t *testing.T, answer map[string]any, want string) {
	t.Helper()
	if answer["type"] != want {
		t.Errorf("got %v, want type %s", answer, want)
	}
}
