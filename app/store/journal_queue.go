package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// The queue of uploads is the rows with the state queued, in each of three tables named like scanproxy.Kind. The columns
// for it are the same everywhere.

// queueTable has the statements of the queue for one kind.
type queueTable struct {
	due   string                              // $1: id to go on behind, $2: now, $3: longestRest from now, $4: limit
	scan  func(row) (scanproxy.Upload, error) // reads a row of due
	begin string                              // $1: id
	end   string                              // $1: state, $2: next_us, $3: done_us, $4: reason, $5: id
}

// longestRest is beyond what any upload rests: to rest for longer was noted by a clock that was ahead, and is no reason.
const longestRest = time.Hour

// dueCheckins leaves out a check-in whose ticket has an earlier one that has to wait: until its time comes, or because this
// round has passed it by.
const dueCheckins = `SELECT id, attempts, settled_generation, event, list, position, secret, type, at_us, nonce, answers FROM checkins c
	WHERE state = 'queued' AND id > $1 AND (next_us <= $2 OR next_us > $3) AND NOT EXISTS (SELECT 1 FROM checkins earlier
		WHERE earlier.secret = c.secret AND earlier.id < c.id AND earlier.state = 'queued'
			AND (earlier.id <= $1 OR earlier.next_us > $2 AND earlier.next_us <= $3))
	ORDER BY id LIMIT $4`

const dueRefusals = `SELECT id, attempts, event, list, position, raw_barcode, type, at_us, nonce, error_reason, raw_item,
		raw_variation, raw_subevent
	FROM refusals WHERE state = 'queued' AND id > $1 AND (next_us <= $2 OR next_us > $3) ORDER BY id LIMIT $4`

const duePrintLogs = `SELECT id, attempts, event, position, body, nonce, at_us
	FROM print_logs WHERE state = 'queued' AND id > $1 AND (next_us <= $2 OR next_us > $3) ORDER BY id LIMIT $4`

// queueTableOf returns the statements for a kind.
func queueTableOf(kind scanproxy.Kind) (queueTable, error) {
	q := queueTable{
		begin: `UPDATE ` + string(kind) + ` SET attempts = attempts + 1 WHERE id = $1`,
		end:   `UPDATE ` + string(kind) + ` SET state = $1, next_us = $2, done_us = $3, reason = $4 WHERE id = $5`,
	}
	switch kind {
	case scanproxy.Checkins:
		q.due, q.scan = dueCheckins, scanDueCheckin
	case scanproxy.Refusals:
		q.due, q.scan = dueRefusals, scanDueRefusal
	case scanproxy.PrintLogs:
		q.due, q.scan = duePrintLogs, scanDuePrintLog
	default:
		return queueTable{}, fmt.Errorf("journal: no uploads of kind %q", kind)
	}
	return q, nil
}

func scanDueCheckin(from row) (scanproxy.Upload, error) {
	var a scanproxy.Admit
	u := scanproxy.Upload{Admit: &a}
	var answers string
	var settled int64
	err := from.Scan(&u.ID, &u.Attempts, &settled, &a.Event, &a.List, &a.Position, &a.Secret, &a.Type, instant{&a.At}, &a.Nonce, &answers)
	if err != nil {
		return u, err
	}
	u.Shown = settled != 0 // of a check-in that is not confirmed nothing else settles it
	a.Answers, err = readAnswers(answers)
	return u, err
}

func scanDueRefusal(from row) (scanproxy.Upload, error) {
	var r scanproxy.Report
	u := scanproxy.Upload{Report: &r}
	err := from.Scan(&u.ID, &u.Attempts, &r.Event, &r.List, &r.Position, &r.RawBarcode, &r.Type, instant{&r.At}, &r.Nonce,
		&r.Reason, &r.RawItem, &r.RawVariation, &r.RawSubEvent)
	return u, err
}

func scanDuePrintLog(from row) (scanproxy.Upload, error) {
	var p scanproxy.PrintLog
	u := scanproxy.Upload{Print: &p}
	var body string
	err := from.Scan(&u.ID, &u.Attempts, &p.Event, &p.Position, &body, &p.Nonce, instant{&p.At})
	p.Body = json.RawMessage(body)
	return u, err
}

// readAnswers reads what answersJSON has written, in no particular order.
func readAnswers(text string) ([]scanproxy.Answer, error) {
	var texts map[string]string
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	var answers []scanproxy.Answer
	for id, answer := range texts {
		question, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("answers: %w", err)
		}
		answers = append(answers, scanproxy.Answer{Question: question, Text: answer})
	}
	return answers, nil
}

// Due returns what may be sent now. See scanproxy.Queue.
func (j *Journal) Due(ctx context.Context, kind scanproxy.Kind, now time.Time, after int64, limit int) ([]scanproxy.Upload, error) {
	table, err := queueTableOf(kind)
	if err != nil {
		return nil, err
	}
	due, err := all(ctx, j.store.reader, table.scan, table.due, after, now, now.Add(longestRest), limit)
	if err != nil {
		return nil, fmt.Errorf("journal: read queue: %w", err)
	}
	return due, nil
}

// Begin counts an attempt before it is made. See scanproxy.Queue.
func (j *Journal) Begin(ctx context.Context, kind scanproxy.Kind, id int64) error {
	table, err := queueTableOf(kind)
	if err != nil {
		return err
	}
	return j.write(ctx, "begin upload", func(ctx context.Context, q querier) error {
		_, err := exec(ctx, q, table.begin, id)
		return err
	})
}

// End notes what became of an upload. See scanproxy.Queue.
func (j *Journal) End(ctx context.Context, kind scanproxy.Kind, id int64, r scanproxy.Result) error {
	table, err := queueTableOf(kind)
	if err != nil {
		return err
	}
	state, next, done := "queued", r.Next.UnixMicro(), int64(0)
	if r.Outcome != scanproxy.Kept {
		state, next, done = "sent", 0, r.At.UnixMicro()
	}
	if r.Outcome == scanproxy.GivenUp {
		state = "given_up"
	}
	return j.write(ctx, "end upload", func(ctx context.Context, q querier) error {
		_, err := exec(ctx, q, table.end, state, next, done, r.Reason, id)
		if err != nil || kind != scanproxy.Checkins {
			return err
		}
		return learn(ctx, q, id, r)
	})
}

// learn keeps what pretix answered to a check-in: the position of a ticket that was known by its signed code alone, and the
// entry elsewhere that makes ours a double admission.
func learn(ctx context.Context, q querier, id int64, r scanproxy.Result) error {
	if r.Position != 0 {
		const position = `UPDATE checkins SET position = $1 WHERE id = $2 AND position = 0`
		if _, err := exec(ctx, q, position, r.Position, id); err != nil {
			return err
		}
	}
	if r.Other == nil {
		return nil
	}
	const other = `UPDATE checkins SET other_at_us = $1, other_device = $2 WHERE id = $3`
	_, err := exec(ctx, q, other, r.Other.At, r.Other.Device, id)
	return err
}

// Told returns what pretix may know of a ticket on a list. See scanproxy.Queue.
func (j *Journal) Told(ctx context.Context, s scanproxy.Subject) ([]scanproxy.OwnCheckin, error) {
	own, err := ownCheckins(ctx, j.store.reader, scanproxy.Case{Subject: s})
	if err != nil {
		return nil, fmt.Errorf("journal: read check-ins: %w", err)
	}
	return own, nil
}

// write makes a change that is about no ticket in particular. what names it in errors.
func (j *Journal) write(ctx context.Context, what string, f func(ctx context.Context, q querier) error) error {
	if err := j.writer.change(ctx, scanproxy.Subject{}, f); err != nil {
		return fmt.Errorf("journal: %s: %w", what, err)
	}
	return nil
}
