package pretixsim

import (
	"fmt"
	"time"
)

// story is one order of the seed: an order, its tickets, and where to write their names.
type story struct {
	order   Order
	tickets []Position
	names   []*Ticket
}

// tickets books every story, one order each, TRF01 onwards.
func (w *Series) tickets(s *Server, now time.Time) {
	t := &w.SeriesTickets
	day := 24 * time.Hour
	one := func(o Order, p Position, name *Ticket) story { return story{o, []Position{p}, []*Ticket{name}} }
	paid := func(p Position, name *Ticket) story { return one(Order{}, p, name) }
	two := func(o Order, a, b Position, names ...*Ticket) story { return story{o, []Position{a, b}, names} }

	running := func(name string) Position { return w.ticket(w.Dates.Running, name) }
	on := func(date int, name string) Position { return w.ticket(date, name) }
	with := func(p Position, change func(*Position)) Position { change(&p); return p }

	for n, st := range []story{
		paid(running("Erika Musterfrau"), &t.Plain),
		paid(with(running("Max Mustermann"), func(p *Position) { p.says("RUFZEICHEN", "DK2XY") }), &t.WithCallsign),
		paid(with(running("Anna Beispiel"), func(p *Position) { p.Answers = []Answer{{"VIDEOCONSENT", "NO"}} }), &t.ConsentNo),
		paid(with(running("Ohne Antwort"), func(p *Position) { p.Answers = nil }), &t.NoAnswers),
		paid(with(running(""), func(p *Position) { p.Answers = nil }), &t.NoName),
		paid(with(running(`Jürgen Groß-Østergård 🎙 <b>"x"</b>`), func(p *Position) { p.says("RUFZEICHEN", "DL/OE1ÄÖ/p") }), &t.Awkward),
		two(Order{}, running("Anton Paar"), running("Berta Paar"), &t.TwoPeople[0], &t.TwoPeople[1]),
		two(Order{}, running("Zwei Termine"), on(w.Dates.Future, "Zwei Termine"), &t.TwoDates[0], &t.TwoDates[1]),
		paid(on(w.Dates.Yesterday, "Yannick Gestern"), &t.ForYesterday),
		paid(on(w.Dates.Soon, "Sofie Bald"), &t.ForSoon),
		paid(on(w.Dates.Tomorrow, "Mona Morgen"), &t.ForTomorrow),
		paid(on(w.Dates.NoEnd, "Olaf Offen"), &t.ForNoEnd),
		paid(running("Nora Nonce"), &t.UsedYesterday),
		one(Order{Status: "n"}, running("Peter Offen"), &t.Pending),
		one(Order{Status: "n", ValidIfPending: true}, running("Vera Gültig"), &t.ValidIfPending),
		one(Order{Status: "n", RequireApproval: true}, running("Uwe Ungenehmigt"), &t.Unapproved),
		one(Order{Status: "e", Expires: now.Add(-day)}, running("Ewa Abgelaufen"), &t.Expired),
		one(Order{Status: "c", Cancelled: now.Add(-day)}, running("Carl Storno"), &t.CanceledOrder),
		two(Order{}, running("Bea Bleibt"), with(running("Stefan Storno"), func(p *Position) { p.Canceled = true }), &t.Remaining, &t.CanceledTicket),
		paid(with(running("Bruno Blockiert"), func(p *Position) { p.Blocked = []string{"admin"} }), &t.Blocked),
		one(Order{TestMode: true}, running("Test Modus"), &t.TestMode),
		paid(with(running("Zita Zukunft"), func(p *Position) { p.ValidFrom = now.Add(2 * day) }), &t.NotYetValid),
		paid(with(running("Gerd Gestern"), func(p *Position) { p.ValidUntil = now.Add(-day) }), &t.NoLongerValid),
		paid(with(running("Sabine Spende"), func(p *Position) { p.Item, p.Answers = w.OtherItem, nil }), &t.WrongProduct),
		paid(running("Rita Neu"), &t.SecretReplaced),
	} {
		st.order.Code = fmt.Sprintf("TRF%02d", n+1)
		w.book(s, now, st)
	}
	w.use(s, now)
	t.Fresh = make([]Ticket, 20)
	for n := range t.Fresh {
		w.book(s, now, one(Order{Code: fmt.Sprintf("FR%03d", n+1)}, running(fmt.Sprintf("Gast %02d", n+1)), &t.Fresh[n]))
	}
}

// ticket is the usual one: a name, and consent given.
func (w *Series) ticket(date int, name string) Position {
	return Position{Item: w.Item, SubEvent: date, AttendeeName: name, Answers: []Answer{{"VIDEOCONSENT", "YES"}}}
}

func (p *Position) says(question, value string) {
	p.Answers = append(p.Answers, Answer{question, value})
}

func (w *Series) book(s *Server, now time.Time, st story) {
	st.order.Positions = st.tickets
	st.order.Datetime = now.Add(-3 * 24 * time.Hour)
	booked := s.AddOrder(w.Event, st.order)
	for n, name := range st.names {
		*name = named(booked, n)
	}
}

// use adds what happened before the clock was started.
func (w *Series) use(s *Server, now time.Time) {
	t := &w.SeriesTickets
	used := Checkin{Position: t.UsedYesterday.Position, List: w.Lists.Series, At: now.Add(-24 * time.Hour)}
	s.within(w.Event, func(e *event) int {
		used.Nonce = used.At.In(e.zone).Format(time.DateOnly)
		return 0
	})
	s.AddCheckin(used)
	t.RevokedSecret = madeUp("old secret", 32, lower)
	s.AddRevokedSecret(w.Event, t.RevokedSecret, t.SecretReplaced.Position)
}
