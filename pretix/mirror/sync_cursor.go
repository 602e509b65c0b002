package mirror

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/einlass/einlass/pretix"
)

// This file says up to when a list has been read. Every instant in it is by pretix' clock, which need not be right: what
// it says is never taken for later than what a page itself says, and when it goes back all is compared.

// madeAt is when pretix made a page; zero if it does not say.
func madeAt(page pretix.RawPage) time.Time {
	at, err := pretix.ServerTime(page.Generated)
	if err != nil || at.Unix() <= 0 {
		return time.Time{}
	}
	return at
}

// shownUntil is up to when a page shows everything that was changed; zero if it does not say.
func shownUntil(page pretix.RawPage) time.Time {
	at := madeAt(page)
	if at.IsZero() {
		return at
	}
	return at.Add(-overlap)
}

// reached is the progress after a page of what has changed since p, of whose pages the one before brought it to now. clock:
// what the first page shows; zero where pretix does not say, so that the rows must. last: the latest change on this page.
func (p Progress) reached(now Progress, page pretix.RawPage, clock, last time.Time) Progress {
	if page.More {
		now.Since = later(now.Since, last)
	} else {
		now.Since = later(p.Since, rowsUntil(page, last))
	}
	if clock.IsZero() {
		return now
	}
	if !page.More || clock.Before(now.Since) { // a row of the future says nothing about the others
		now.Since = clock
	}
	if clock.Before(p.Since.Add(-overlap)) { // it has gone back: what was changed in between may say anything
		now.Complete = time.Time{}
	}
	return now
}

// walkID is the walk that is under way. What is placed now may lie in a window that has been walked, so that it is met here
// or nowhere.
func (p Progress) walkID() int64 {
	if p.Walk == nil {
		return 0
	}
	return p.Walk.ID
}

// until is what to ask with the next time, once a list has been read that began with this page.
func (resource Resource) until(first pretix.RawPage) (time.Time, error) {
	if clock := shownUntil(first); !clock.IsZero() {
		return clock, nil
	}
	last, err := resource.last(resource.sinceField, first.Rows)
	return rowsUntil(first, last), err
}

// rowsUntil is up to when a list shows everything, by its latest row.
func rowsUntil(page pretix.RawPage, last time.Time) time.Time {
	if last.IsZero() {
		return last
	}
	if sent := page.Sent; !sent.IsZero() && sent.Before(last) {
		last = sent
	}
	return last.Add(-overlap)
}

// youngest is how long ago a list must have changed for its Last-Modified to be of use. pretix counts in whole seconds: of two
// changes in one second the rows may show the first only. The time that an answer takes comes on top.
const youngest = 30 * time.Second

// unchanged is the Last-Modified that says of a list that it is as this page began it.
func unchanged(first pretix.RawPage) string {
	at, err := http.ParseTime(first.LastModified)
	if err == nil && !first.Sent.IsZero() && first.Sent.Sub(at) < youngest {
		return ""
	}
	return first.LastModified
}

// stamps are the instants by which lists are fetched.
type stamps struct {
	Datetime     *time.Time `json:"datetime"`
	LastModified *time.Time `json:"last_modified"`
	Updated      *time.Time `json:"updated"`
	Created      *time.Time `json:"created"`
}

func (s stamps) of(field string) *time.Time {
	switch field {
	case placedField:
		return s.Datetime
	case "last_modified":
		return s.LastModified
	case "updated":
		return s.Updated
	}
	return s.Created
}

// last returns the latest instant in that field of the rows; zero if there are none. One order without must not keep all
// others away, so it is passed over: how it is to be read is up to the Keeper.
func (resource Resource) last(field string, rows []json.RawMessage) (last time.Time, err error) {
	for _, raw := range rows {
		var s stamps
		if json.Unmarshal(raw, &s) != nil || s.of(field) == nil {
			if resource.how == walked {
				continue
			}
			return last, fmt.Errorf("%w: its %s", ErrBadRow, field)
		}
		last = later(last, *s.of(field))
	}
	return last, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
