package pretix_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/einlass/einlass/pretix"
)

func TestConfigRefused(t *testing.T) {
	cases := []struct {
		name   string
		change func(*pretix.Config)
		want   string
	}{
		{"no address", func(c *pretix.Config) { c.BaseURL = "" }, "not an address"},
		{"a host without scheme", func(c *pretix.Config) { c.BaseURL = "pretix.example" }, "not an address"},
		{"another scheme", func(c *pretix.Config) { c.BaseURL = "ftp://pretix.example" }, "neither https nor http"},
		{"plain http to the world", func(c *pretix.Config) { c.BaseURL = "http://pretix.example" }, "use https"},
		{"a host that begins like loopback", func(c *pretix.Config) { c.BaseURL = "http://127.0.0.1.example" }, "use https"},
		{"a password in the address", func(c *pretix.Config) { c.BaseURL = "https://u:p@pretix.example" }, "no user"},
		{"a query in the address", func(c *pretix.Config) { c.BaseURL = "https://pretix.example/?a=b" }, "no user, query"},
		{"no token", func(c *pretix.Config) { c.Token = "" }, "token"},
		{"a line break in the token", func(c *pretix.Config) { c.Token = "abc\n" }, "token"},
		{"no organizer", func(c *pretix.Config) { c.Organizer = "" }, "organizer"},
		{"an organizer that leads elsewhere", func(c *pretix.Config) { c.Organizer = "../x" }, "organizer"},
		{"another auth scheme", func(c *pretix.Config) { c.AuthScheme = "Bearer" }, "neither Token nor Device"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cfg := pretix.Config{BaseURL: "https://pretix.example", Token: testToken, Organizer: "darc"}
			c.change(&cfg)
			_, err := pretix.New(cfg)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("New: %v, want %q", err, c.want)
			}
		})
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	_, err := pretix.New(pretix.Config{})
	for _, want := range []string{"base URL", "token", "organizer"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New: %v, want %q in it", err, want)
		}
	}
}

func TestConfigAllowsHTTP(t *testing.T) {
	for _, base := range []string{"http://localhost:1", "http://127.0.0.1", "http://[::1]:1"} {
		if _, err := pretix.New(pretix.Config{BaseURL: base, Token: testToken, Organizer: "darc"}); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
	if _, err := pretix.New(pretix.Config{BaseURL: "http://pretix.example", Token: testToken, Organizer: "darc", AllowHTTP: true}); err != nil {
		t.Error(err)
	}
}

// However the address is written, the same path is asked.
func TestBaseURLForms(t *testing.T) {
	for suffix, want := range map[string]string{
		"": "", "/": "", "/api/v1": "", "/api/v1/": "", "/shop": "/shop", "/shop/": "/shop", "/shop/api/v1/": "/shop",
	} {
		t.Run(suffix, func(t *testing.T) {
			var asked string
			address := listen(t, func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Path
				find(t, "auth-errors", "version").replay(w, r)
			})
			got, err := dial(t, address+suffix, nil).Version(t.Context())
			if err != nil || got.Pretix != "2026.8.0" || got.Numeric != 20260080005000 {
				t.Errorf("Version = %+v, %v", got, err)
			}
			if asked != want+"/api/v1/version" {
				t.Errorf("asked %s", asked)
			}
		})
	}
}
