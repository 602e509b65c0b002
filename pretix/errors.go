package pretix

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Class says what kind of failure an Error is; it decides what the caller does next.
type Class int

// Classes of failure.
const (
	// Unavailable: no answer, or none that came from pretix: transport, 5xx, HTML where JSON was due, broken JSON. Try later.
	Unavailable Class = iota
	// RateLimited: 429, or 503 with Retry-After. Try again after Error.RetryAfter.
	RateLimited
	// Unauthorized: 401. The token is unknown, inactive or revoked.
	Unauthorized
	// Forbidden: 403. The token lacks a right, or the organizer or event does not exist; pretix does not tell which.
	Forbidden
	// NotFound: 404 as JSON. The object does not exist.
	NotFound
	// Invalid: the request itself is wrong (400, 405, 412, 413, 415, …). Trying again will not help.
	Invalid
	// Conflict: 409. pretix is busy with the same request, or a lock timed out. Try again after Error.RetryAfter.
	Conflict
)

// String returns a word for logs.
func (c Class) String() string {
	switch c {
	case Unavailable:
		return "unavailable"
	case RateLimited:
		return "rate limited"
	case Unauthorized:
		return "unauthorized"
	case Forbidden:
		return "forbidden"
	case NotFound:
		return "not found"
	case Invalid:
		return "invalid"
	case Conflict:
		return "conflict"
	}
	return fmt.Sprintf("class %d", int(c))
}

// Error is a failed call. Its text holds no address, token or ticket secret.
type Error struct {
	Class  Class
	Call   string // what we wanted: "order", "redeem"
	Status int    // HTTP status; 0 when there was no answer
	// RetryAfter is what pretix asked for; 0 when it did not.
	RetryAfter time.Duration
	Detail     string // pretix' own words, or ours where it had none; at most 300 bytes
	// OutcomeUnknown: the request changes something and may have been carried out (time-out or reset after sending, 5xx,
	// an unreadable answer). A redeem may then be repeated with the same nonce.
	OutcomeUnknown bool
	// TooMuch: pretix, or a gateway before it, did not come to an end in time, or the answer was too long. Of a list fewer
	// rows may be had.
	TooMuch bool

	err error // the cause, without the address that net/http wraps around it
}

// Error describes the failure for a log.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "pretix %s: %s", e.Call, e.Class)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.err != nil {
		b.WriteString(": " + e.err.Error())
	}
	return b.String()
}

// Unwrap returns the cause, such as context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.err }

// ClassOf returns the class of an error from this package; any other error counts as Unavailable.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return Unavailable
}
