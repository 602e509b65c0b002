package scanproxy

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// Journal is what must never be lost: who was let in, who was refused and why, and what pretix is still to be told.
type Journal interface {
	// Judge lets decide speak in one transaction in which nobody else can write about the same ticket on the same list,
	// writes what the verdict says, and returns it once that is durable. decide sees every earlier verdict on them. It may be
	// called more than once, if a transaction has to be repeated, and must not call the Journal. Its error ends the scan
	// with nothing written and comes back as it is.
	Judge(ctx context.Context, c Case, decide func(History) (Verdict, error)) (Verdict, error)
	// Visits returns the check-ins of these positions on a list that are not settled yet, oldest first.
	Visits(ctx context.Context, list int64, positions []int64) ([]Visit, error)
	// VisitsSince returns those of all positions that were written after the row with that id. Rows do not become visible
	// in the order of their ids where several processes write.
	VisitsSince(ctx context.Context, list, after int64) ([]Visit, error)
}

// Case says what a scan is about.
type Case struct {
	Subject           // zero: no ticket was found, so there is no history
	Generation int64  // of the facts: an own check-in is settled if they are not older than the copy that showed it back
	Device     Device // who asks
	At         time.Time
	Asks       bool // the events have questions, so answers that were kept are wanted
}

// Visit is an accepted scan that the local copy may not show yet.
type Visit struct {
	ID       int64 // of its row
	Position int64
	OwnCheckin
}

// ErrClosed is what a Journal answers that does not run, or no longer.
var ErrClosed = errors.New("the journal is closed")

// NewNonce makes a nonce of 130 random bits, for scans of devices that send none.
func NewNonce() string { return strings.ToLower(rand.Text()) }
