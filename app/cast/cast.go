package cast

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb/bbbsim"
	"github.com/einlass/einlass/pretix/pretixsim"
)

// What the cast's pretix and BBB are called and guarded with. Of use to nobody outside a demo.
const (
	Organizer   = "darc"
	Event       = "gutschein"
	PretixToken = "demo-team-token-demo-team-token-demo-team-token-demo-team-token0"
	BBBSecret   = "demo-bbb-secret-0123456789"
	LinkSecret  = "demo-link-secret-0123456789abcdef"
	DeviceToken = "demodevicetoken0" // makes the scan proxy a device of this pretix, once
)

// The rooms.
const (
	Running = "einsteiger"   // its meeting runs and may be recorded
	Closed  = "morsen"       // nobody has started it yet
	Open    = "offene-runde" // needs no ticket; runs
	Coded   = "technik"      // needs a code; runs
)

// AccessCode opens the room Coded.
const AccessCode = "73de88"

// Cast is the club.
type Cast struct {
	Pretix *pretixsim.Server
	BBB    *bbbsim.Server
	List   int64  // the check-in list of the series
	Item   int64  // the product "Teilnahme"
	Door   string // secret of a ticket that is in no story, for a scanner
	Dates  Dates

	base    string // of einlass
	now     func() time.Time
	stories []Story
	secrets []string // of tickets
}

// Dates are the SubEvents of the series.
type Dates struct {
	Running, Closed, Yesterday, Tomorrow, NextWeek, Foreign, Roomless int
}

// New makes the cast. base is the address of einlass, without a slash at the end: the participant links stand below it.
// now is everybody's clock.
func New(base string, now func() time.Time) *Cast {
	c := &Cast{
		Pretix: pretixsim.New(pretixsim.Options{Now: now}),
		BBB:    bbbsim.New(bbbsim.Options{Secret: BBBSecret, Now: now, Heartbeat: time.Minute, Linger: 2 * time.Minute}),
		base:   base, now: now,
	}
	c.openShop()
	c.startMeetings()
	c.sellTickets()
	c.sellAtDoor()
	return c
}

// Link returns the address a participant clicks on.
func (c *Cast) Link(token string) string { return c.base + "/ticket?token=" + url.QueryEscape(token) }

// ParticipantLink returns the address of a room.
func (c *Cast) ParticipantLink(slug string) string { return c.base + "/r/" + slug }

func (c *Cast) startMeetings() {
	c.BBB.Start(Running, "Amateurfunk für Einsteiger", true, "Anke Leitung (DF1AL)")
	c.BBB.Start(Open, "Offene Runde", false, "Anke Leitung (DF1AL)")
	c.BBB.Start(Coded, "Techniktreff", true, "Anke Leitung (DF1AL)")
}

// Furnish puts the rooms and their own dates into a registry.
func (c *Cast) Furnish(ctx context.Context, registry room.Registry) error {
	rooms := []room.Room{
		{
			Slug: Running, Name: "Amateurfunk für Einsteiger", MeetingID: Running, Access: room.AccessTicket,
			Recording: room.CameraNotRecorded, WaitForModerator: true,
			Description: "Was ist Amateurfunk, und wie fange ich an?\nMit Zeit für Ihre Fragen.",
		},
		{
			Slug: Closed, Name: "Morsen lernen", MeetingID: Closed, Access: room.AccessTicket,
			Recording: room.CameraNotRecorded, Description: "Die ersten fünf Buchstaben. Bitte Papier und Stift bereitlegen.",
		},
		{Slug: Open, Name: "Offene Runde", MeetingID: Open, Access: room.AccessOpen, Recording: room.CameraNotRecorded},
		{Slug: Coded, Name: "Techniktreff", MeetingID: Coded, Access: room.AccessCode, Code: AccessCode, Recording: room.ListenOnly},
	}
	for _, r := range rooms {
		stored, err := registry.PutRoom(ctx, r)
		if err != nil {
			return fmt.Errorf("furnish room %s: %w", r.Slug, err)
		}
		from := minute(c.now()).Add(72 * time.Hour)
		own := room.Date{RoomID: stored.ID, Title: r.Name + ": Sprechstunde", From: from, To: from.Add(time.Hour)}
		if _, err := registry.PutDate(ctx, own); err != nil {
			return fmt.Errorf("furnish date of %s: %w", r.Slug, err)
		}
	}
	return nil
}

func minute(t time.Time) time.Time { return t.Truncate(time.Minute) }
