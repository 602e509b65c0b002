package store

import (
	"context"

	"github.com/einlass/einlass/scanproxy"
)

// Insert writes a check-in without reading or judging anything: what a scan costs at least.
func (j *Journal) Insert(ctx context.Context, c scanproxy.Case, a scanproxy.Admit) error {
	return j.writer.change(ctx, c.Subject, func(ctx context.Context, q querier) error { return recordAdmit(ctx, q, c, a) })
}

// Clear forgets all scans, as if nobody had come yet.
func (j *Journal) Clear(ctx context.Context) error {
	return j.write(ctx, "clear", func(ctx context.Context, q querier) error {
		for _, table := range []string{"checkins", "checkin_changes", "refusals", "kept_answers"} {
			if _, err := q.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
}

// PoolSize is how many connections to PostgreSQL a URL asks for.
func PoolSize(url string) (int32, error) {
	config, err := poolConfig(url)
	if err != nil {
		return 0, err
	}
	return config.MaxConns, nil
}

// What PostgreSQL looks for by ticket: visits ($1 positions, $2 a list), whether any is not settled ($1 positions), and
// what is settled once pretix has confirmed it ($1 a generation, $2 a position, $3 when).
const (
	ReadVisits      = readVisitsEach
	ReadUnsettled   = readUnsettledEach
	SettleConfirmed = settleConfirmedNow
)

// ReadChanges is how PostgreSQL looks for changes behind an id: $1, but for those with the ids in $2.
func ReadChanges() string { return readChanges + unread(2) }
