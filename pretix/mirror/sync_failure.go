package mirror

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/einlass/einlass/pretix"
)

// What ends a round before its time. The copy stays as it is.
var (
	// ErrRevoked: pretix does not know our token any more. Somebody has revoked the device.
	ErrRevoked = errors.New("pretix does not accept our device any more")
	// ErrBusy: pretix has asked for a pause.
	ErrBusy = errors.New("pretix has asked for a pause")
	// ErrSilent: nobody answers.
	ErrSilent = errors.New("pretix does not answer")

	errEvent = errors.New("nothing more from this event in this round")
)

// Classes of failure, as in Failure.Class.
const (
	Revoked401  = "revoked"     // 401: the device was revoked, or the token is wrong
	Denied      = "denied"      // 403: the device may not see the event, or it does not exist
	Missing     = "missing"     // 404
	Refused     = "refused"     // 400 and the like: pretix does not understand us
	Busy        = "busy"        // 429, 503 with Retry-After, 409
	Unreachable = "unreachable" // no connection, or no answer in time
	Foreign     = "foreign"     // an answer that is not pretix': HTML where JSON was due, half an answer
	Broken      = "broken"      // 5xx
	Moving      = "moving"      // rows came and went while the list was read
	Illegible   = "unreadable"  // some rows cannot be read; see Unreadable. All others are here, so it is no class of a State
)

const (
	firstRetry   = 5 * time.Second
	longestRetry = 5 * time.Minute
	silentLimit  = 3 // requests without any answer after which a round ends
)

// ErrBadRow is part of an error of Keeper.Apply when a row is not what we take pretix' rows for.
var ErrBadRow = errors.New("a row cannot be read")

// errMoving: a list of several pages was not the same from the first to the last.
var errMoving = errors.New("the list changed while it was read")

// Classify says what kind of failure an error is, and how long to leave the list alone. failures: how many there were in
// a row before.
func Classify(err error, failures int) (class string, wait time.Duration) {
	backoff := min(firstRetry<<min(failures, 10), longestRetry)
	if errors.Is(err, errMoving) {
		return Moving, firstRetry
	}
	e, ok := errors.AsType[*pretix.Error](err)
	if !ok {
		return Foreign, backoff
	}
	switch e.Class {
	case pretix.Unauthorized:
		return Revoked401, time.Minute
	case pretix.Forbidden:
		return Denied, longestRetry
	case pretix.NotFound:
		return Missing, longestRetry
	case pretix.Invalid:
		return Refused, backoff
	case pretix.RateLimited, pretix.Conflict:
		return Busy, cmp.Or(e.RetryAfter, backoff)
	case pretix.Unavailable:
	}
	switch {
	case e.Status == 0:
		return Unreachable, backoff
	case e.Status >= http.StatusInternalServerError:
		return Broken, backoff
	}
	return Foreign, backoff
}

// isGone says whether pretix knows no such page: rows were deleted since it spoke of it.
func isGone(err error) bool {
	e, ok := errors.AsType[*pretix.Error](err)
	return ok && e.Class == pretix.NotFound
}

// failed notes a failure and says how far it reaches: nil is the list alone, errEvent the event, all else the round.
func (r *round) failed(ctx context.Context, state State, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	_, ours := errors.AsType[*pretix.Error](err)
	if !ours && !errors.Is(err, errMoving) && !errors.Is(err, ErrBadRow) {
		return fmt.Errorf("pull %s %s: %w", state.Resource, state.Event, err) // of the database
	}
	now := r.Now()
	class, wait := Classify(err, state.Failures)
	f := Failure{Class: class, Detail: err.Error(), At: now, RetryAt: now.Add(wait), Failures: state.Failures + 1}
	if err := r.Keeper.Failed(ctx, state.Key, f); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	r.log().WarnContext(ctx, "list of pretix not fetched", "resource", state.Resource, "event", state.Event,
		"class", class, "failures", f.Failures, "retry_s", int(wait.Seconds()), "error", err.Error())
	if class == Unreachable {
		r.silent.Add(1)
	} else {
		r.silent.Store(0)
	}
	return r.reach(class, state.Event)
}

// reach says what a failure of that class keeps us from: nil is the list alone, errEvent the rest of the event, all else
// the rest of the round.
func (r *round) reach(class, event string) error {
	switch {
	case class == Revoked401:
		return ErrRevoked
	case class == Busy:
		return ErrBusy
	case r.silent.Load() >= silentLimit:
		return ErrSilent
	case event != "" && (class == Denied || class == Unreachable):
		return errEvent
	}
	return nil
}

// stillBarred says what a failure that is not to be tried again yet keeps us from. Nobody asks for an event's orders
// while the event itself is denied.
func (r *round) stillBarred(state State, now time.Time) error {
	if !state.rests(now) {
		return nil
	}
	switch {
	case state.Class == Revoked401:
		return ErrRevoked
	case state.Class == Busy:
		return ErrBusy
	case state.Class == Denied && state.Resource == Event:
		return errEvent
	}
	return nil
}

// rests says whether a list that failed is to be left alone. What was noted in the future, by a clock that was wrong, is
// no reason.
func (s State) rests(now time.Time) bool { return now.Before(s.RetryAt) && !s.Tried.After(now) }

// absent says whether a list that need not be there is not there. One that had rows has not gone: what does not know it
// any more is not pretix, and must not have us forget what is revoked.
func (s State) absent(resource Resource, err error) bool { return s.Rows == 0 && absent(resource, err) }

func absent(resource Resource, err error) bool {
	e, ok := errors.AsType[*pretix.Error](err)
	return ok && resource.optional && e.Status == http.StatusNotFound
}
