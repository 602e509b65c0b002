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
	// Judge calls decide in one transaction in which nobody else can write about the same ticket on the same list, writes
	// what the verdict asks for (Admit, Report, Keep), and returns the verdict once that is durable. decide is given every
	// accepted scan of the ticket on the list. It may be called more than once, if a transaction has to be repeated, and
	// must not call the Journal. Its error ends the scan with nothing written and comes back as it is.
	Judge(ctx context.Context, c Case, decide func(History) (Verdict, error)) (Verdict, error)
	// Visits returns the check-ins of these positions on a list that are not settled yet, oldest first.
	Visits(ctx context.Context, list int64, positions []int64) ([]Visit, error)
	// Changed returns the positions whose Visits on a list may be others than at a mark. The zero mark is before all others.
	Changed(ctx context.Context, list int64, since JournalMark) (ChangedVisits, error)
}

// ChangedVisits is what Journal.Changed returns.
type ChangedVisits struct {
	Positions []int64     // any number of times each
	Complete  bool        // false: they are not all, the mark is from too long ago
	Mark      JournalMark // of now
}

// JournalMark is how far the journal was read, to ask later what has changed since.
type JournalMark struct{ Rows, Changes TableMark }

// TableMark is how far a table was read that grows.
type TableMark struct {
	Last int64   // id of its last row
	Late []int64 // ids up to that, not far back, that were read too: rows may become visible late
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
