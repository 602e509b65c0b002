package scanproxy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/einlass/einlass/pretix"
)

const (
	firstWait = 5 * time.Second // doubled with each attempt
	longWait  = 10 * time.Minute
	patience  = time.Minute // where pretix does not say how long
	lostLimit = 3           // uploads in a row without any answer of pretix' own: the line is down, or pretix is
)

// deliver sends one upload and judges the answer. The error is the journal's.
func (r *round) deliver(ctx context.Context, u Upload) (Result, error) {
	result := Result{Next: r.Now().Add(wait(u.Attempts))}
	var failed error
	switch {
	case u.Shown:
		return r.shown(ctx, u)
	case u.Admit != nil:
		var answer pretix.Redeemed
		if answer, failed = r.Pretix.Redeem(ctx, u.Admit.redeem()); failed == nil {
			return r.answered(ctx, u, answer, result)
		}
	case u.Report != nil:
		failed = r.Pretix.ReportFailed(ctx, u.Report.failedCheckin())
	default:
		failed = r.Pretix.PrintLog(ctx, u.Print.Event, u.Print.Position, u.Print.Body, u.Print.Nonce)
	}
	result.Outcome = Done
	if failed != nil {
		result.Outcome, result.Reason = failureOutcome(failed), failed.Error()
		result.Next = later(result.Next, r.Now().Add(retryAfter(failed)))
	}
	r.heard(failed)
	return result, nil
}

// answered judges pretix' verdict on a check-in. It cannot refuse much: the check-in is forced.
func (r *round) answered(ctx context.Context, u Upload, answer pretix.Redeemed, result Result) (Result, error) {
	r.heard(nil)
	if answer.Position != nil {
		result.Position = answer.Position.ID
	}
	if answer.Status != pretix.RedeemOK {
		result.Outcome = GivenUp
		result.Reason = strings.TrimSpace(fmt.Sprint("pretix: ", answer.Status, " ", answer.Reason, " ", answer.ReasonExplanation))
		return result, nil
	}
	result.Outcome = Done
	var err error
	result.Other, err = r.double(ctx, u, answer)
	return result, err
}

// failureOutcome: what pretix itself calls wrong or unknown stays so. Everything else may pass, from a broken line to a
// right that an operator has to give. What is not JSON was not said by pretix, whatever its status. Source: check 11.1.
func failureOutcome(err error) Outcome {
	e, ok := errors.AsType[*pretix.Error](err)
	if !ok || e.Class != pretix.Invalid && e.Class != pretix.NotFound {
		return Kept
	}
	switch e.Status {
	case 0, 400, 404: // 0: not even sent
		return GivenUp
	}
	return Kept
}

// retryAfter is the patience that pretix asked for with this answer, 0: none.
func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*pretix.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// heard draws from an answer, or from its absence, whether the round goes on: pretix may ask for patience, not accept the
// device, or be out of reach.
func (r *round) heard(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, failed := errors.AsType[*pretix.Error](err)
	switch {
	case !failed:
		r.lost = 0
	case e.Class == pretix.RateLimited || e.Class == pretix.Unauthorized:
		pause := e.RetryAfter
		if pause == 0 {
			pause = patience
		}
		r.quietUntil = r.Now().Add(pause)
		r.tally.Stopped = e.Class.String()
	case e.Class == pretix.Unavailable && (e.Status < 400 || e.Status > 500): // a gateway, or whoever else speaks for it
		if r.lost++; r.lost >= lostLimit {
			r.tally.Stopped = "no answer"
		}
	default:
		r.lost = 0
	}
}

func (r *round) stopped(ctx context.Context) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ctx.Err() != nil || r.tally.Stopped != ""
}

// wait is how long an upload rests after so many attempts, a fifth more or less so that they do not all come back at once.
func wait(attempts int) time.Duration {
	w := min(firstWait<<min(attempts, 10), longWait)
	return w*4/5 + rand.N(w*2/5)
}
