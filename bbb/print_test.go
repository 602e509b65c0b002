package bbb_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func newServer(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// printed shows each value in every way a program is likely to.
func printed(values ...any) []string {
	var all []string
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
			all = append(all, fmt.Sprintf(verb, v))
		}
		asJSON, err := json.Marshal(v)
		all = append(all, string(asJSON), fmt.Sprint(err))
		var text, structured strings.Builder
		slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&structured, nil)).Info("m", "v", v)
		all = append(all, text.String(), structured.String())
	}
	return all
}
