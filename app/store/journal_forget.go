package store

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

const (
	forgetScansAtOnce = 100                   // rows in one transaction: on SQLite scans share it
	forgetScansPause  = 20 * time.Millisecond // after each, for those who wait
)

// ForgottenScans counts what Forget has erased.
type ForgottenScans struct {
	Checkins, Refusals, PrintLogs int64 // rows
	Answers                       int64 // kept for tickets that are not in the copy any more
	Trimmed                       int64 // check-ins that lost the guest's answers and the scanner's name
}

// told is a condition on rows of a queue: pretix has them, or refuses them for good and an operator has acknowledged that,
// and both was so before the instant $3.
const told = `(state = 'sent' OR state = 'given_up' AND seen_us <> 0) AND done_us < $3`

// single is a condition that leaves out double admissions which nobody has acknowledged.
const single = ` AND (other_at_us = 0 OR seen_us <> 0)`

// Forget erases what was told to pretix before that instant and is not needed to let each ticket in once. See decision
// 0016. Refused scans and print logs go by their age. An accepted scan stays while its event lasts, since a signed
// ticket is known by nothing else, but without the guest's answers and the scanner's name; it goes once the event was
// over by then and the copy holds no ticket of it. Cut off anywhere, the next call goes on from there.
func (j *Journal) Forget(ctx context.Context, m *Mirror, before time.Time) (gone ForgottenScans, err error) {
	for _, of := range []struct {
		what string
		to   *int64
		do   func() (int64, error)
	}{
		{"refusals", &gone.Refusals, func() (int64, error) { return j.erase(ctx, "refusals", told, before) }},
		{"print logs", &gone.PrintLogs, func() (int64, error) { return j.erase(ctx, "print_logs", told, before) }},
		{"check-ins", &gone.Checkins, func() (int64, error) { return j.forgetCheckins(ctx, m, before) }},
		{"names", &gone.Trimmed, func() (int64, error) { return j.trimCheckins(ctx, before) }},
		{"answers", &gone.Answers, func() (int64, error) { return j.forgetAnswers(ctx, m, before) }},
	} {
		if *of.to, err = of.do(); err != nil {
			return gone, fmt.Errorf("journal: forget %s: %w", of.what, err)
		}
	}
	return gone, nil
}

// forgetCheckins erases those of events that are over, at which nobody has been scanned since.
func (j *Journal) forgetCheckins(ctx context.Context, m *Mirror, before time.Time) (gone int64, err error) {
	const events = `SELECT event FROM checkins GROUP BY event HAVING max(at_us) < $1 ORDER BY event`
	quiet, err := all(ctx, j.store.reader, scanText, events, before)
	if err != nil {
		return 0, err
	}
	for _, event := range quiet {
		if over, err := m.Over(ctx, event, before); err != nil {
			return gone, err
		} else if !over {
			continue
		}
		n, err := j.forgetEvent(ctx, event, before)
		if gone += n; err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// forgetEvent leaves the newest row of all there, without what it said: its number must not be given again, since who
// counts visits asks for those after it.
func (j *Journal) forgetEvent(ctx context.Context, event string, before time.Time) (gone int64, err error) {
	const (
		newest = `(SELECT max(id) FROM checkins)`
		empty  = `UPDATE checkins SET secret = '', position = 0, nonce = '', device_name = '', answers = '{}', reason = ''`
	)
	gone, err = j.erase(ctx, "checkins", told+single+` AND event = $4 AND id < `+newest, before, event)
	if err != nil {
		return gone, err
	}
	_, err = j.inSlices(ctx, "checkins", empty, told+single+` AND event = $4 AND id = `+newest+` AND secret <> ''`, before, event)
	return gone, err
}

// trimCheckins empties the scanner's name and the guest's answers in check-ins that the copy of pretix shows.
func (j *Journal) trimCheckins(ctx context.Context, before time.Time) (int64, error) {
	const (
		trim = `UPDATE checkins SET device_name = '', answers = '{}'`
		some = ` AND settled_generation <> 0 AND (device_name <> '' OR answers <> '{}')`
	)
	return j.inSlices(ctx, "checkins", trim, told+single+some, before)
}

func (j *Journal) erase(ctx context.Context, table, where string, args ...any) (int64, error) {
	return j.inSlices(ctx, table, `DELETE FROM `+table, where, args...)
}

// inSlices applies change (a DELETE or UPDATE without WHERE) to the rows that meet where, forgetScansAtOnce in a
// transaction. args are $3 and on in where. The rows are looked up outside of the transaction, so that scans do not wait for
// that: a row that meets where does not change any more.
func (j *Journal) inSlices(ctx context.Context, table, change, where string, args ...any) (changed int64, err error) {
	find := `SELECT id FROM ` + table + ` WHERE id > $1 AND ` + where + ` ORDER BY id LIMIT $2`
	for after := any(0); ; {
		ids, err := all(ctx, j.store.reader, scanInt, find, append([]any{after, forgetScansAtOnce}, args...)...)
		if err != nil || len(ids) == 0 {
			return changed, err
		}
		err = j.write(ctx, "forget", func(ctx context.Context, q querier) error {
			_, err := exec(ctx, q, change+` WHERE id IN (`+numbered(1, len(ids))+`)`, anyOf(ids)...)
			return err
		})
		if err != nil {
			return changed, err
		}
		changed += int64(len(ids))
		if len(ids) < forgetScansAtOnce || rest(ctx) != nil {
			return changed, ctx.Err()
		}
		after = ids[len(ids)-1]
	}
}

// rest waits for forgetScansPause, so that scans get the database meanwhile. Its error is that of ctx.
func rest(ctx context.Context) error {
	timer := time.NewTimer(forgetScansPause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Acknowledge notes that an operator has dealt with an upload that was given up, or with a double admission: from then on
// it is not shown any more, and goes with its event. It says whether there was such a thing. It works without Run.
func (j *Journal) Acknowledge(ctx context.Context, kind scanproxy.Kind, id int64, at time.Time) (bool, error) {
	query := `UPDATE ` + string(kind) + ` SET seen_us = $1 WHERE id = $2 AND seen_us = 0 AND `
	switch kind {
	case scanproxy.Checkins:
		query += `(state = 'given_up' OR other_at_us <> 0)`
	case scanproxy.Refusals, scanproxy.PrintLogs:
		query += `state = 'given_up'`
	default:
		return false, fmt.Errorf("journal: no uploads of kind %q", kind)
	}
	n, err := exec(ctx, j.store.writer, query, at, id)
	if err != nil {
		return false, fmt.Errorf("journal: acknowledge: %w", err)
	}
	return n > 0, nil
}
