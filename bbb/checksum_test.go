package bbb

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// vector is one row of testdata/checksums.json.
type vector struct {
	ID, Method, Query, Secret    string
	SHA1, SHA256, SHA384, SHA512 string
	Params                       [][2]string
}

func vectors(t *testing.T) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/checksums.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) < 19 {
		t.Fatalf("only %d vectors", len(file.Vectors))
	}
	return file.Vectors
}

func TestSignerAgreesWithEveryVector(t *testing.T) {
	for _, v := range vectors(t) {
		for algorithm, want := range map[Hash]string{SHA1: v.SHA1, SHA256: v.SHA256, SHA384: v.SHA384, SHA512: v.SHA512} {
			sign, err := newSigner(algorithm, Secret(v.Secret))
			if err != nil {
				t.Fatal(err)
			}
			want = strings.TrimPrefix(v.Query+"&checksum="+want, "&")
			if got := sign(v.Method, v.Query); got != want {
				t.Errorf("%s %s:\n got %s\nwant %s", v.ID, algorithm, got, want)
			}
		}
	}
}

// Three vectors spell their query as other encoders would; they are there to
// show that the checksum differs, not to be imitated.
func TestQueryIsSpelledLikeTheVectors(t *testing.T) {
	foreign := map[string]bool{
		"join-star-tilde-go-queryescape": true, "join-star-tilde-rfc3986": true,
		"space-percent20": true, "lowercase-hex": true,
	}
	for _, v := range vectors(t) {
		var params []Param
		for _, p := range v.Params {
			params = append(params, Param{p[0], p[1]})
		}
		if same := encodeQuery(params) == v.Query; same == foreign[v.ID] {
			t.Errorf("%s: got %s, vector has %s", v.ID, encodeQuery(params), v.Query)
		}
	}
}

func TestUnknownHashIsRefused(t *testing.T) {
	for _, h := range []Hash{"", "md5", "SHA256", "sha-256"} {
		if _, err := newSigner(h, "s"); err == nil {
			t.Errorf("%q was accepted", h)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"AZaz09-_.*":            "AZaz09-_.*",
		"a b":                   "a+b",
		"~+/#&=?%":              "%7E%2B%2F%23%26%3D%3F%25",
		"O'Neill (DL0TST)!":     "O%27Neill+%28DL0TST%29%21",
		"Zoë 李雷 📡":              "Zo%C3%AB+%E6%9D%8E%E9%9B%B7+%F0%9F%93%A1",
		"\x00\n":                "%00%0A",
		"%2A and %7E literally": "%252A+and+%257E+literally",
	} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) = %s, want %s", in, got, want)
		}
	}
}
