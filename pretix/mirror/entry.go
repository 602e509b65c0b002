package mirror

import (
	"errors"
	"time"

	"github.com/einlass/einlass/pretix"
)

// What there is to read beside whole resources.
const (
	subEvent       = "subevent" // one date
	metaProperties = "event_meta_properties"
)

// key names one thing to read.
type key struct {
	kind  string // name of a resource, or one of those above
	event string // slug
	id    int64
}

// entry is what is known under a key.
//
// A successful fetch sets the value, and so does the copy when it was fetched later. A failure of pretix leaves the value, to
// be served while it is not too old, and sets err until retryAt. An answer that is a no (not found, forbidden) takes the
// value away.
type entry struct {
	value   any
	has     bool
	fetched time.Time // when pretix gave the value, or said no

	err     error
	retryAt time.Time // until then err stands and pretix is not asked

	looked time.Time // when the copy was looked at
}

// fresh reports whether the value may be served without a word to pretix.
func (e entry) fresh(now time.Time, ttl time.Duration) bool {
	return e.has && within(now, e.fetched, ttl)
}

// usable reports whether the value may be served while pretix fails.
func (e entry) usable(now time.Time, staleFor time.Duration) bool {
	return e.has && within(now, e.fetched, staleFor)
}

// paused reports whether pretix failed just now.
func (e entry) paused(now time.Time) bool { return e.err != nil && now.Before(e.retryAt) }

// within is false for a moment in the future, too: after a clock was set back nothing is trusted.
func within(now, since time.Time, length time.Duration) bool {
	age := now.Sub(since)
	return age >= 0 && age < length
}

// succeeded returns the entry after pretix gave the value.
func succeeded(value any, now time.Time) entry { return entry{value: value, has: true, fetched: now} }

// failed returns the entry after pretix gave an error.
func (e entry) failed(err error, now time.Time) entry {
	if isNo(err) {
		e = entry{fetched: now, looked: e.looked}
	}
	e.err, e.retryAt = err, now.Add(pause(err))
	return e
}

// beside returns the entry after the copy was looked at. What is copied counts unless it was fetched earlier than what is
// known, or before the floor.
func (e entry) beside(copied entry, floor, now time.Time) entry {
	if copied.has && !copied.fetched.Before(later(e.fetched, floor)) {
		e.value, e.has, e.fetched = copied.value, true, copied.fetched
	}
	e.looked = now
	return e
}

// isNo reports whether the error is pretix' answer about the thing, rather than a failure to answer.
func isNo(err error) bool {
	switch pretix.ClassOf(err) {
	case pretix.NotFound, pretix.Forbidden, pretix.Invalid:
		return true
	}
	return false
}

// pause is how long pretix is left alone after an error.
func pause(err error) time.Duration {
	if e, ok := errors.AsType[*pretix.Error](err); ok {
		return min(max(failurePause, e.RetryAfter), maxPause)
	}
	return failurePause
}
