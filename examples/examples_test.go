// Package examples_test reads the examples as the programs that they are for would.
package examples_test

import (
	"bytes"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// service is the part of a compose file that this test knows; a misspelt key is an error.
type service struct {
	Image       string
	Build       string
	Restart     string
	Ports       []string
	Environment map[string]string
	Secrets     []string
	Volumes     []string
	ReadOnly    bool                                  `yaml:"read_only"`
	CapDrop     []string                              `yaml:"cap_drop"`
	SecurityOpt []string                              `yaml:"security_opt"`
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Healthcheck struct {
		Test              []string
		Interval, Timeout string
		Retries           int
	}
}

type compose struct {
	Name     string
	Services map[string]service
	Volumes  map[string]any
	Secrets  map[string]struct{ File string }
}

func TestCompose(t *testing.T) {
	var c compose
	decoder := yaml.NewDecoder(bytes.NewReader(read(t, "compose.yaml")))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		t.Fatal(err)
	}
	for name, s := range c.Services {
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File == "" {
				t.Errorf("%s uses the secret %q, which no file holds", name, secret)
			}
		}
		for key, value := range s.Environment {
			if secret, ok := strings.CutPrefix(value, "/run/secrets/"); ok && !slices.Contains(s.Secrets, secret) {
				t.Errorf("%s: %s names the secret %q, which the service is not given", name, key, secret)
			}
		}
		for other := range s.DependsOn {
			if len(c.Services[other].Healthcheck.Test) == 0 {
				t.Errorf("%s waits for %s, which never says that it is healthy", name, other)
			}
		}
	}
	if e := c.Services["einlass"]; !e.ReadOnly || e.Build != ".." {
		t.Errorf("einlass = %+v, want built from here and read-only", e)
	}
}

func TestUnit(t *testing.T) {
	settings := map[string][]string{}
	section := ""
	for n, line := range lines(t, "einlass.service") {
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = line
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || section == "" || strings.ContainsAny(key, " \t") {
			t.Fatalf("line %d is no setting of a section: %q", n, line)
		}
		settings[key] = append(settings[key], value)
	}
	credentials := strings.Join(settings["LoadCredential"], "\n")
	for _, variable := range settings["Environment"] {
		if _, secret, ok := strings.Cut(variable, "=%d/"); ok && !strings.Contains(credentials, secret+":") {
			t.Errorf("%s, but no LoadCredential brings it", variable)
		}
	}
	if got := settings["ExecStart"]; !slices.Equal(got, []string{"/usr/local/bin/einlass serve"}) {
		t.Errorf("ExecStart = %q", got)
	}
}

// TestProxies checks blocks and ends of directives, and that no token reaches a log.
func TestProxies(t *testing.T) {
	depth := 0
	for n, line := range lines(t, "nginx.conf") {
		line, _, _ = strings.Cut(line, " #")
		line = strings.TrimSpace(line)
		depth += strings.Count(line, "{") - strings.Count(line, "}")
		if end := line[len(line)-1]; depth < 0 || !strings.ContainsRune("{};", rune(end)) {
			t.Errorf("nginx.conf, line %d: %q ends neither a directive nor a block", n, line)
		}
		if strings.HasPrefix(line, "log_format") && regexp.MustCompile(`\$(request|request_uri|args|query_string|http_referer|arg_\w+)\b`).MatchString(line) {
			t.Errorf("nginx.conf, line %d logs the token: %q", n, line)
		}
	}
	caddy := string(read(t, "Caddyfile"))
	if depth != 0 || strings.Count(caddy, "{") != strings.Count(caddy, "}") {
		t.Error("a block is not closed")
	}
	if !strings.Contains(caddy, "replace token") {
		t.Error("the Caddyfile logs the token")
	}
	if !strings.Contains(string(read(t, "nginx.conf")), "proxy_buffering off;") {
		t.Error("nginx.conf holds back server-sent events")
	}
}

// TestOptions holds the names of options in the examples against the generated reference.
func TestOptions(t *testing.T) {
	reference, err := os.ReadFile(filepath.Join("..", "docs", "config.md"))
	if errors.Is(err, fs.ErrNotExist) {
		return // nothing to hold them against yet
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"compose.yaml", "einlass.service", "nginx.conf", "Caddyfile"} {
		for _, variable := range regexp.MustCompile(`EINLASS_[A-Z_]+`).FindAllString(string(read(t, name)), -1) {
			key := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(variable, "EINLASS_"), "_FILE"))
			if !bytes.Contains(reference, []byte("`"+key+"`")) {
				t.Errorf("%s: %s is no option in docs/config.md", name, variable)
			}
		}
	}
}

// TestOptionsFile holds the keys of the options file against the same reference.
func TestOptionsFile(t *testing.T) {
	reference, err := os.ReadFile(filepath.Join("..", "docs", "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	var options map[string]string
	if err := yaml.Unmarshal(read(t, "scan-proxy.yaml"), &options); err != nil {
		t.Fatal(err)
	}
	for name := range options {
		if key := strings.TrimSuffix(name, "_file"); !bytes.Contains(reference, []byte("`"+key+"`")) {
			t.Errorf("%s is no option in docs/config.md", name)
		}
	}
	if options["scan_url"] == "" || options["pretix_url"] == "" {
		t.Error("without scan_url and pretix_url there is no scan proxy")
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// lines are the lines of a file that say something, by number and in order.
func lines(t *testing.T, name string) iter.Seq2[int, string] {
	t.Helper()
	content := string(read(t, name))
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(content) {
			n++
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "#") && !yield(n, line) {
				return
			}
		}
	}
}
