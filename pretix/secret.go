package pretix

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what every secret prints as.
const redacted = "…"

// Token is the credential of a team or a device. It prints as "…"; Reveal is for the wire only.
type Token string

// TicketSecret is what the QR code of a ticket holds: whoever has it is let in. It prints as "…".
type TicketSecret string

// OrderURL is the address of an order's page. It holds the order's secret: whoever has it can read and change the
// order, so it is shown to the holder of the ticket and to nobody else. It prints as "…".
type OrderURL string

// Reveal returns the token itself.
func (t Token) Reveal() string { return string(t) }

// String returns "…".
func (Token) String() string { return redacted }

// Format writes "…", whatever the verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns "…", for slog.
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "…", for JSON and the like.
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Reveal returns the secret itself.
func (s TicketSecret) Reveal() string { return string(s) }

// String returns "…".
func (TicketSecret) String() string { return redacted }

// Format writes "…", whatever the verb.
func (TicketSecret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns "…", for slog.
func (TicketSecret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "…", for JSON and the like.
func (TicketSecret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Reveal returns the address itself.
func (u OrderURL) Reveal() string { return string(u) }

// String returns "…".
func (OrderURL) String() string { return redacted }

// Format writes "…", whatever the verb.
func (OrderURL) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns "…", for slog.
func (OrderURL) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "…", for JSON and the like.
func (OrderURL) MarshalText() ([]byte, error) { return []byte(redacted), nil }
