package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// turnLock is the number of the advisory lock that the process with the turn holds. mirrorLock has the number before it.
const turnLock = mirrorLock + 1

// turnPatience is how long the connection of a turn may take to answer before it counts as broken.
const turnPatience = 5 * time.Second

// Turn is the right to exchange with pretix: of all processes on one database, one at a time has it. Two that pull would
// ask twice as much of pretix, and a process would store what it has asked for before the other one asked for newer.
//
// On PostgreSQL it is a lock of a connection that does nothing else, so that the server gives it back when the process
// dies. SQLite admits one process only, so there it is always ours. Use it from one goroutine.
type Turn struct {
	config *pgx.ConnConfig // nil: SQLite
	conn   *pgx.Conn       // nil: it is not ours
}

// Turn returns the handle by which this process asks for its turn. Nothing is taken yet.
func (s *Store) Turn() *Turn { return &Turn{config: s.single} }

// Take takes the turn if nobody has it, and tells whether it is ours. Once ours, it stays so until Give, or until the
// connection breaks, which the next Take notices. An error means that this is not known: take it as no.
func (t *Turn) Take(ctx context.Context) (ours bool, err error) {
	if t.config == nil {
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, turnPatience)
	defer cancel()
	if t.conn != nil {
		if t.conn.Ping(ctx) == nil {
			return true, nil
		}
		_ = t.Give(ctx) // it is broken: the server may have given the lock to another process
	}
	if ours, err = t.take(ctx); err != nil {
		return false, fmt.Errorf("turn to exchange with pretix: %w", err)
	}
	return ours, nil
}

func (t *Turn) take(ctx context.Context) (ours bool, err error) {
	// A machine that vanishes without a word gives the lock back after half a minute, where TCP tells the server.
	const (
		notice = `SELECT set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false),
			set_config('tcp_keepalives_count', '3', false)`
		lock = `SELECT pg_try_advisory_lock($1)`
	)
	if t.conn, err = pgx.ConnectConfig(ctx, t.config); err != nil {
		return false, fmt.Errorf("PostgreSQL: %w", err)
	}
	if _, err = t.conn.Exec(ctx, notice); err == nil {
		err = t.conn.QueryRow(ctx, lock, int64(turnLock)).Scan(&ours)
	}
	if err != nil || !ours {
		_ = t.Give(ctx) // nothing is lost with it
	}
	return ours, err
}

// Give gives the turn back. It does nothing if the turn is not ours.
func (t *Turn) Give(ctx context.Context) error {
	if t.conn == nil {
		return nil
	}
	conn := t.conn
	t.conn = nil
	// Unlocked, it is free at once: the server notices a moment later that a connection was closed.
	_, _ = conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`) // a broken connection has nothing to give
	if err := conn.Close(ctx); err != nil {
		return fmt.Errorf("give back the turn to exchange with pretix: %w", err)
	}
	return nil
}
