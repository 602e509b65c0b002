package bbb_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/einlass/einlass/bbb"
)

func TestRedirectErrorReadsWhatBBBAppends(t *testing.T) {
	raw, err := os.ReadFile("testdata/join_error_redirects.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Key     string
		Default string `json:"location_default"`
		Ours    string `json:"location_error_redirect_url"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) == 0 {
		t.Fatal("no rows", err)
	}
	for _, row := range rows {
		for _, location := range []string{row.Default, row.Ours} {
			u, err := url.Parse(location)
			if err != nil {
				t.Fatal(err)
			}
			if key, ok := bbb.RedirectError(u.RawQuery); key != row.Key || !ok {
				t.Errorf("%s: got %q, %v", location, key, ok)
			}
		}
	}
}

func TestRedirectErrorIsHarmless(t *testing.T) {
	for _, c := range []struct {
		query, key string
		ok         bool
	}{
		{"", "", false},
		{"c=bbb", "", false},
		{"xerrors=[]", "", false},
		{"errors=", "unknown", true},
		{"errors=[]", "unknown", true},
		{"errors=%zz", "unknown", true},
		{"errors=null", "unknown", true},
		{"errors={}", "unknown", true},
		{`errors=[{"key":7}]`, "unknown", true},
		{`errors=[{"key":"<script>alert(1)</script>"}]`, "unknown", true},
		{`errors=[{"key":"CHECKSUMERROR"}]`, "unknown", true},
		{`errors=[{"key":"x"},{"key":"notFound"}]`, "notFound", true},
		{`errors=[{"key":"Params+required"}]`, "Params required", true},
		{`errors=[{"message":"a;b","key":"guestDeniedAccess"}]`, "guestDeniedAccess", true},
		{`a=%zz&errors=[{"key":"notFound"}]`, "notFound", true},
		{"errors=" + strings.Repeat("[", 8000), "unknown", true},
		{"errors=" + strings.Repeat("[", 1<<20), "unknown", true},
	} {
		if key, ok := bbb.RedirectError(c.query); key != c.key || ok != c.ok {
			t.Errorf("%.60s: got %q, %v, want %q, %v", c.query, key, ok, c.key, c.ok)
		}
	}
}
