package store

import (
	"context"
	"fmt"

	"github.com/einlass/einlass/scanproxy"
)

// judge locks, reads, decides, writes and commits as change would, but in two round trips to PostgreSQL: first the lock and
// the history, then what is written and the commit.
func (w *lockWriter) judge(ctx context.Context, c scanproxy.Case, decide decision) (v scanproxy.Verdict, err error) {
	leave, err := w.enter(ctx)
	if err != nil {
		return v, err
	}
	defer leave()
	conn, err := w.store.pool.Acquire(ctx)
	if err != nil {
		return v, fmt.Errorf("journal: %w", err)
	}
	defer conn.Release() // one that is still in a transaction is closed
	known, err := lockedHistory(ctx, conn, c)
	if err != nil {
		return v, fmt.Errorf("journal: lock ticket and read history: %w", err)
	}
	verdict, err := decide(known)
	if err != nil {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`) // where it fails, Release ends the transaction
		return v, err
	}
	var p pipeline
	if err := record(ctx, &p, c, verdict); err != nil {
		return v, fmt.Errorf("journal: record verdict: %w", err)
	}
	p.commit()
	if err := p.send(ctx, conn); err != nil {
		return v, fmt.Errorf("journal: record verdict: %w", err) // nobody hears it: it may not be on disk
	}
	return verdict, nil
}

// lockedHistory begins a transaction, locks the ticket and reads what the journal knows of it. With this isolation the
// history is what was committed when the lock was ours, however long that took. A database may be set up with another
// default.
func lockedHistory(ctx context.Context, conn sender, c scanproxy.Case) (h scanproxy.History, err error) {
	var p pipeline
	p.add(`BEGIN ISOLATION LEVEL READ COMMITTED`)
	if keys := lockKeys(c.Subject); len(keys) > 0 {
		p.add(lockTicket, keys[0], keys[len(keys)-1])
		readInto(&p, &h.Checkins, scanOwnCheckin(c), readCheckins, checkinsOf(c)...)
		if c.Asks {
			readInto(&p, &h.Answers, scanKeptAnswer, readAnswersKept, answersOf(c)...)
		}
	}
	return h, p.send(ctx, conn)
}
