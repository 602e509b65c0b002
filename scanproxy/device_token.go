package scanproxy

import (
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"strings"
)

// Token is what a device proves itself with: once an initialization token, then an API token. It prints as "…".
type Token string

// Reveal returns the token itself, for the one who hands it out.
func (t Token) Reveal() string { return string(t) }

// String returns "…".
func (Token) String() string { return "…" }

// GoString returns "…", for %#v.
func (Token) GoString() string { return "…" }

// LogValue returns "…", for slog.
func (Token) LogValue() slog.Value { return slog.StringValue("…") }

// MarshalText returns "…", for JSON and the like.
func (Token) MarshalText() ([]byte, error) { return []byte("…"), nil }

// initPrefix switches an app into proxy mode; nothing else does. Source: wire 1.2.
const initPrefix = "proxy="

// newInitToken has 100 random bits: short enough to be typed, and good for one use within some hours.
func newInitToken() Token { return Token(initPrefix + rand.Text()[:20]) }

// newAPIToken has 260 random bits.
func newAPIToken() Token { return Token(strings.ToLower(rand.Text() + rand.Text())) }

// newSerial names a device, as pretix does: 13 characters.
func newSerial() string { return rand.Text()[:13] }

// hash is what is stored of a token. One round without salt is enough: what cannot be guessed needs no slow hash, and
// each scan computes one.
func (t Token) hash() []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}
