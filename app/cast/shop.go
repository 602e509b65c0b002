package cast

import (
	"time"

	"github.com/einlass/einlass/pretix/pretixsim"
)

// openShop makes the series, its dates and its check-in list.
func (c *Cast) openShop() {
	s := c.Pretix
	s.AddOrganizer(pretixsim.Organizer{Slug: Organizer, Name: "DARC", MetaProperties: []string{"Teilnehmerlink", "Teilnahmelink"}})
	s.AddTeam(pretixsim.Team{
		Token: PretixToken, Events: []string{Event}, Rights: []string{pretixsim.OrdersRead, pretixsim.OrdersCheckin},
	})
	s.AddDevice(pretixsim.Device{Organizer: Organizer, InitToken: DeviceToken, Name: "Scan proxy", Profile: "pretixscan"})
	s.AddEvent(pretixsim.Event{Slug: Event, Name: pretixsim.Text{"de": "Gutschein", "en": "Voucher"}, HasSubEvents: true})
	c.Item = int64(s.AddItem(Event, pretixsim.Item{
		Name: pretixsim.Text{"de": "Teilnahme", "en": "Participation"}, GenerateTickets: true,
	}))
	s.AddQuestion(Event, pretixsim.Question{
		Identifier: "RUFZEICHEN", Question: pretixsim.Text{"de": "Rufzeichen", "en": "Callsign"}, Items: []int{int(c.Item)},
	})
	s.AddQuestion(Event, pretixsim.Question{
		Identifier: "VIDEOCONSENT", Type: "C", Required: true, Items: []int{int(c.Item)}, Position: 1,
		Question: pretixsim.Text{"de": "Darf die Aufzeichnung Sie zeigen?", "en": "May the recording show you?"},
		Options: []pretixsim.Option{
			{Identifier: "YES", Answer: pretixsim.Text{"de": "Ja", "en": "Yes"}},
			{Identifier: "NO", Answer: pretixsim.Text{"de": "Nein", "en": "No"}},
		},
	})
	c.List = int64(s.AddList(Event, pretixsim.List{Name: "Teilnahme"}))

	now := minute(c.now())
	c.Dates = Dates{
		Running:   c.date("Amateurfunk für Einsteiger", now.Add(-30*time.Minute), 2*time.Hour, c.ParticipantLink(Running)),
		Closed:    c.date("Morsen lernen", now.Add(10*time.Minute), 2*time.Hour, c.ParticipantLink(Closed)),
		Yesterday: c.date("Amateurfunk für Einsteiger", now.Add(-24*time.Hour), 2*time.Hour, c.ParticipantLink(Running)),
		Tomorrow:  c.date("Morsen lernen, Teil 2", now.Add(24*time.Hour), 2*time.Hour, c.ParticipantLink(Closed)),
		NextWeek:  c.date("Amateurfunk für Einsteiger", now.Add(7*24*time.Hour), 2*time.Hour, c.ParticipantLink(Running)),
		Foreign:   c.date("Gastseminar", now.Add(-time.Hour), 2*time.Hour, "https://elsewhere.example/r/"+Running),
		Roomless:  c.date("Vortrag im Saal", now.Add(-time.Hour), 2*time.Hour, ""),
	}
}

func (c *Cast) date(name string, from time.Time, lasts time.Duration, link string) int {
	d := pretixsim.SubEvent{Name: pretixsim.German(name), DateFrom: from, DateTo: from.Add(lasts)}
	if link != "" {
		d.Meta = map[string]string{"Teilnehmerlink": link}
	}
	return c.Pretix.AddSubEvent(Event, d)
}
