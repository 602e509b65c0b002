package pretixsim

import "time"

// Series is a ready-made world: one series of online dates with a ticket for every story. SeedSeries makes it.
type Series struct {
	Organizer string // darc
	Event     string // the series: gutschein
	BoolEvent string // a second series whose consent question is yes/no instead of a choice: funkabend

	Token            string // a team with the bridge's least rights on both series
	AdminToken       string // may everything
	ReadOnlyToken    string // reads orders, cannot check in
	CheckinOnlyToken string // checks in, cannot read orders
	NoRightsToken    string // sees events, nothing more
	OtherEventToken  string // everything, but only in BoolEvent
	InactiveToken    string
	DeviceToken      string // a scanner with profile pretixscan

	Item      int // Teilnahme
	OtherItem int // Spende: a product that opens no room
	Callsign  int // question RUFZEICHEN, a string, optional
	Consent   int // question VIDEOCONSENT, a choice of YES and NO, required

	Dates SeriesDates
	Lists SeriesLists
	SeriesTickets
	Bool BoolTickets
}

// SeriesDates are the ids of the dates, relative to the clock at seeding.
type SeriesDates struct {
	Past      int // a week ago
	Yesterday int
	Running   int // since 30 minutes, for another 90
	Soon      int // in 20 minutes
	Tomorrow  int
	Future    int // in two weeks
	NoEnd     int // in two days, without an end; inherits the event's Teilnehmerlink
	Inactive  int
}

// SeriesLists are the ids of the check-in lists; all but RunningOnly hold every date.
type SeriesLists struct {
	Series      int // product Teilnahme, once
	RunningOnly int // the running date only
	Multi       int // any number of entries
	Pending     int // pending orders too
	Daily       int // rule: once a day
}

// Ticket names one position.
type Ticket struct {
	Order    string // code
	Number   int    // positionid within the order
	Position int    // unique id
	Secret   string
	Date     int
}

// SeriesTickets are for the running date unless they say otherwise, paid, with a name and consent YES.
type SeriesTickets struct {
	Plain          Ticket
	WithCallsign   Ticket
	ConsentNo      Ticket
	NoAnswers      Ticket
	NoName         Ticket // neither name nor answers
	Awkward        Ticket // umlauts, emoji, quotes, tags
	TwoPeople      [2]Ticket
	TwoDates       [2]Ticket // the same person on Running and Future
	ForYesterday   Ticket
	ForSoon        Ticket
	ForTomorrow    Ticket
	ForNoEnd       Ticket
	UsedYesterday  Ticket // on list Series, nonce = yesterday's day
	Pending        Ticket
	ValidIfPending Ticket
	Unapproved     Ticket
	Expired        Ticket
	CanceledOrder  Ticket
	CanceledTicket Ticket // its order lives on in Remaining
	Remaining      Ticket
	Blocked        Ticket
	TestMode       Ticket
	NotYetValid    Ticket // valid from the day after tomorrow
	NoLongerValid  Ticket // valid until yesterday
	WrongProduct   Ticket
	SecretReplaced Ticket // RevokedSecret was its secret once
	RevokedSecret  string
	Fresh          []Ticket // twenty more plain ones, for tests that use tickets up
}

// BoolTickets belong to BoolEvent, whose only date runs now.
type BoolTickets struct {
	Item, Date, List int
	ConsentTrue      Ticket
	ConsentFalse     Ticket
}

// SeedSeries fills an empty server around now and returns the names of everything. Ids and secrets are the same in
// every run.
func SeedSeries(s *Server, now time.Time) Series {
	w := &Series{
		Organizer: "darc", Event: "gutschein", BoolEvent: "funkabend",
		Token: seedToken("bridge"), AdminToken: seedToken("admin"), ReadOnlyToken: seedToken("readonly"),
		CheckinOnlyToken: seedToken("checkinonly"), NoRightsToken: seedToken("norights"),
		OtherEventToken: seedToken("otherevent"), InactiveToken: seedToken("inactive"), DeviceToken: seedToken("device"),
	}
	s.AddOrganizer(Organizer{Slug: w.Organizer, Name: "DARC", MetaProperties: []string{"Teilnehmerlink", "Teilnahmelink"}})
	w.access(s)
	w.catalog(s, now)
	w.dates(s, now)
	w.lists(s)
	w.tickets(s, now)
	w.boolSeries(s, now)
	return *w
}

func seedToken(name string) string { return madeUp("seed "+name, 64, lower) }

func (w *Series) access(s *Server) {
	both := []string{w.Event, w.BoolEvent}
	s.AddTeam(Team{Token: w.Token, Events: both, Rights: []string{OrdersRead, OrdersCheckin, SubEventsWrite, ItemsWrite}})
	s.AddTeam(Team{Token: w.AdminToken, AllRights: true})
	s.AddTeam(Team{Token: w.ReadOnlyToken, Rights: []string{OrdersRead}})
	s.AddTeam(Team{Token: w.CheckinOnlyToken, Rights: []string{OrdersCheckin}})
	s.AddTeam(Team{Token: w.NoRightsToken})
	s.AddTeam(Team{Token: w.OtherEventToken, Events: []string{w.BoolEvent}, AllRights: true})
	s.AddTeam(Team{Token: w.InactiveToken, AllRights: true, Inactive: true})
	s.AddDevice(Device{Token: w.DeviceToken, Profile: "pretixscan"})
}

func (w *Series) catalog(s *Server, now time.Time) {
	s.AddEvent(Event{
		Slug: w.Event, Name: Text{"de": "Gutschein", "en": "Voucher"}, HasSubEvents: true, DateFrom: now.AddDate(0, 0, -30),
		Meta: map[string]string{"Teilnehmerlink": "https://treff.example/r/default"},
	})
	w.Item = s.AddItem(w.Event, Item{
		Name: Text{"de": "Teilnahme", "en": "Participation"}, RequireVoucher: true, GenerateTickets: true,
	})
	w.OtherItem = s.AddItem(w.Event, Item{Name: Text{"de": "Spende", "en": "Donation"}, NoAdmission: true, Position: 1})
	w.Callsign = s.AddQuestion(w.Event, callsignQuestion(w.Item))
	w.Consent = s.AddQuestion(w.Event, Question{
		Identifier: "VIDEOCONSENT", Type: "C", Required: true, Items: []int{w.Item}, Position: 1, Question: consentText,
		Options: []Option{
			{Identifier: "YES", Answer: Text{"de": "Ja", "en": "Yes"}},
			{Identifier: "NO", Answer: Text{"de": "Nein", "en": "No"}, Position: 1},
		},
	})
}

var consentText = Text{
	"de": "Ich bin mit der Videoaufzeichnung einverstanden", "en": "I consent to video recording",
}

func callsignQuestion(item int) Question {
	return Question{Identifier: "RUFZEICHEN", Question: Text{"de": "Rufzeichen", "en": "Callsign"}, Items: []int{item}}
}

func (w *Series) dates(s *Server, now time.Time) {
	for _, d := range []struct {
		id        *int
		key       string
		name      string
		in, lasts time.Duration
	}{
		{&w.Dates.Past, "past", "Antennenbau", -7 * 24 * time.Hour, 2 * time.Hour},
		{&w.Dates.Yesterday, "yesterday", "Notfunk", -24 * time.Hour, 2 * time.Hour},
		{&w.Dates.Running, "running", "Amateurfunk für Einsteiger", -30 * time.Minute, 2 * time.Hour},
		{&w.Dates.Soon, "soon", "Morsen lernen", 20 * time.Minute, 2 * time.Hour},
		{&w.Dates.Tomorrow, "tomorrow", "SDR-Workshop", 24 * time.Hour, 2 * time.Hour},
		{&w.Dates.Future, "future", "Contest-Betrieb", 14 * 24 * time.Hour, 3 * time.Hour},
		{&w.Dates.NoEnd, "noend", "Offene Runde", 2 * 24 * time.Hour, 0},
		{&w.Dates.Inactive, "inactive", "Entwurf", 21 * 24 * time.Hour, 2 * time.Hour},
	} {
		link := "https://treff.example/r/" + d.key
		date := SubEvent{
			Name: German(d.name), DateFrom: now.Add(d.in), Inactive: d.key == "inactive",
			Meta: map[string]string{"Teilnahmelink": link + "/join"},
		}
		if d.lasts > 0 {
			date.DateTo = date.DateFrom.Add(d.lasts)
			date.Meta["Teilnehmerlink"] = link
		}
		*d.id = s.AddSubEvent(w.Event, date)
		s.AddQuota(w.Event, Quota{Name: "Teilnahme " + d.key, Items: []int{w.Item}, SubEvent: *d.id})
	}
}

func (w *Series) lists(s *Server) {
	w.Lists = SeriesLists{
		Series:      s.AddList(w.Event, List{Name: "Teilnahme", LimitProducts: []int{w.Item}}),
		RunningOnly: s.AddList(w.Event, List{Name: "Nur laufender Termin", SubEvent: w.Dates.Running}),
		Multi:       s.AddList(w.Event, List{Name: "Mehrfach", AllowMultipleEntries: true}),
		Pending:     s.AddList(w.Event, List{Name: "Auch unbezahlt", IncludePending: true}),
		Daily: s.AddList(w.Event, List{Name: "Einmal täglich", AllowMultipleEntries: true, Rules: map[string]any{
			"<": []any{map[string]any{"var": "entries_today"}, 1},
		}}),
	}
}

// boolSeries: a required yes/no question can only be answered with yes in the shop, but the API lets "False" through.
func (w *Series) boolSeries(s *Server, now time.Time) {
	s.AddEvent(Event{Slug: w.BoolEvent, Name: German("Funkabend"), HasSubEvents: true, DateFrom: now.AddDate(0, 0, -30)})
	b := &w.Bool
	b.Item = s.AddItem(w.BoolEvent, Item{Name: Text{"de": "Teilnahme", "en": "Participation"}})
	s.AddQuestion(w.BoolEvent, callsignQuestion(b.Item))
	s.AddQuestion(w.BoolEvent, Question{
		Identifier: "VIDEOCONSENT", Type: "B", Required: true, Items: []int{b.Item}, Position: 1, Question: consentText,
	})
	b.Date = s.AddSubEvent(w.BoolEvent, SubEvent{
		Name: German("Runde am Abend"), DateFrom: now.Add(-time.Hour), DateTo: now.Add(2 * time.Hour),
		Meta: map[string]string{"Teilnehmerlink": "https://treff.example/r/abend"},
	})
	b.List = s.AddList(w.BoolEvent, List{Name: "Teilnahme"})
	yes := Position{Item: b.Item, SubEvent: b.Date, AttendeeName: "Berta Ja", Answers: []Answer{{"VIDEOCONSENT", "True"}}}
	no := Position{Item: b.Item, SubEvent: b.Date, AttendeeName: "Bodo Nein", Answers: []Answer{{"VIDEOCONSENT", "False"}}}
	b.ConsentTrue = named(s.AddOrder(w.BoolEvent, Order{Code: "BOOL1", Positions: []Position{yes}}), 0)
	b.ConsentFalse = named(s.AddOrder(w.BoolEvent, Order{Code: "BOOL2", Positions: []Position{no}}), 0)
}

func named(o Order, n int) Ticket {
	p := o.Positions[n]
	return Ticket{Order: o.Code, Number: p.PositionID, Position: p.ID, Secret: p.Secret, Date: p.SubEvent}
}
