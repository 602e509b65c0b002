package pretix_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/einlass/einlass/pretix"
)

// exchange is one recorded request to a real pretix, with its answer.
type exchange struct {
	Name    string
	Request struct {
		Method, Path string
		Body         json.RawMessage
	}
	Response struct {
		Status  int
		Headers map[string]string
		Body    json.RawMessage // JSON, or a JSON text where the answer was no JSON
	}
}

// recorded reads a topic from testdata/exchanges.
func recorded(t testing.TB, topic string) []exchange {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "exchanges", topic+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Exchanges []exchange }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Exchanges
}

// find returns the exchange of that name.
func find(t testing.TB, topic, name string) exchange {
	t.Helper()
	for _, e := range recorded(t, topic) {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("%s has no exchange %q", topic, name)
	return exchange{}
}

// replay answers like the recording.
func (e exchange) replay(w http.ResponseWriter, _ *http.Request) {
	for name, value := range e.Response.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(e.Response.Status)
	body := e.Response.Body
	var text string
	if !strings.Contains(e.Response.Headers["Content-Type"], "json") && json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	_, _ = w.Write(body)
}

const testToken = "0123456789abcdefghijklmnopqrstuvwxyz"

// serve starts a server and a client of organizer darc for it.
func serve(t testing.TB, handler http.HandlerFunc) *pretix.Client {
	t.Helper()
	return dial(t, listen(t, handler), nil)
}

// listen starts a server and returns its address.
func listen(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func dial(t testing.TB, base string, change func(*pretix.Config)) *pretix.Client {
	t.Helper()
	cfg := pretix.Config{BaseURL: base, Token: testToken, Organizer: "darc"}
	if change != nil {
		change(&cfg)
	}
	c, err := pretix.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// body reads what the client sent, as JSON.
func body(t testing.TB, r *http.Request) map[string]any {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	var sent map[string]any
	if err := json.Unmarshal(data, &sent); err != nil {
		t.Errorf("sent %s: %v", data, err)
	}
	return sent
}
