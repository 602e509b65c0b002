package cast

import (
	"strconv"
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

// Story is one way a visit can go.
type Story struct {
	Key      string // "running", for tests and file names
	Title    string // what happened to the person
	Sees     string // what the page answers
	Order    string // order code
	Position int64  // id of the position that the story is about
	Token    string // of the ticket link; empty: there is none
	Path     string // of a story without a ticket
}

// Stories returns all stories, the happy one first.
func (c *Cast) Stories() []Story { return c.stories }

// Story returns the story with that key. An unknown key is an empty story: whoever asks finds out at once.
func (c *Cast) Story(key string) Story {
	for _, s := range c.stories {
		if s.Key == key {
			return s
		}
	}
	return Story{}
}

// TicketSecrets returns what would admit at a scanner: nothing of it may be found in a log.
func (c *Cast) TicketSecrets() []string { return c.secrets }

type ticket = pretixsim.Position

func (c *Cast) ticket(date int, name, callsign, consent string) ticket {
	t := ticket{Item: int(c.Item), SubEvent: date, AttendeeName: name}
	if callsign != "" {
		t.Answers = append(t.Answers, pretixsim.Answer{Question: "RUFZEICHEN", Value: callsign})
	}
	if consent != "" {
		t.Answers = append(t.Answers, pretixsim.Answer{Question: "VIDEOCONSENT", Value: consent})
	}
	return t
}

// sell adds an order and its story, which is about the order's last ticket. The token names the order and, if number is
// not 0, the position.
func (c *Cast) sell(key, title, sees string, number int, o pretixsim.Order) Story {
	sold := c.Pretix.AddOrder(Event, o)
	for _, p := range sold.Positions {
		c.secrets = append(c.secrets, p.Secret)
	}
	s := Story{Key: key, Title: title, Sees: sees, Order: sold.Code, Position: int64(sold.Positions[len(sold.Positions)-1].ID)}
	s.Token = c.Token(sold.Code, number)
	c.stories = append(c.stories, s)
	return s
}

// sellAtDoor adds the ticket for a scanner.
func (c *Cast) sellAtDoor() {
	sold := c.Pretix.AddOrder(Event, one("TRF24", c.ticket(c.Dates.Running, "Tina Tür", "DL5TT", "YES")))
	c.Door = sold.Positions[0].Secret
	c.secrets = append(c.secrets, c.Door)
}

// one is an order for one ticket.
func one(code string, t ticket) pretixsim.Order {
	return pretixsim.Order{Code: code, Positions: []ticket{t}}
}

// erika holds most of the tickets, for the date that runs.
func (c *Cast) erika() ticket { return c.ticket(c.Dates.Running, "Erika Musterfrau", "DL1ABC", "YES") }

// sellTickets begins with what happens every evening.
func (c *Cast) sellTickets() {
	running := c.Dates.Running
	c.sell("running", "The room is running", "into the room", 1, one("TRF01", c.erika()))
	c.sell("closed", "The room is still closed", "the waiting page, which goes on by itself", 1,
		one("TRF04", c.ticket(c.Dates.Closed, "Sofie Bald", "DB1SB", "YES")))
	inside := c.sell("inside", "Second login of the same ticket", "404, a countdown", 1,
		one("TRF06", c.ticket(running, "Ina Innen", "DC6II", "YES")))
	c.BBB.Enter(Running, strconv.FormatInt(inside.Position, 10), "Ina Innen (DC6II)", "VIEWER")
	used := c.sell("used-yesterday", "Used on another day", "301, and the day", 1, one("TRF07", c.erika()))
	c.Pretix.AddCheckin(pretixsim.Checkin{Position: int(used.Position), List: int(c.List), At: c.now().Add(-24 * time.Hour)})
	c.sell("past", "The date is over", "302", 1, one("TRF08", c.ticket(c.Dates.Yesterday, "Yannick Gestern", "DC1YG", "YES")))
	c.sell("two-people", "An order for two people", "asked who is there, then into the room", 0, pretixsim.Order{
		Code: "TRF09", Positions: []ticket{c.ticket(running, "Anton Paar", "", "YES"), c.ticket(running, "Berta Paar", "DO9BP", "YES")},
	})
	c.sell("unpaid", "Not paid yet", "202", 1, pretixsim.Order{Code: "TRF11", Status: "n", Positions: []ticket{c.erika()}})
	c.sell("canceled", "Canceled order", "203", 1, pretixsim.Order{Code: "TRF13", Status: "c", Positions: []ticket{c.erika()}})
	c.stories = append(c.stories,
		Story{Key: "link-expired", Title: "The link is too old", Sees: "104", Token: c.ExpiredToken("TRF01")},
		Story{Key: "link-tampered", Title: "Somebody changed the link", Sees: "103", Token: c.TamperedToken("TRF01")},
	)
	c.sellWaysIn()
	c.sellRefusals()
	c.stories = append(c.stories,
		Story{Key: "open-room", Title: "A room without tickets", Sees: "asked for name and consent, then into the room", Path: "/r/" + Open},
		Story{Key: "coded-room", Title: "A room with an access code (" + AccessCode + ")", Sees: "as before, and the code", Path: "/r/" + Coded},
	)
}

// sellWaysIn adds the tickets that lead into the room after all.
func (c *Cast) sellWaysIn() {
	running := c.Dates.Running
	c.sell("no-consent", "No consent to being recorded", "a notice to read, then into the room", 1,
		one("TRF02", c.ticket(running, "Max Mustermann", "DK2XY", "NO")))
	c.sell("nameless", "The booking holds no name", "asked for a name, then into the room", 1,
		one("TRF03", c.ticket(running, "", "", "YES")))
	c.sell("tomorrow", "The date is tomorrow", "the room with a countdown", 1,
		one("TRF05", c.ticket(c.Dates.Tomorrow, "Thea Morgen", "", "YES")))
	c.sell("two-dates", "An order for two dates", "into the room that runs", 0, pretixsim.Order{
		Code: "TRF10", Positions: []ticket{c.ticket(c.Dates.NextWeek, "Zoë Zwei", "", "YES"), c.ticket(running, "Zoë Zwei", "", "YES")},
	})
	c.sell("awkward", "Awkward characters", "into the room", 1, one("TRF23", c.ticket(running, `Jürgen Groß-Østergård 🎙 <b>"x"</b>`, "dl/oe1äö/p", "YES")))
	c.sell("valid-if-pending", "Not paid yet, but let in all the same", "into the room", 1,
		pretixsim.Order{Code: "TRF12", Status: "n", ValidIfPending: true, Positions: []ticket{c.erika()}})
}

// sellRefusals adds the tickets that open no room.
func (c *Cast) sellRefusals() {
	now := c.now()
	c.sell("expired", "Expired order", "204", 1, pretixsim.Order{Code: "TRF14", Status: "e", Positions: []ticket{c.erika()}})
	c.sell("unapproved", "Waits for approval", "205", 1,
		pretixsim.Order{Code: "TRF15", Status: "n", RequireApproval: true, Positions: []ticket{c.erika()}})
	c.sell("testmode", "Test order", "206", 1, pretixsim.Order{Code: "TRF16", TestMode: true, Positions: []ticket{c.erika()}})
	canceled := c.erika()
	canceled.Canceled = true
	c.sell("position-canceled", "Canceled ticket in a paid order", "208", 2,
		pretixsim.Order{Code: "TRF17", Positions: []ticket{c.erika(), canceled}})
	blocked := c.erika()
	blocked.Blocked = []string{"admin"}
	c.sell("blocked", "Blocked ticket", "209", 1, one("TRF18", blocked))
	early := c.erika()
	early.ValidFrom = now.Add(48 * time.Hour)
	c.sell("not-yet-valid", "Not yet valid", "210", 1, one("TRF19", early))
	late := c.erika()
	late.ValidUntil = now.Add(-24 * time.Hour)
	c.sell("no-longer-valid", "No longer valid", "211", 1, one("TRF20", late))
	c.sell("foreign-room", "The date leads into somebody else's room", "402", 1, one("TRF21", c.ticket(c.Dates.Foreign, "Fritz Fremd", "", "YES")))
	c.sell("no-room", "The date names no room", "401", 1, one("TRF22", c.ticket(c.Dates.Roomless, "Olga Ohne", "", "YES")))
}
