package bbb_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/einlass/einlass/bbb"
)

func sha256hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestEveryFormOfTheBaseURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://h":                         "https://h/bigbluebutton/api",
		"https://h/":                        "https://h/bigbluebutton/api",
		" https://h/bigbluebutton ":         "https://h/bigbluebutton/api",
		"https://h/bigbluebutton/":          "https://h/bigbluebutton/api",
		"https://h/bigbluebutton/api":       "https://h/bigbluebutton/api",
		"https://h:8443/bigbluebutton/api/": "https://h:8443/bigbluebutton/api",
		"https://lb/bbb/club":               "https://lb/bbb/club/api",
		"https://lb/bbb/club/api/":          "https://lb/bbb/club/api",
		"http://127.0.0.1:8090":             "http://127.0.0.1:8090/bigbluebutton/api",
		"http://localhost":                  "http://localhost/bigbluebutton/api",
		"http://[::1]:80":                   "http://[::1]:80/bigbluebutton/api",
	} {
		c, err := bbb.New(bbb.Config{BaseURL: given, Secret: secret})
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if c.BaseURL() != want {
			t.Errorf("%s became %s, want %s", given, c.BaseURL(), want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	good := bbb.Config{BaseURL: "https://h", Secret: secret, Hash: bbb.SHA512}
	if _, err := bbb.New(good); err != nil {
		t.Fatal(err)
	}
	for story, spoil := range map[string]func(*bbb.Config){
		"no URL":                func(c *bbb.Config) { c.BaseURL = "" },
		"a bare host":           func(c *bbb.Config) { c.BaseURL = "bbb.example.org" },
		"plain http":            func(c *bbb.Config) { c.BaseURL = "http://bbb.example.org" },
		"a name like loopback":  func(c *bbb.Config) { c.BaseURL = "http://127.0.0.1.example.org" },
		"another scheme":        func(c *bbb.Config) { c.BaseURL = "ftp://h" },
		"a user in the URL":     func(c *bbb.Config) { c.BaseURL = "https://u:hunter2@h" },
		"a query":               func(c *bbb.Config) { c.BaseURL = "https://h/?checksum=hunter2" },
		"an unreadable URL":     func(c *bbb.Config) { c.BaseURL = "https://h/%zz?hunter2" },
		"no secret":             func(c *bbb.Config) { c.Secret = "" },
		"a hash of another age": func(c *bbb.Config) { c.Hash = "md5" },
	} {
		cfg := good
		spoil(&cfg)
		_, err := bbb.New(cfg)
		if err == nil {
			t.Errorf("%s was accepted", story)
		} else if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v tells too much", story, err)
		}
	}
}

// A balancer's path may or may not end in /api: the first answer decides.
func TestABalancersPathIsFoundByTheFirstAnswer(t *testing.T) {
	for _, path := range []string{"/bbb/club/api", "/bbb/club"} {
		missed := 0
		mux := http.NewServeMux()
		mux.HandleFunc(path+"/getMeetings", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<response><returncode>SUCCESS</returncode><meetings/></response>")
		})
		mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { missed++; http.NotFound(w, r) })
		server := newServer(t, mux)
		c := client(t, server+"/bbb/club")
		for range 3 {
			if _, err := c.Meetings(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if c.BaseURL() != server+path || missed > 1 {
			t.Errorf("%s: settled on %s after %d misses", path, c.BaseURL(), missed)
		}
	}
}

func TestCredentialsPrintAsDots(t *testing.T) {
	cfg := bbb.Config{BaseURL: "https://h", Secret: secret}
	link := bbb.JoinURL("https://h/join?checksum=" + secret)
	for _, text := range printed(cfg, cfg.Secret, link, struct{ Link bbb.JoinURL }{link}, &link) {
		if strings.Contains(text, secret) {
			t.Errorf("printed: %s", text)
		}
	}
	if !strings.Contains(link.Reveal(), secret) {
		t.Error("Reveal must tell")
	}
}
