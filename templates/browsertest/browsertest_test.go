package browsertest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/einlass/einlass/templates/browsertest"
)

// bad is a page on which every check must find something.
const bad = `<!DOCTYPE html><html><title>bad</title><body><img src="/no.png"><p style="width:2000px">wide</p>
<script src="/bad.js"></script><h1>bad</h1>`

func serve(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	page := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			_, _ = io.WriteString(w, body)
		}
	}
	mux.HandleFunc("GET /bad", page(bad))
	mux.HandleFunc("GET /bad.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, `document.documentElement.style.overflow = "visible"; throw new Error("on purpose")`)
	})
	mux.HandleFunc("GET /seen", func(w http.ResponseWriter, r *http.Request) {
		page(`<!DOCTYPE html><html lang="en"><title>seen</title><main><h1>`+r.Header.Get("Accept-Language")+`</h1></main>`)(w, r)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestChecksCanFail(t *testing.T) {
	browser := browsertest.Start(t)
	page := browser.Page(t, browsertest.View{Width: 390, Height: 600})
	page.Open(serve(t).URL + "/bad")

	console := strings.Join(page.Errors(), "\n")
	for _, want := range []string{"on purpose", "404", "Content Security Policy"} {
		if !strings.Contains(console, want) {
			t.Errorf("the console does not tell of %q:\n%s", want, console)
		}
	}
	rules := map[string]bool{}
	for _, v := range page.Axe() {
		rules[v.Rule] = true
	}
	if !rules["html-has-lang"] || !rules["image-alt"] {
		t.Errorf("axe overlooks the missing language or text: %v", rules)
	}
	browsertest.Evaluate[bool](page, `(document.querySelector("p").style.width = "2000px", true)`)
	if len(page.Overflow()) == 0 {
		t.Error("a paragraph of 2000 px does not stick out")
	}
}

func TestViews(t *testing.T) {
	t.Setenv("EINLASS_ARTIFACTS", t.TempDir())
	browser := browsertest.Start(t, "--host-resolver-rules=MAP einlass.example 127.0.0.1")
	server := serve(t)
	url := strings.Replace(server.URL, "127.0.0.1", "einlass.example", 1) + "/seen"

	page := browser.Page(t, browsertest.View{Width: 390, Height: 600, Dark: true, Calm: true, Language: "de"})
	page.Open(url)
	for _, condition := range []string{
		`innerWidth === 390`, `matchMedia("(prefers-color-scheme: dark)").matches`,
		`matchMedia("(prefers-reduced-motion: reduce)").matches`, `location.hostname === "einlass.example"`,
	} {
		page.WaitFor(condition)
	}
	if got := page.Text("h1"); got != "de" {
		t.Errorf("the browser asks for language %q", got)
	}
	page.Screenshot("views/dark")
	if _, err := os.Stat(filepath.Join(os.Getenv("EINLASS_ARTIFACTS"), "views", "dark.png")); err != nil {
		t.Error(err)
	}
	page.NoErrors()
	page.NoViolations()

	quiet := browser.Page(t, browsertest.View{NoScript: true})
	quiet.Open(server.URL + "/bad")
	if strings.Contains(strings.Join(quiet.Errors(), "\n"), "on purpose") {
		t.Error("a script ran without JavaScript")
	}
}
