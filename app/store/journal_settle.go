package store

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// SeenCheckin is a check-in that the mirror got from pretix.
type SeenCheckin struct {
	Event    string
	Position int64
	List     int64
	Type     scanproxy.ScanType
	At       time.Time
}

// Fetched is what a change of the mirror brought from pretix.
type Fetched struct {
	// Asked is when it was asked for: by our clock, before the request went out. Zero: nobody knows.
	Asked     time.Time
	Positions []int64       // all that were in it
	Checkins  []SeenCheckin // all that were on them
}

// Settle is told what the copy shows as of a generation, after that is committed. It settles these check-ins of ours: from
// that generation on one counts only if the copy has it, so that its ticket is free again once it is annulled at pretix.
//
//   - one that is shown. It is known by position, list, type and time: pretix keeps the time that we sent, and never shows
//     a nonce.
//   - one that pretix had confirmed before it was asked, shown or not: it may have been annulled before it was ever shown.
//     One that pretix has not confirmed may come there any moment, so nothing that is missing says anything about it.
func (j *Journal) Settle(ctx context.Context, f Fetched, generation int64) error {
	waiting, err := j.unsettled(ctx, f.Positions)
	if err != nil {
		return fmt.Errorf("journal: read check-ins: %w", err)
	}
	if len(waiting) == 0 {
		return nil // nearly always: scans must not wait for it
	}
	shown := map[SeenCheckin]int{}
	for _, s := range f.Checkins {
		if waiting[s.Position] {
			s.At = s.At.UTC()
			shown[s]++
		}
	}
	return j.write(ctx, "settle", func(ctx context.Context, q querier) error {
		for s, times := range shown {
			if err := settleShown(ctx, q, s, times, generation); err != nil {
				return err
			}
		}
		if f.Asked.IsZero() {
			return nil
		}
		for position := range waiting {
			if err := settleConfirmed(ctx, q, position, f.Asked, generation); err != nil {
				return err
			}
		}
		return nil
	})
}

// What finds the positions with a check-in that the mirror has not settled; on PostgreSQL one after the other, since without
// statistics it goes through all that are not settled. See wantedIDs; without OFFSET 0 it would join.
const (
	readUnsettled     = `SELECT DISTINCT position FROM checkins WHERE settled_generation = 0 AND position IN `
	readUnsettledEach = `SELECT wanted.id FROM ` + wantedIDs + `
		WHERE EXISTS (SELECT 1 FROM checkins WHERE position = wanted.id AND settled_generation + 0 = 0 OFFSET 0)`
)

func (j *Journal) unsettled(ctx context.Context, positions []int64) (map[int64]bool, error) {
	var q questions
	var found []int64
	waiting := map[int64]bool{}
	switch {
	case len(positions) == 0:
		return waiting, nil
	case j.shared():
		ask(&q, &found, scanInt, readUnsettledEach, positions)
	default:
		for _, some := range pieces(anyOf(positions)) {
			ask(&q, &found, scanInt, readUnsettled+`(`+numbered(1, len(some))+`)`, some...)
		}
	}
	err := j.store.answer(ctx, q)
	for _, p := range found {
		waiting[p] = true
	}
	return waiting, err
}

// settleShown settles as many own check-ins as are shown, the first ones: two of the same second may not both be there yet.
func settleShown(ctx context.Context, q querier, s SeenCheckin, times int, generation int64) error {
	const query = `UPDATE checkins SET settled_generation = $1 WHERE settled_generation = 0 AND id IN (
			SELECT id FROM checkins WHERE position = $2 AND list = $3 AND type = $4 AND at_us = $5 AND attempts > 0
			ORDER BY id LIMIT $6)
		RETURNING secret, at_us, answers`
	return settle(ctx, q, generation, query, generation, s.Position, s.List, string(s.Type), s.At, times)
}

// settleConfirmedNow keeps PostgreSQL from the index of all that are not settled with its sum.
const settleConfirmedNow = `UPDATE checkins SET settled_generation = $1
	WHERE settled_generation + 0 = 0 AND position = $2 AND state = 'sent' AND done_us < $3
	RETURNING secret, at_us, answers`

// settleConfirmed settles the own check-ins of a position that pretix had when it was asked.
func settleConfirmed(ctx context.Context, q querier, position int64, asked time.Time, generation int64) error {
	return settle(ctx, q, generation, settleConfirmedNow, generation, position, asked)
}

// settle runs an update of check-ins, and settles the answers that pretix got with them.
func settle(ctx context.Context, q querier, generation int64, update string, args ...any) error {
	type checkin struct {
		secret, answers string
		at              time.Time
	}
	scan := func(from row) (r checkin, err error) {
		err = from.Scan(&r.secret, instant{&r.at}, &r.answers)
		return r, err
	}
	rows, err := all(ctx, q, scan, update, args...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := settleAnswers(ctx, q, r.secret, r.answers, r.at, generation); err != nil {
			return err
		}
	}
	return nil
}

// settleAnswers lets go of kept answers that pretix got with a check-in. What was answered later is kept.
func settleAnswers(ctx context.Context, q querier, secret, sent string, at time.Time, generation int64) error {
	const query = `UPDATE kept_answers SET settled_generation = $1
		WHERE secret = $2 AND question = $3 AND at_us <= $4 AND settled_generation = 0`
	answers, err := readAnswers(sent)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if _, err := exec(ctx, q, query, generation, secret, a.Question, at); err != nil {
			return err
		}
	}
	return nil
}
