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

// Settle tells which check-ins the mirror shows as of a generation, after that is committed. Own ones among them, known
// by position, list, type and time, count from that generation on only where the mirror has them: should one be annulled
// at pretix, its ticket is free again. pretix keeps the time that we sent, and never shows a nonce.
func (j *Journal) Settle(ctx context.Context, seen []SeenCheckin, generation int64) error {
	mine, err := j.unsettled(ctx, seen)
	if err != nil {
		return fmt.Errorf("journal: read check-ins: %w", err)
	}
	if len(mine) == 0 {
		return nil // nearly always: scans must not wait for it
	}
	return j.write(ctx, "settle", func(ctx context.Context, q querier) error {
		for s, times := range mine {
			if err := settle(ctx, q, s, times, generation); err != nil {
				return err
			}
		}
		return nil
	})
}

// unsettled counts how often each check-in of ours that waits for it is shown.
func (j *Journal) unsettled(ctx context.Context, seen []SeenCheckin) (map[SeenCheckin]int, error) {
	const query = `SELECT id FROM checkins WHERE position = $1 AND list = $2 AND settled_generation = 0`
	scan := func(from row) (id int64, err error) {
		err = from.Scan(&id)
		return id, err
	}
	mine := map[SeenCheckin]int{}
	for _, s := range seen {
		ids, err := all(ctx, j.store.reader, scan, query, s.Position, s.List)
		if err != nil {
			return nil, err
		}
		if len(ids) > 0 {
			s.At = s.At.UTC()
			mine[s]++
		}
	}
	return mine, nil
}

// settle marks as many own check-ins as are shown, the first ones: two of the same second may not both be there yet.
func settle(ctx context.Context, q querier, s SeenCheckin, times int, generation int64) error {
	const query = `UPDATE checkins SET settled_generation = $1 WHERE settled_generation = 0 AND id IN (
			SELECT id FROM checkins WHERE position = $2 AND list = $3 AND type = $4 AND at_us = $5 AND attempts > 0
			ORDER BY id LIMIT $6)
		RETURNING secret, at_us, answers`
	type settled struct {
		secret, answers string
		at              time.Time
	}
	scan := func(from row) (r settled, err error) {
		err = from.Scan(&r.secret, instant{&r.at}, &r.answers)
		return r, err
	}
	rows, err := all(ctx, q, scan, query, generation, s.Position, s.List, string(s.Type), s.At, times)
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
