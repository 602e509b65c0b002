package pretix

import (
	"fmt"
	"io"
	"log/slog"
)

// LinkSecret is the key shared with pretix that signs ticket links. It prints as "…".
type LinkSecret string

// Reveal returns the secret itself.
func (s LinkSecret) Reveal() string { return string(s) }

// String returns "…".
func (LinkSecret) String() string { return redacted }

// Format writes "…", whatever the verb.
func (LinkSecret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns "…", for slog.
func (LinkSecret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "…", for JSON and the like.
func (LinkSecret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
