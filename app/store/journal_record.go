package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// history reads what the journal knows of a ticket on a list.
func history(ctx context.Context, q querier, c scanproxy.Case) (h scanproxy.History, err error) {
	if c.Subject == (scanproxy.Subject{}) {
		return h, nil
	}
	if h.Checkins, err = ownCheckins(ctx, q, c); err != nil {
		return h, err
	}
	if c.Asks {
		h.Answers, err = all(ctx, q, scanKeptAnswer, readAnswersKept, answersOf(c)...)
	}
	return h, err
}

// readCheckins finds a ticket by its position and by its secret: a signed ticket may get its order later, and a secret
// may be replaced.
const readCheckins = `SELECT type, at_us, nonce, device_name, attempts, settled_generation FROM checkins
	WHERE secret = $1 AND list = $2 OR position = $3 AND position <> 0 AND list = $2 ORDER BY id`

func ownCheckins(ctx context.Context, q querier, c scanproxy.Case) ([]scanproxy.OwnCheckin, error) {
	return all(ctx, q, scanOwnCheckin(c), readCheckins, checkinsOf(c)...)
}

func checkinsOf(c scanproxy.Case) []any { return []any{c.Secret.Reveal(), c.List, c.Position} }

func scanOwnCheckin(c scanproxy.Case) func(row) (scanproxy.OwnCheckin, error) {
	return func(from row) (o scanproxy.OwnCheckin, err error) {
		var attempts, settled int64
		err = from.Scan(&o.Type, instant{&o.At}, &o.Nonce, &o.Device, &attempts, &settled)
		o.Sent = attempts > 0
		o.Settled = isSettled(c, settled)
		return o, err
	}
}

// isSettled tells whether the facts of the case include the check-in that the copy showed at that generation: then the
// journal's row does not count beside them. Of a ticket that is known by its signed code alone there are no facts from
// pretix, so its row counts for good.
func isSettled(c scanproxy.Case, generation int64) bool {
	return generation != 0 && generation <= c.Generation && c.Position != 0
}

const readAnswersKept = `SELECT question, answer FROM kept_answers
	WHERE (secret = $1 OR position = $2 AND position <> 0)
		AND (settled_generation = 0 OR settled_generation > $3 OR $2 = 0)
	ORDER BY question, at_us DESC`

func answersOf(c scanproxy.Case) []any { return []any{c.Secret.Reveal(), c.Position, c.Generation} }

func scanKeptAnswer(from row) (a scanproxy.Answer, err error) {
	err = from.Scan(&a.Question, &a.Text)
	return a, err
}

// record writes what a verdict wants written: a check-in, a refusal to report, answers to keep.
func record(ctx context.Context, q querier, c scanproxy.Case, v scanproxy.Verdict) error {
	if v.Admit != nil {
		if err := recordAdmit(ctx, q, c, *v.Admit); err != nil {
			return err
		}
	}
	if v.Report != nil {
		if err := recordReport(ctx, q, c, *v.Report); err != nil {
			return err
		}
	}
	for _, a := range v.Keep {
		if err := keep(ctx, q, c, a); err != nil {
			return err
		}
	}
	return nil
}

const insertCheckin = `INSERT INTO checkins (event, list, position, secret, type, at_us, nonce, device, device_name, answers,
		state, attempts, next_us, done_us, reason, settled_generation, other_at_us, other_device)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, 0, 0, '', 0, 0, 0)`

// recordAdmit queues the check-in of a scan that was accepted.
func recordAdmit(ctx context.Context, q querier, c scanproxy.Case, a scanproxy.Admit) error {
	answers, err := answersJSON(a.Answers)
	if err != nil {
		return err
	}
	_, err = exec(ctx, q, insertCheckin, a.Event, a.List, a.Position, a.Secret.Reveal(), string(a.Type), a.At, orNew(a.Nonce),
		c.Device.ID, c.Device.Name, answers)
	return err
}

const insertRefusal = `INSERT INTO refusals (event, list, position, raw_barcode, type, at_us, nonce, device, device_name,
		error_reason, raw_item, raw_variation, raw_subevent, state, attempts, next_us, done_us, reason)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'queued', 0, 0, 0, '')`

// recordReport queues a refused scan, which pretix lists as a failed check-in.
func recordReport(ctx context.Context, q querier, c scanproxy.Case, r scanproxy.Report) error {
	_, err := exec(ctx, q, insertRefusal, r.Event, r.List, r.Position, r.RawBarcode.Reveal(), string(r.Type), r.At, orNew(r.Nonce),
		c.Device.ID, c.Device.Name, string(r.Reason), r.RawItem, r.RawVariation, r.RawSubEvent)
	return err
}

// keep keeps an answer that the crew typed in, until the copy shows it: the next scan need not ask again.
func keep(ctx context.Context, q querier, c scanproxy.Case, a scanproxy.Answer) error {
	const query = `INSERT INTO kept_answers (secret, question, position, answer, at_us, settled_generation)
		VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (secret, question) DO UPDATE SET position = excluded.position, answer = excluded.answer,
			at_us = excluded.at_us, settled_generation = 0`
	_, err := exec(ctx, q, query, c.Secret.Reveal(), a.Question, c.Position, a.Text, c.At.Truncate(time.Second))
	return err
}

// orNew gives a nonce to a scan whose device sent none, so that its upload can be repeated.
func orNew(nonce string) string {
	if nonce == "" {
		return scanproxy.NewNonce()
	}
	return nonce
}

// answersJSON returns {"<question id>": "<answer>"}, as the column answers has it.
func answersJSON(answers []scanproxy.Answer) (string, error) {
	texts := make(map[string]string, len(answers))
	for _, a := range answers {
		texts[strconv.FormatInt(a.Question, 10)] = a.Text
	}
	text, err := json.Marshal(texts)
	return string(text), err
}
