package bbb

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is what every credential of this package prints as.
const hidden = "…"

// Secret is the shared secret of a BBB server, or another value that grants
// access there. It prints as "…" with every verb, logger and encoder.
type Secret string

// Format hides the secret from fmt, including wrong verbs, whose error text
// would otherwise show the raw value.
func (Secret) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides the secret.
func (Secret) GoString() string { return hidden }

// LogValue hides the secret from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the secret from JSON and every other text encoder.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// JoinURL is a signed join link. Whoever holds it enters the meeting under
// the name in it, any number of times, until the meeting ends: it is a
// credential and prints as "…". Only a redirect may call Reveal.
type JoinURL string

// Reveal returns the link itself, for the Location header of one redirect.
func (u JoinURL) Reveal() string { return string(u) }

// Format hides the link from fmt.
func (JoinURL) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// String hides the link.
func (JoinURL) String() string { return hidden }

// GoString hides the link.
func (JoinURL) GoString() string { return hidden }

// LogValue hides the link from slog.
func (JoinURL) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the link from text encoders.
func (JoinURL) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON hides the link from JSON.
func (JoinURL) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
