package bbb

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Class says what a failed call means for us. The zero value is the safe one.
type Class int

const (
	// Unavailable: no readable answer (transport, status, not XML, incomplete)
	// or passing trouble that a balancer reports. Nothing is known about the
	// meeting; wait and ask again, never check anybody in.
	Unavailable Class = iota
	// Misconfigured: the server refused our checksum. An alarm for the operator.
	Misconfigured
	// NotRunning: the meeting does not exist (any more).
	NotRunning
	// Rejected: the server understood and said no; see Error.Key.
	Rejected
)

// String names the class for logs.
func (c Class) String() string {
	switch c {
	case Unavailable:
		return "unavailable"
	case Misconfigured:
		return "misconfigured"
	case NotRunning:
		return "not running"
	case Rejected:
		return "rejected"
	}
	return fmt.Sprintf("class %d", int(c))
}

// Message keys that BBB and its balancers use. Texts change between releases,
// keys do not.
const (
	KeyChecksumError        = "checksumError"
	KeyNotFound             = "notFound"
	KeyInvalidMeeting       = "invalidMeetingIdentifier"
	KeyForciblyEnded        = "meetingForciblyEnded"
	KeyCreateTimeMismatch   = "mismatchCreateTimeParam"
	KeyMaxParticipants      = "maxParticipantsReached"
	KeyGuestDenied          = "guestDeniedAccess"
	KeyMissingMeetingID     = "missingParamMeetingID"
	KeyMissingFullName      = "missingParamFullName"
	KeyValidationError      = "validationError"
	KeyParamsRequired       = "Params required" // with the blank; neither role nor password given
	KeyIDNotUnique          = "idNotUnique"
	KeyDuplicateWarning     = "duplicateWarning" // comes with SUCCESS
	KeyNoMeetings           = "noMeetings"       // comes with SUCCESS
	KeyInternalError        = "internalError"
	KeyServerUnavailable    = "serverUnavailable"
	KeyUnsupportedRequest   = "unsupportedRequest"
	keyUnknown              = "unknown"
	longestPrintedKeyLength = 40
)

// Error is every failure of a call. Its text never holds a URL, the secret or
// anything that the server wrote freely.
type Error struct {
	Class   Class
	Call    string // e.g. "getMeetingInfo"
	Key     string // BBB's messageKey, "" without a readable answer
	Message string // BBB's wording: untrusted, for the operator's eyes only
	Status  int    // HTTP status, 0 when none arrived

	err error
}

// Error tells call, class and what identifies the failure.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "bbb %s: %s", e.Call, e.Class)
	if e.Key != "" {
		fmt.Fprintf(&b, ", key %s", printableKey(e.Key))
	}
	if e.Status != 0 && e.Status != http.StatusOK {
		fmt.Fprintf(&b, ", status %d", e.Status)
	}
	if e.err != nil {
		fmt.Fprintf(&b, ": %v", e.err)
	}
	return b.String()
}

// Unwrap returns the cause, stripped of the URL that net/http puts around it.
func (e *Error) Unwrap() error { return e.err }

// printableKey lets through what looks like a key; a key is the server's text.
func printableKey(key string) string {
	odd := func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == ' '
		return !letter
	}
	if len(key) > longestPrintedKeyLength || strings.ContainsFunc(key, odd) {
		return keyUnknown
	}
	return key
}

// classify sorts the keys of a FAILED reply. A balancer without a usable node
// answers internalError, serverUnavailable or (B3LB) no key at all: that passes
// by itself, so it is Unavailable and not a refusal.
func classify(keys []string) Class {
	switch {
	case slices.Contains(keys, KeyChecksumError):
		return Misconfigured
	case len(keys) == 0:
		return Unavailable
	}
	switch keys[0] {
	case KeyNotFound, KeyInvalidMeeting, KeyForciblyEnded:
		return NotRunning
	case KeyInternalError, KeyServerUnavailable:
		return Unavailable
	}
	return Rejected
}
