package room

import (
	"context"
	"errors"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

// When to try again after a failure whose end nobody announced.
const (
	retryOutage = 10 * time.Second
	retryBusy   = 5 * time.Second
	retryMost   = 5 * time.Minute // pretix may ask for an hour; the page looks again sooner
)

var linkReasons = map[pretix.LinkReason]Reason{
	pretix.LinkMalformed:  LinkBroken,
	pretix.LinkTooLong:    LinkBroken,
	pretix.LinkIncomplete: LinkBroken,
	pretix.LinkEarly:      LinkBroken,
	pretix.LinkForged:     LinkForged,
	pretix.LinkExpired:    LinkExpired,
	pretix.LinkForeign:    LinkForeign,
}

// failed turns an error into what a person at the door is told. It is the only place that does.
func (e *entry) failed(err error) Admission {
	if link, ok := errors.AsType[*pretix.LinkError](err); ok {
		a := *e.refuse(linkReasons[link.Reason])
		a.Date = ShownDate{}
		return a
	}
	if failed, ok := errors.AsType[*pretix.Error](err); ok {
		return e.failedPretix(failed)
	}
	if failed, ok := errors.AsType[*bbb.Error](err); ok && failed.Class == bbb.Unavailable {
		a := *e.refuse(RoomDown)
		a.Retry = retryOutage
		return a
	} else if ok && failed.Class == bbb.Misconfigured {
		return *e.refuse(Misconfigured)
	} else if ok {
		return *e.refuse(RoomRejected)
	}
	if errors.Is(err, ErrNoList) {
		return *e.refuse(Misconfigured)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		a := *e.refuse(PretixDown)
		a.Retry = retryOutage
		return a
	}
	return *e.refuse(Internal)
}

// failedPretix holds the crowd back while pretix is busy or away, so that it is not asked by everybody at once.
func (e *entry) failedPretix(failed *pretix.Error) Admission {
	switch failed.Class {
	case pretix.RateLimited, pretix.Conflict:
		pause := min(max(failed.RetryAfter, retryBusy), retryMost)
		e.Release.Pause(e.now, e.now.Add(pause))
		return *e.wait(WaitForShop)
	case pretix.Unavailable:
		e.Release.Pause(e.now, e.now.Add(retryOutage))
		a := *e.refuse(PretixDown)
		a.Retry = retryOutage
		return a
	}
	return *e.refuse(Misconfigured)
}
