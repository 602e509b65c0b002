package scanproxy

import (
	"encoding/base64"
	"log/slog"
	"strings"
	"unicode"
)

// Code is what a scanner has read or what a ticket's QR code holds: whoever has it is let in. It prints as "…".
type Code string

// Reveal returns the code itself, for the wire and the database.
func (c Code) Reveal() string { return string(c) }

// String returns "…".
func (Code) String() string { return "…" }

// GoString returns "…", for %#v.
func (Code) GoString() string { return "…" }

// LogValue returns "…", for slog.
func (Code) LogValue() slog.Value { return slog.StringValue("…") }

// MarshalText returns "…", for JSON and the like.
func (Code) MarshalText() ([]byte, error) { return []byte("…"), nil }

// ScanType says in which direction somebody goes.
type ScanType string

// The two directions, as scanners write them. The zero value counts as Entry.
const (
	Entry ScanType = "ENTRY"
	Exit  ScanType = "EXIT"
)

// Barcode is the default source of a scan. Others are the types of reusable media: "nfc_uid", "nfc_mf0aes".
const Barcode = "barcode"

// Selection is one event with the check-in list that the device stands at. A scan has at most one list per event.
type Selection struct {
	Event string // slug
	List  int64
}

// Scan is what a device asks: may this code in (or out) at one of these lists?
type Scan struct {
	Selected      []Selection // in the device's order; unknown codes are reported to the first
	Code          Code        // as read, not cleaned
	Source        string      // "" is Barcode
	Type          ScanType
	Answers       map[int64]string // by question id, as the person gave them
	SkipQuestions bool             // answers are neither asked for nor looked at
	IgnoreUnpaid  bool
	Nonce         string // same nonce, same scan: repeating it has no second effect; "" is none
	Exchange      bool   // asks to exchange the ticket for a reusable medium
	ToGuest       bool   // the guest reads the verdict, at a kiosk: explain it in the language of the order
}

func (s Scan) entering() bool { return s.Type != Exit }

func (s Scan) source() string {
	if s.Source == "" {
		return Barcode
	}
	return s.Source
}

// symbolSets are what some barcode readers put in front of a code to name its character set.
var symbolSets = []string{`\000001`, `\000003`, `\000026`, `\000027`}

// Clean returns the code as it is compared with secrets: no invisible characters, no character set prefix, no blanks at
// the ends. Upper and lower case stay different. Source: check 2.
func (s Scan) Clean() Code {
	text := strings.Map(visible, s.Code.Reveal())
	if s.source() == Barcode {
		for _, prefix := range symbolSets {
			text = strings.TrimPrefix(text, prefix)
		}
	}
	return Code(strings.TrimFunc(text, func(r rune) bool { return unicode.Is(unicode.Z, r) }))
}

// visible replaces control, format, surrogate, private and unassigned characters (category C).
func visible(r rune) rune {
	if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z) {
		return r
	}
	return unicode.ReplacementChar
}

// rawBarcode is how a code is written into a report of a refused scan: as text, or as base64 when it holds bytes that
// are no text. Source: check 6, below the table.
func rawBarcode(c Code) Code {
	for _, r := range c.Reveal() {
		if unicode.IsControl(r) {
			return Code("binary:" + base64.StdEncoding.EncodeToString([]byte(c.Reveal())))
		}
	}
	return c
}
