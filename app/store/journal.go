package store

import (
	"context"

	"github.com/einlass/einlass/scanproxy"
)

// Journal keeps what must never be lost of what happened at the door: accepted and refused scans, answers, print logs, and
// what of it pretix is still to be told. Scanners wait for it. Make one for each Store, and Run it.
//
// A commit waits for the disk, which takes most of a scan's time. On SQLite, changes that wait at the same time therefore
// share one (journal_group.go). PostgreSQL groups commits by itself and has other processes at work, so there each scan
// locks its ticket (journal_lock.go).
type Journal struct {
	store  *Store
	writer journalWriter
}

// journalWriter is what differs between the engines.
type journalWriter interface {
	run(ctx context.Context) error
	// change runs f in one transaction and commits it; after nil it is on disk. Meanwhile no other change is about the same
	// ticket on the same list. f may run more than once, on another goroutine, and even after change has returned because
	// ctx ended. An error of the type unwritten says that f wrote nothing: it comes back alone.
	change(ctx context.Context, about scanproxy.Subject, f func(ctx context.Context, q querier) error) error
	// judge calls decide in such a transaction, with the journal's history of the ticket, and writes its verdict.
	judge(ctx context.Context, c scanproxy.Case, decide decision) (scanproxy.Verdict, error)
}

// unwritten is an error that f returns before it has written anything, such as one of decide. It does not break the
// transaction that f shares with others.
type unwritten struct{ error }

// Journal returns the store's journal. It changes nothing unless Run is running.
func (s *Store) Journal() *Journal {
	if s.shared() {
		return &Journal{store: s, writer: newLockWriter(s)}
	}
	return &Journal{store: s, writer: newGroupWriter(s)}
}

// Run writes what others change, until ctx ends, and finishes what it has begun. Call it once. Without it Judge and every
// other change wait until their context ends, on SQLite.
func (j *Journal) Run(ctx context.Context) error {
	if err := j.forgetChanges(context.WithoutCancel(ctx)); err != nil { // no reason to decide no scans
		j.store.log.WarnContext(ctx, "changes of the journal not tidied up", "error", err)
	}
	return j.writer.run(ctx)
}

// decision returns the verdict on a scan from what the journal knows of the ticket. It must be pure: it may be called more
// than once. An error means that there is no verdict, and nothing is written.
type decision = func(scanproxy.History) (scanproxy.Verdict, error)

// Judge calls decide with the history of c's ticket, in a transaction in which nobody else writes about that ticket on that
// list, and writes the verdict. Once it has returned, the verdict is on disk. See scanproxy.Journal.
func (j *Journal) Judge(ctx context.Context, c scanproxy.Case, decide decision) (scanproxy.Verdict, error) {
	return j.writer.judge(ctx, c, decide)
}
