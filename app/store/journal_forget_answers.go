package store

import (
	"context"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// keptAnswer names a row of kept_answers.
type keptAnswer struct {
	secret             scanproxy.Code
	question, position int64
}

// forgetAnswers erases answers that were kept before that instant for tickets that are not in the copy any more. The
// answers of a signed ticket, which may never be there, stay as long as its check-ins.
func (j *Journal) forgetAnswers(ctx context.Context, m *Mirror, before time.Time) (gone int64, err error) {
	const find = `SELECT secret, question, position FROM kept_answers k
		WHERE at_us < $1 AND (secret, question) > ($2, $3) AND (position <> 0
			OR NOT EXISTS (SELECT 1 FROM checkins c WHERE c.secret = k.secret))
		ORDER BY secret, question LIMIT $4`
	scan := func(from row) (a keptAnswer, err error) {
		err = from.Scan(&a.secret, &a.question, &a.position)
		return a, err
	}
	for last := (keptAnswer{}); ; {
		old, err := all(ctx, j.store.reader, scan, find, before, last.secret.Reveal(), last.question, forgetScansAtOnce)
		if err != nil || len(old) == 0 {
			return gone, err
		}
		n, err := j.eraseAnswers(ctx, m, old, before)
		if gone += n; err != nil {
			return gone, err
		}
		if len(old) < forgetScansAtOnce || rest(ctx) != nil {
			return gone, ctx.Err()
		}
		last = old[len(old)-1]
	}
}

func (j *Journal) eraseAnswers(ctx context.Context, m *Mirror, old []keptAnswer, before time.Time) (gone int64, err error) {
	const erase = `DELETE FROM kept_answers WHERE secret = $1 AND question = $2 AND at_us < $3`
	positions := make([]int64, len(old))
	for i, a := range old {
		positions[i] = a.position
	}
	held, err := m.held(ctx, positions)
	if err != nil {
		return 0, err
	}
	err = j.write(ctx, "forget answers", func(ctx context.Context, q querier) error {
		gone = 0 // it may run again
		for _, a := range old {
			if held[a.position] {
				continue
			}
			n, err := exec(ctx, q, erase, a.secret.Reveal(), a.question, before) // unless answered anew meanwhile
			if err != nil {
				return err
			}
			gone += n
		}
		return nil
	})
	return gone, err
}
