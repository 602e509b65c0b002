package room

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/bbb"
)

// Pass is what a browser holds while it waits: enough to tell when its turn has come without asking pretix anything.
// The browser gets it signed. It names a ticket by ids, and holds no secret, no name and no token; it opens no door.
type Pass struct {
	Event    string `json:"e,omitempty"`
	Position int64  `json:"p,omitempty"` // pretix position id, 0 while it is unknown
	SubEvent int64  `json:"d,omitempty"`
	Browser  string `json:"b,omitempty"`
	Consent  bool   `json:"c,omitempty"`
	Named    bool   `json:"n,omitempty"`

	Room      string `json:"r,omitempty"` // slug
	Meeting   string `json:"m,omitempty"` // BBB meetingID
	Moderator bool   `json:"w,omitempty"` // the room waits for a moderator

	Opens     int64 `json:"o,omitempty"` // unix seconds; 0: no date window
	Closes    int64 `json:"x,omitempty"`
	NotBefore int64 `json:"t,omitempty"` // unix seconds: no use in trying earlier
}

// Complete reports whether the pass names a ticket and its room: then a look needs nothing of the order.
func (p *Pass) Complete() bool { return p != nil && p.Position != 0 && p.SubEvent != 0 && p.Room != "" }

// waiter names who stands in the queue: a ticket, or a browser without one.
func (p *Pass) waiter() string {
	if p.Position != 0 {
		return fmt.Sprint(p.Position)
	}
	return "browser " + p.Browser
}

// pass is what this walk has found out, for the browser to keep.
func (e *entry) pass(a Admission) Pass {
	p := Pass{
		Event: e.event, Position: e.position.ID, SubEvent: e.sub.ID, Browser: e.Browser, Consent: e.consent, Named: e.named,
		Room: e.room.Slug, Meeting: e.room.MeetingID, Moderator: e.room.WaitForModerator,
	}
	if e.Rules.DateWindow && !e.window.Opens.IsZero() {
		p.Opens, p.Closes = e.window.Opens.Unix(), e.window.Closes.Unix()
	}
	if a.Kind == Refuse && a.Retry > 0 && a.Why != AlreadyInside { // of that one BBB tells when it is over
		p.NotBefore = e.now.Add(a.Retry).Unix()
	}
	return p
}

// recall stands in for the order while a browser waits: the pass says which ticket it is. Whatever has changed since at
// pretix is found out at the door.
func (e *entry) recall(ctx context.Context) (*Admission, error) {
	p := e.Visit.Pass
	e.event = p.Event
	event, err := e.Catalog.Event(ctx, p.Event)
	if err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	if e.loc, err = event.Location(); err != nil {
		return nil, err
	}
	if e.sub, err = e.Catalog.SubEvent(ctx, p.Event, p.SubEvent); err != nil {
		return nil, fmt.Errorf("read date: %w", err)
	}
	if e.room, err = e.Store.Room(ctx, p.Room); err != nil {
		return nil, fmt.Errorf("read room: %w", err)
	}
	e.shop = event.PublicURL
	e.window = WindowOf(e.sub, e.loc, e.Rules.Doors, e.Rules.Grace)
	e.position.ID, e.consent, e.named = p.Position, p.Consent, p.Named
	return nil, nil
}

// Signal tells a waiting page what to do.
type Signal struct {
	State SignalState
	For   WaitFor       // SignalWait: what is still missing
	After time.Duration // how soon it can become another, 0: at any time
}

// SignalState is the verb of a Signal.
type SignalState string

// Verbs of a Signal. Changed: the page shows something that is no longer so, and should be fetched anew.
const (
	SignalWait    SignalState = "wait"
	SignalGo      SignalState = "go"
	SignalChanged SignalState = "changed"
)

// WaitForLeave is what the page of a double login waits for: that BBB forgets the other one.
const WaitForLeave WaitFor = "presence"

// Watch tells whether the holder of a pass may go on. It costs pretix nothing, and BBB one shared question.
func (b *Bridge) Watch(ctx context.Context, p Pass) Signal {
	now := b.Now()
	if p.Closes != 0 && now.After(time.Unix(p.Closes, 0)) {
		return Signal{State: SignalChanged}
	}
	if opens := time.Unix(p.Opens, 0); p.Opens != 0 && now.Before(opens) {
		return Signal{State: SignalWait, For: WaitForDoors, After: opens.Sub(now)}
	}
	if then := time.Unix(p.NotBefore, 0); now.Before(then) {
		return Signal{State: SignalWait, For: WaitForLeave, After: then.Sub(now)}
	}
	if paused := b.Release.Paused(); now.Before(paused) {
		return Signal{State: SignalWait, For: WaitForShop, After: paused.Sub(now)}
	}
	instance := ""
	if p.Meeting != "" {
		m, err := b.Meetings.Recent(ctx, p.Meeting)
		if waits, closed := b.watchMeeting(m, err, p); closed {
			return waits
		}
		instance = m.InternalMeetingID
	}
	if slot := b.Release.Slot(instance, p.waiter(), now); slot.After(now) {
		return Signal{State: SignalWait, For: WaitForSlot, After: slot.Sub(now)}
	}
	return Signal{State: SignalGo}
}

// watchMeeting reports what a meeting keeps the holder of a pass waiting for, if it does. A BBB that does not answer
// counts as closed: the page goes on waiting.
func (b *Bridge) watchMeeting(m bbb.Meeting, err error, p Pass) (Signal, bool) {
	if err != nil || !m.Open(p.Moderator) {
		return Signal{State: SignalWait, For: WaitForRoom}, true
	}
	if p.Position != 0 && m.Present(fmt.Sprint(p.Position)) > 0 {
		return Signal{State: SignalWait, For: WaitForLeave}, true
	}
	return Signal{}, false
}
