package store

import (
	"context"

	"github.com/einlass/einlass/scanproxy"
)

// Journal is the part of the store that scanners wait for. Make one for each Store, and Run it.
//
// On SQLite, what waits at the same time shares a commit, which is what costs (journal_group.go). PostgreSQL groups
// commits by itself and has other processes at work, so there each scan locks its ticket (journal_lock.go).
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
	// judge lets decide speak in such a transaction, with the journal's history of the ticket, and writes what it says.
	judge(ctx context.Context, c scanproxy.Case, decide decision) (scanproxy.Verdict, error)
}

// unwritten is an error of the caller, not of the database.
type unwritten struct{ error }

// Journal returns the store's journal. It changes nothing unless Run is running.
func (s *Store) Journal() *Journal {
	if s.dialect.name == sqliteDialect().name {
		return &Journal{store: s, writer: newGroupWriter(s)}
	}
	return &Journal{store: s, writer: newLockWriter(s)}
}

// Run works for the journal until ctx ends, then finishes what it has begun. Call it once.
func (j *Journal) Run(ctx context.Context) error {
	if err := j.forgetChanges(context.WithoutCancel(ctx)); err != nil { // no reason to decide no scans
		j.store.log.WarnContext(ctx, "changes of the journal not tidied up", "error", err)
	}
	return j.writer.run(ctx)
}

// decision is what speaks a verdict.
type decision = func(scanproxy.History) (scanproxy.Verdict, error)

// Judge lets decide speak in a transaction and writes what it says. See scanproxy.Journal.
func (j *Journal) Judge(ctx context.Context, c scanproxy.Case, decide decision) (scanproxy.Verdict, error) {
	return j.writer.judge(ctx, c, decide)
}
