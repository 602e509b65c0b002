package pretix_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/pretixsim"
)

// simulatedWorld tells the simulator what e2e/rig/seed.py tells a real pretix, as far as the contract looks.
func simulatedWorld(t *testing.T) *contractWorld {
	w := &contractWorld{
		seeded: time.Date(2026, 12, 1, 19, 0, 0, 0, time.UTC),
		tokens: map[string]string{}, devices: map[string]string{}, dates: map[string]int64{}, items: map[string]int64{}, lists: map[string]int64{},
	}
	sim := pretixsim.New(pretixsim.Options{Now: w.at})
	seed := contractSeed{sim, w}
	sim.AddOrganizer(pretixsim.Organizer{
		Slug: "darc", Name: "DARC (rig)", MetaProperties: []string{"Teilnehmerlink", "Teilnahmelink"},
	})
	seed.series()
	seed.orders()
	seed.conference()
	seed.teams()
	seed.devices()
	w.address = listen(t, sim.Handler().ServeHTTP)
	t.Cleanup(func() {
		for _, p := range sim.Problems() {
			if !strings.Contains(p, crashes) {
				t.Errorf("the simulator complains: %s", p)
			}
		}
	})
	return w
}

type contractSeed struct {
	*pretixsim.Server
	world *contractWorld
}

func (s contractSeed) teams() {
	bridge := []string{pretixsim.OrdersRead, pretixsim.OrdersCheckin, pretixsim.SubEventsWrite, pretixsim.ItemsWrite}
	for name, team := range map[string]pretixsim.Team{
		"all":         {AllRights: true},
		"bridge":      {Events: []string{series}, Rights: bridge},
		"readonly":    {Rights: []string{pretixsim.OrdersRead}},
		"checkinonly": {Rights: []string{pretixsim.OrdersCheckin}},
		"noperm":      {},
		"otherevent":  {Events: []string{conference}, AllRights: true},
		"inactive":    {Inactive: true},
	} {
		team.Token = "contract-token-of-team-" + name
		s.AddTeam(team)
		s.world.tokens[name] = team.Token
	}
}

func (s contractSeed) devices() {
	for name, d := range map[string]pretixsim.Device{
		"ready_pretixscan": {Profile: "pretixscan"},
		"ready_noorders":   {Profile: "pretixscan_online_noorders"},
		"ready_gate":       {Profile: "pretixscan", Events: []string{conference}},
		"ready_revoked":    {Revoked: true},
	} {
		d.Token = "contract-token-of-device-" + name
		s.AddDevice(d)
		s.world.devices[name] = d.Token
	}
}

func (s contractSeed) series() {
	T, w := s.world.seeded, s.world
	s.AddEvent(pretixsim.Event{
		Slug: series, Name: pretixsim.Text{"de": "Gutschein", "en": "Voucher"}, HasSubEvents: true,
		DateFrom: T.Add(-30 * 24 * time.Hour), Meta: map[string]string{"Teilnehmerlink": "https://treff.example/r/default"},
	})
	w.items["Teilnahme"] = int64(s.AddItem(series, pretixsim.Item{
		Name: pretixsim.Text{"de": "Teilnahme", "en": "Participation"}, RequireVoucher: true, GenerateTickets: true,
	}))
	for _, d := range contractDates {
		date := pretixsim.SubEvent{
			Name: pretixsim.Text{"de": d.name, "en": d.name}, DateFrom: T.Add(d.in), Inactive: d.key == "inactive",
			Meta: map[string]string{"Teilnahmelink": "https://treff.example/r/" + d.key + "/join"},
		}
		if d.lasts > 0 {
			date.DateTo = date.DateFrom.Add(d.lasts)
			date.Meta["Teilnehmerlink"] = "https://treff.example/r/" + d.key
		}
		w.dates[d.key] = int64(s.AddSubEvent(series, date))
	}
	items := []int{int(w.items["Teilnahme"])}
	s.AddQuestion(series, pretixsim.Question{
		Identifier: "RUFZEICHEN", Question: pretixsim.Text{"de": "Rufzeichen", "en": "Callsign"}, Items: items,
	})
	s.AddQuestion(series, pretixsim.Question{
		Identifier: "VIDEOCONSENT", Type: "B", Required: true, Items: items, Position: 1, Question: pretixsim.Text{
			"de": "Ich bin mit der Videoaufzeichnung einverstanden", "en": "I consent to video recording",
		},
	})
	s.list(series, "series", pretixsim.List{Name: "Teilnahme"})
	s.list(series, "running_only", pretixsim.List{Name: "Nur laufender Termin", SubEvent: int(w.dates["running"])})
	s.list(series, "multi", pretixsim.List{Name: "Mehrfach", AllowMultipleEntries: true})
	s.list(series, "pending", pretixsim.List{Name: "Auch unbezahlt", IncludePending: true})
}

func (s contractSeed) list(event, key string, l pretixsim.List) {
	s.world.lists[key] = int64(s.AddList(event, l))
}

// ticket is a position of the series; an empty consent is no answer.
func (s contractSeed) ticket(date, name, callsign, consent string) pretixsim.Position {
	p := pretixsim.Position{
		Item: int(s.world.items["Teilnahme"]), SubEvent: int(s.world.dates[date]), AttendeeName: name, Voucher: 1,
	}
	if consent != "" {
		p.Answers = append(p.Answers, pretixsim.Answer{Question: "VIDEOCONSENT", Value: consent})
	}
	if callsign != "" {
		p.Answers = append(p.Answers, pretixsim.Answer{Question: "RUFZEICHEN", Value: callsign})
	}
	return p
}

func (s contractSeed) orders() {
	T, day := s.world.seeded, 24*time.Hour
	yes := func(date, name string) pretixsim.Position { return s.ticket(date, name, "", "True") }
	sold := map[string]pretixsim.Order{
		"TRF01": {Positions: []pretixsim.Position{s.ticket("running", "Erika Musterfrau", "DL1ABC", "True")}},
		"TRF03": {Positions: []pretixsim.Position{
			yes("past", "Anna Beispiel"), s.ticket("running", "Anna Beispiel", "", "False"), yes("tomorrow", "Anna Beispiel"),
		}},
		"TRF04": {Status: "n", Positions: []pretixsim.Position{s.ticket("running", "Peter Offen", "DO4PO", "True")}},
		"TRF05": {Status: "e", Positions: []pretixsim.Position{yes("running", "Ewa Abgelaufen")}, Expires: T.Add(-day)},
		"TRF06": {Status: "c", Positions: []pretixsim.Position{yes("running", "Carl Storno")}, Cancelled: T.Add(-day)},
		"TRF07": {Positions: []pretixsim.Position{yes("running", "Bea Bleibt"), yes("running", "Stefan Storno")}},
		"TRF08": {Positions: []pretixsim.Position{yes("running", "Bruno Blockiert")}},
		"TRF09": {Positions: []pretixsim.Position{yes("running", "Rita Neu")}},
		"TRF10": {Status: "n", ValidIfPending: true, Positions: []pretixsim.Position{yes("running", "Vera Gueltig")}},
		"TRF11": {Status: "n", RequireApproval: true, Positions: []pretixsim.Position{yes("running", "Uwe Ungenehmigt")}},
		"TRF12": {Positions: []pretixsim.Position{yes("running", "Zita Zukunft")}},
		"TRF13": {Positions: []pretixsim.Position{yes("running", "Gerd Gestern")}},
		"TRF14": {Positions: []pretixsim.Position{s.ticket("running", "", "", "")}},
		"TRF15": {Positions: []pretixsim.Position{s.ticket("running", awkwardName, "DL/OE1ÄÖ/p", "True")}},
		"TRF16": {Positions: []pretixsim.Position{s.ticket("running", "Nora Nonce", "DL7NN", "True")}},
		"TRF19": {Positions: []pretixsim.Position{s.ticket("yesterday", "Yannick Gestern", "DC1YG", "True")}},
		"TRF20": {TestMode: true, Positions: []pretixsim.Position{yes("running", "Test Modus")}},
	}
	sold["TRF07"].Positions[1].Canceled = true
	sold["TRF08"].Positions[0].Blocked = []string{"admin"}
	sold["TRF12"].Positions[0].ValidFrom = T.Add(2 * day)
	sold["TRF13"].Positions[0].ValidUntil = T.Add(-day)
	for n := 1; n <= 20; n++ {
		code := fmt.Sprintf("FR%03d", n)
		sold[code] = pretixsim.Order{Positions: []pretixsim.Position{s.ticket("running", fmt.Sprintf("Gast %02d", n), "", "True")}}
		s.world.fresh = append(s.world.fresh, code)
	}
	for _, code := range slices.Sorted(maps.Keys(sold)) {
		o := sold[code]
		o.Code = code
		s.happen(code, s.AddOrder(series, o).Positions[0].ID)
	}
}

// happen adds what was done to tickets before.
func (s contractSeed) happen(code string, position int) {
	switch code {
	case "TRF09":
		s.world.revoked = pretix.TicketSecret("an-older-secret-of-it")
		s.AddRevokedSecret(series, s.world.revoked.Reveal(), position)
	case "TRF16":
		s.AddCheckin(pretixsim.Checkin{
			Position: position, List: int(s.world.lists["series"]), At: s.world.seeded.Add(-24 * time.Hour), Nonce: "yesterday",
		})
	}
}

func (s contractSeed) conference() {
	w := s.world
	s.AddEvent(pretixsim.Event{
		Slug: conference, Name: pretixsim.Text{"de": "Funktagung", "en": "Radio Conference"},
		DateFrom: w.seeded.Add(-2 * time.Hour), DateTo: w.seeded.Add(8 * time.Hour),
	})
	s.AddCategory(conference, pretixsim.Category{Name: pretixsim.German("Tickets")})
	for _, key := range []string{"eintritt", "vip", "shirt"} {
		w.items[key] = int64(s.AddItem(conference, pretixsim.Item{Name: pretixsim.German(key)}))
	}
	vip := int(w.items["vip"])
	s.AddQuestion(conference, pretixsim.Question{
		Identifier: "HAUSORDNUNG", Type: "B", Required: true, AskDuringCheckin: true, Items: []int{vip},
		Question: pretixsim.German("Hausordnung gelesen?"),
	})
	s.list(conference, "einlass", pretixsim.List{Name: "Einlass"})
	s.list(conference, "tagungsraum", pretixsim.List{Name: "Nur Eintritt", LimitProducts: []int{int(w.items["eintritt"])}})
	s.list(conference, "nurvip", pretixsim.List{Name: "Regel: nur VIP", Rules: map[string]any{"inList": []any{
		map[string]any{"var": "product"},
		map[string]any{"objectList": []any{map[string]any{"lookup": []any{"product", fmt.Sprint(vip), "VIP"}}}},
	}}})
	s.AddOrder(conference, pretixsim.Order{Code: "CONF1", Positions: []pretixsim.Position{
		{Item: int(w.items["eintritt"]), AttendeeName: "Erika Musterfrau"}, {Item: int(w.items["shirt"])}, {Item: int(w.items["shirt"])},
	}})
	s.SetBadge(conference, vip, s.AddBadgeLayout(conference, pretixsim.BadgeLayout{Name: "Standard", Default: true}))
	vera := s.AddOrder(conference, pretixsim.Order{Code: "CONF3", Positions: []pretixsim.Position{{Item: vip, AttendeeName: "Vera VIP"}}})
	s.AddMedium(pretixsim.Medium{Identifier: "RIG-MEDIUM-0001", Positions: []int{vera.Positions[0].ID}})
}
