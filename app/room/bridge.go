package room

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
)

// Links verifies what stands behind "?token=". Errors are *pretix.LinkError.
type Links interface {
	Verify(raw string) (pretix.TicketLink, error)
}

// Orders is what must be fresh at every visit, and the check-in. Errors are *pretix.Error.
type Orders interface {
	Order(ctx context.Context, event, code string) (pretix.Order, error)
	Redeem(ctx context.Context, r pretix.Redeem) (pretix.Redeemed, error)
}

// Catalog is the local copy of what changes seldom at pretix. Errors are *pretix.Error.
type Catalog interface {
	Event(ctx context.Context, slug string) (pretix.Event, error)
	SubEvent(ctx context.Context, event string, id int64) (pretix.SubEvent, error)
	SubEvents(ctx context.Context, event string) ([]pretix.SubEvent, error)
	CheckinLists(ctx context.Context, event string) ([]pretix.CheckinList, error)
	MetaDefault(ctx context.Context, name string) (string, error)
}

// Joiner signs the link into a meeting.
type Joiner interface {
	JoinURL(j bbb.Join) (bbb.JoinURL, error)
}

// Rules are the operator's settings of the bridge.
type Rules struct {
	Events   []string // slugs that tickets may come from; the first is meant where a link names none
	Products []int64  // item ids that admit; empty: all
	List     string   // check-in list, id or name; empty: find it
	Meta     []string // meta properties that hold the participant link, first choice first
	Bases    []string // base URLs that are ours

	Questions Questions

	DateWindow   bool // only during the ticket's own date; false: only the room's state counts
	Doors, Grace time.Duration

	LeaveHint time.Duration // how long BBB may list somebody who left
	Lease     time.Duration // how long a login may be under way

	ErrorURL string // errorRedirectUrl of a join: our own page
}

// Bridge decides who enters which room.
type Bridge struct {
	Links    Links
	Orders   Orders
	Catalog  Catalog
	Meetings *Meetings
	Joiner   Joiner
	Store    Store
	Release  *Release
	Rules    Rules
	Log      *slog.Logger
	Now      func() time.Time
}

// Visit is one request with a ticket link, as the browser sends it.
type Visit struct {
	Token    string
	Browser  string // id of the browser, from its signed cookie
	Pass     *Pass  // what this browser was given for this very token before, nil if nothing
	Position int64  // pretix position id that the holder chose, 0 if none
	Name     string // typed in, where the booking has no name
	Language string // "de", "en"
	Notice   string // version of the consent notice in force
	Seen     string // version of the consent notice that the person has read, "" if none
}

// Look answers a fetched ticket link. Mail scanners and previews fetch links too, so it changes nothing, neither at
// pretix nor at BBB. One call to pretix, none with a Pass; one shared poll of BBB.
// The Admission can always be shown; an error besides is for the operator.
func (b *Bridge) Look(ctx context.Context, v Visit) (Admission, error) {
	if v.Pass.Complete() {
		return b.walk(ctx, v, (*entry).recall, (*entry).inTime, (*entry).roomOpen, (*entry).consentSuffices,
			(*entry).notInside, (*entry).hasSlot, (*entry).confirm)
	}
	return b.walk(ctx, v, (*entry).verify, (*entry).readOrder, (*entry).choose, (*entry).notUsed, (*entry).inTime,
		(*entry).roomOpen, (*entry).consentSuffices, (*entry).notInside, (*entry).hasSlot, (*entry).confirm)
}

// Enter answers the form behind a ticket link: the way in. The order of the steps is the promise: nothing is written at
// pretix unless BBB said that the room is open, and nobody gets a join URL unless pretix said ok.
// Two calls to pretix, one to BBB. The Admission can always be shown; an error besides is for the operator.
func (b *Bridge) Enter(ctx context.Context, v Visit) (Admission, error) {
	return b.walk(ctx, v, (*entry).verify, (*entry).notPaused, (*entry).readOrder, (*entry).choose, (*entry).notUsed,
		(*entry).inTime, (*entry).roomOpenNow, (*entry).consentSuffices, (*entry).notInside, (*entry).asked,
		(*entry).lease, (*entry).checkIn, (*entry).join)
}

// step looks at one thing. nil, nil: go on with the next step.
type step func(e *entry, ctx context.Context) (*Admission, error)

// walk takes the steps until one answers, and does what every answer needs.
func (b *Bridge) walk(ctx context.Context, v Visit, steps ...step) (Admission, error) {
	e := &entry{Bridge: b, Visit: v, now: b.Now()}
	answer, err := e.first(ctx, steps)
	if err != nil {
		answer = e.failed(err)
	}
	e.settleLease(ctx, answer, err)
	e.audit(ctx, answer, err)
	answer.pass = e.pass(answer)
	return answer, err
}

func (e *entry) first(ctx context.Context, steps []step) (Admission, error) {
	for _, s := range steps {
		answer, err := s(e, ctx)
		if err != nil {
			return Admission{}, err
		}
		if answer != nil {
			return *answer, nil
		}
	}
	return Admission{}, errors.New("no step answered")
}

// entry is one walk through the steps and what they have found out so far.
type entry struct {
	*Bridge
	Visit
	now time.Time

	link     pretix.TicketLink
	event    string // slug
	loc      *time.Location
	shop     string
	order    pretix.Order
	position pretix.Position
	sub      pretix.SubEvent
	window   Window
	list     pretix.CheckinList
	room     Room
	meeting  bbb.Meeting
	consent  bool
	named    bool

	held   Lease // taken or prolonged by this walk, zero if not
	enters bool  // the walk was about to enter a room: its end is worth an audit row
}

// refuse is the short way to a refusal.
func (e *entry) refuse(why Reason) *Admission {
	return &Admission{Kind: Refuse, Why: why, Room: e.room, Date: e.shownDate(), ShopURL: e.shop}
}
