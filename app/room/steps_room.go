package room

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

// roomOf finds the room that a date's participant link names.
func (b *Bridge) roomOf(ctx context.Context, sub pretix.SubEvent) (Room, Reason, error) {
	link, err := b.participantLink(ctx, sub)
	if err != nil {
		return Room{}, "", err
	}
	slug, err := ParseLink(link, b.Rules.Bases)
	switch {
	case errors.Is(err, errNoLink):
		return Room{}, RoomMissing, nil
	case err != nil:
		return Room{}, RoomForeign, nil
	}
	r, err := b.Store.Room(ctx, slug)
	if errors.Is(err, ErrNotFound) {
		return Room{}, RoomUnknown, nil
	}
	if err != nil {
		return Room{}, "", fmt.Errorf("read room: %w", err)
	}
	return r, "", nil
}

// participantLink reads the link from the date, else from the event, else from the property's default; the second
// property name counts only where the first is set nowhere.
func (b *Bridge) participantLink(ctx context.Context, sub pretix.SubEvent) (string, error) {
	for _, name := range b.Rules.Meta {
		if link := sub.MetaData[name]; link != "" {
			return link, nil
		}
		event, err := b.Catalog.Event(ctx, sub.Event)
		if err != nil {
			return "", fmt.Errorf("read event: %w", err)
		}
		if link := event.MetaData[name]; link != "" {
			return link, nil
		}
		link, err := b.Catalog.MetaDefault(ctx, name)
		if err != nil {
			return "", fmt.Errorf("read meta property %s: %w", name, err)
		}
		if link != "" {
			return link, nil
		}
	}
	return "", nil
}

// notUsed refuses a ticket that was checked in on another day and not on this one. pretix would say so too, but only to
// somebody who tries to enter, and without the day.
func (e *entry) notUsed(ctx context.Context) (*Admission, error) {
	lists, err := e.Catalog.CheckinLists(ctx, e.event)
	if err != nil {
		return nil, fmt.Errorf("read check-in lists: %w", err)
	}
	if e.list, err = PickList(lists, e.position.Item, e.sub.ID, e.Rules.List); err != nil {
		return nil, err
	}
	if day, used := e.usedOtherDay(e.position.Checkins); used {
		return e.refuseDay(day), nil
	}
	return nil, nil
}

// usedOtherDay returns the first other day the ticket was checked in on, unless it was checked in today as well.
func (e *entry) usedOtherDay(checkins []pretix.Checkin) (other time.Time, used bool) {
	for _, c := range checkins {
		if c.List != e.list.ID || c.Type != pretix.Entry {
			continue
		}
		day := e.day(c.At)
		if day.Equal(e.day(e.now)) {
			return time.Time{}, false
		}
		if other.IsZero() || day.Before(other) {
			other, used = day, true
		}
	}
	return other, used
}

func (e *entry) day(t time.Time) time.Time { return Day(t, e.window, e.sub.From, e.loc) }

func (e *entry) refuseDay(day time.Time) *Admission {
	a := e.refuse(UsedOtherDay)
	a.Day = day
	return a
}

// inTime compares now with the ticket's own date: nothing at pretix does.
func (e *entry) inTime(context.Context) (*Admission, error) {
	switch {
	case !e.Rules.DateWindow:
		return nil, nil
	case e.now.Before(e.window.Opens):
		return e.wait(WaitForDoors), nil
	case e.now.After(e.window.Closes):
		return e.refuse(DateOver), nil
	}
	return nil, nil
}

// roomOpen asks the shared poll whether the room runs.
func (e *entry) roomOpen(ctx context.Context) (*Admission, error) {
	return e.meet(e.Meetings.Recent(ctx, e.room.MeetingID))
}

// roomOpenNow asks BBB itself: this answer lets somebody in.
func (e *entry) roomOpenNow(ctx context.Context) (*Admission, error) {
	e.enters = true
	return e.meet(e.Meetings.Fresh(ctx, e.room.MeetingID))
}

func (e *entry) meet(m bbb.Meeting, err error) (*Admission, error) {
	if failed, ok := errors.AsType[*bbb.Error](err); ok && failed.Class == bbb.NotRunning {
		return e.wait(WaitForRoom), nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the meeting: %w", err)
	}
	e.meeting = m
	if !m.Open(e.room.WaitForModerator) {
		return e.wait(WaitForRoom), nil
	}
	return nil, nil
}

// consentSuffices turns away who did not consent to being recorded, where the room asks for that and BBB can record.
func (e *entry) consentSuffices(context.Context) (*Admission, error) {
	if !e.consent && e.room.Recording == RefuseEntry && e.meeting.Recording {
		return e.refuse(ConsentRequired), nil
	}
	return nil, nil
}

// notInside refuses a second login of a ticket that BBB still lists.
func (e *entry) notInside(ctx context.Context) (*Admission, error) {
	if e.meeting.Present(e.userID()) == 0 {
		return nil, nil
	}
	a := e.refuse(AlreadyInside)
	a.Retry = e.Rules.LeaveHint
	last, err := e.Store.Lease(ctx, e.leaseKey())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("read lease: %w", err)
	}
	a.SameBrowser = err == nil && last.Browser == e.Browser
	return a, nil
}

// userID is the BBB userID of a ticket holder: the pretix position id, never changed, never reused.
func (e *entry) userID() string { return strconv.FormatInt(e.position.ID, 10) }

// hasSlot holds a visitor back while a crowd is being let in.
func (e *entry) hasSlot(context.Context) (*Admission, error) {
	if e.Release.Slot(e.meeting.InternalMeetingID, e.userID(), e.now).After(e.now) {
		return e.wait(WaitForSlot), nil
	}
	return nil, nil
}

// confirm is where a look ends: the way is free, and the person has to say go.
func (e *entry) confirm(context.Context) (*Admission, error) {
	return e.ready(), nil
}

func (e *entry) ready() *Admission {
	return &Admission{
		Kind: Confirm, Room: e.room, Date: e.shownDate(), Doors: e.window.Opens, Closes: e.window.Closes,
		AskName: !e.named, Notice: e.mustRead(),
	}
}

// mustRead reports whether there is a notice to read before entry: no consent, and BBB can record.
func (e *entry) mustRead() bool { return !e.consent && e.meeting.Recording }

// wait shows the room view, which goes on by itself. Its dates are added by whoever shows it (see Bridge.NextDates).
func (e *entry) wait(what WaitFor) *Admission {
	known := e.position.ID != 0
	return &Admission{
		Kind: Wait, For: what, Room: e.room, Date: e.shownDate(), Doors: e.window.Opens, Closes: e.window.Closes,
		AskName: known && !e.named, Notice: known && !e.consent, ShopURL: e.shop,
	}
}

func (e *entry) shownDate() ShownDate {
	if e.sub.ID == 0 {
		return ShownDate{}
	}
	return shownSubEvent(e.sub, e.Language, e.loc)
}
