package main

import (
	"log/slog"
	"regexp"
)

// redacted is what every secret prints as.
const redacted = "…"

// Secret is a configured secret. It prints as "…"; Reveal is for the one who signs or sends it.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String returns "…".
func (Secret) String() string { return redacted }

// GoString returns "…", for %#v.
func (Secret) GoString() string { return redacted }

// LogValue returns "…", for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "…", for JSON and the like.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// DatabaseURL is the address of the database. It prints without user and password; Reveal is for the one who opens it.
type DatabaseURL string

// Reveal returns the address as it was given.
func (u DatabaseURL) Reveal() string { return string(u) }

// String returns the address without what could be a password.
func (u DatabaseURL) String() string { return withoutCredentials(string(u)) }

// GoString returns the address without what could be a password, for %#v.
func (u DatabaseURL) GoString() string { return u.String() }

// LogValue returns the address without what could be a password, for slog.
func (u DatabaseURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText returns the address without what could be a password, for JSON and the like.
func (u DatabaseURL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

var (
	userinfo      = regexp.MustCompile(`://\S*@`)
	passwordParam = regexp.MustCompile(`(?i)((?:password|passwd|pwd|sslpassword|token|secret)=)[^&\s]*`)
)

// withoutCredentials blackens user and password of an address, whether or not the rest of it is well-formed.
func withoutCredentials(text string) string {
	text = userinfo.ReplaceAllString(text, "://"+redacted+"@")
	return passwordParam.ReplaceAllString(text, "${1}"+redacted)
}

// shown is a value as complaints and --print-config show it.
func (o option) shown(value string) string {
	if o.secrecy == secret && value != "" {
		return redacted
	}
	return withoutCredentials(value)
}
