package pretixsim

import (
	_ "embed"
	"fmt"
	"strings"
	"time"
)

const (
	day = 24 * time.Hour

	rigSignatureKey = "LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KTUNvd0JRWURLMlZ3QXlFQVZJL0hiRjNGcjR2WlpzVGFBK1NjWDFuUW9aODQybWRxZ2pUYnFIT2I3MFE9Ci0tLS0tRU5EIFBVQkxJQyBLRVktLS0tLQo="
)

// rigBulk holds the bulk orders of event conf: status, then one letter per position (r regular, e reduced, h helper).
//
//go:embed testdata/bulk.txt
var rigBulk string

// rig builds the world in which the exchanges were recorded: same ids, same secrets.
type rig struct {
	*Server
	at time.Time // to which all dates were moved before recording
}

func german(text string) Text { return Text{"de": text, "en": text} }

func newRig(s *Server, at time.Time) {
	r := rig{Server: s, at: at}
	s.AddOrganizer(Organizer{Slug: "darc", Name: "DARC (rig)", MetaProperties: []string{"Teilnehmerlink", "Teilnahmelink"}})
	r.series()
	r.seriesOrders()
	r.conference()
	r.conferenceOrders()
	r.signed()
	r.access()
}

func (r rig) access() {
	rights := map[string]Team{
		"all":         {AllRights: true},
		"bridge":      {Events: []string{"gutschein"}, Rights: []string{OrdersRead, OrdersCheckin, SubEventsWrite, ItemsWrite}},
		"readonly":    {Rights: []string{OrdersRead}},
		"checkinonly": {Rights: []string{OrdersCheckin}},
		"noperm":      {},
		"otherevent":  {Events: []string{"conf"}, AllRights: true},
		"inactive":    {Inactive: true},
	}
	for name, team := range rights {
		team.Token = rigToken("team:" + name)
		r.AddTeam(team)
	}
	conf, series := []string{"conf"}, []string{"gutschein"}
	for n, d := range []Device{
		{Name: "full"},
		{Name: "pretixscan", Profile: "pretixscan"},
		{Name: "noorders", Profile: "pretixscan_online_noorders"},
		{Name: "kiosk", Profile: "pretixscan_online_kiosk"},
		{Name: "confonly", Profile: "pretixscan", Events: conf, Gate: 1},
		{Name: "seriesonly", Events: series},
		{Name: "revokedinit", Revoked: true},
		{Name: "spare1", Profile: "pretixscan"},
		{Name: "spare2", Profile: "pretixscan"},
		{Name: "spare3", Profile: "pretixscan"},
		{Name: "ready_full"},
		{Name: "ready_pretixscan", Profile: "pretixscan"},
		{Name: "ready_noorders", Profile: "pretixscan_online_noorders"},
		{Name: "ready_kiosk", Profile: "pretixscan_online_kiosk"},
		{Name: "ready_gate", Profile: "pretixscan", Events: conf, Gate: 1},
		{Name: "ready_revoked", Revoked: true},
	} {
		// Three devices of another organizer came first.
		d.ID, d.DeviceID, d.InitToken, d.Serial = 4+n, 1+n, madeUp("init "+d.Name, 16, lower), madeUp("serial "+d.Name, 16, lower)
		if strings.HasPrefix(d.Name, "ready_") {
			d.Token = rigToken("device:" + d.Name)
		}
		d.Name = "rig " + d.Name
		r.AddDevice(d)
	}
}

func rigToken(role string) string {
	return madeUp(strings.Replace(role, ":", " ", 1), 64, lower)
}

func (r rig) series() {
	r.AddEvent(Event{
		Slug: "gutschein", Name: Text{"de": "Gutschein", "en": "Voucher"}, HasSubEvents: true,
		DateFrom: r.at.Add(-30 * day), Meta: map[string]string{"Teilnehmerlink": "https://treff.example/r/default"},
	})
	r.AddItem("gutschein", Item{
		Name: Text{"de": "Teilnahme", "en": "Participation"}, RequireVoucher: true, GenerateTickets: true,
	})
	for _, d := range []struct {
		key, name     string
		start, length time.Duration
	}{
		{"past", "Antennenbau", -7 * day, 2 * time.Hour},
		{"yesterday", "Notfunk", -day, 2 * time.Hour},
		{"running", "Amateurfunk für Einsteiger", -30 * time.Minute, 2 * time.Hour},
		{"soon", "Morsen lernen", 20 * time.Minute, 2 * time.Hour},
		{"tomorrow", "SDR-Workshop", day, 2 * time.Hour},
		{"future", "Contest-Betrieb", 14 * day, 3 * time.Hour},
		{"noend", "Offene Runde", 2 * day, 0},
		{"inactive", "Entwurf", 21 * day, 2 * time.Hour},
	} {
		link := "https://treff.example/r/" + d.key
		date := SubEvent{
			Name: german(d.name), DateFrom: r.at.Add(d.start), Inactive: d.key == "inactive",
			Meta: map[string]string{"Teilnahmelink": link + "/join"},
		}
		if d.length > 0 {
			date.DateTo = date.DateFrom.Add(d.length)
			date.Meta["Teilnehmerlink"] = link
		}
		id := r.AddSubEvent("gutschein", date)
		r.AddQuota("gutschein", Quota{Name: "Teilnahme " + d.key, Items: []int{1}, SubEvent: id})
	}
	r.AddQuestion("gutschein", Question{Identifier: "RUFZEICHEN", Question: Text{"de": "Rufzeichen", "en": "Callsign"}, Items: []int{1}})
	r.AddQuestion("gutschein", Question{
		Identifier: "VIDEOCONSENT", Type: "B", Required: true, Items: []int{1}, Position: 1,
		Question: Text{"de": "Ich bin mit der Videoaufzeichnung einverstanden", "en": "I consent to video recording"},
	})
	r.AddList("gutschein", List{Name: "Teilnahme"})
	r.AddList("gutschein", List{Name: "Nur laufender Termin", SubEvent: 3})
	r.AddList("gutschein", List{Name: "Mehrfach", AllowMultipleEntries: true})
	r.AddList("gutschein", List{Name: "Auch unbezahlt", IncludePending: true})
}

// rigTicket is a position of the series.
func rigTicket(date int, name, call, video string) Position {
	p := Position{Item: 1, SubEvent: date, AttendeeName: name, Voucher: 1}
	if video != "" {
		p.Answers = append(p.Answers, Answer{"VIDEOCONSENT", video})
	}
	if call != "" {
		p.Answers = append(p.Answers, Answer{"RUFZEICHEN", call})
	}
	return p
}

func (r rig) seriesOrders() {
	const past, yesterday, running, soon, tomorrow, future = 1, 2, 3, 4, 5, 6
	add := func(code string, o Order, positions ...Position) []Position {
		o.Code, o.Positions = code, positions
		o.Datetime = r.at.Add(-3 * day)
		if o.Expires.IsZero() {
			o.Expires = r.at.Add(14 * day)
		}
		return r.AddOrder("gutschein", o).Positions
	}
	plain := func(name string) Position { return rigTicket(running, name, "", "True") }
	with := func(p Position, change func(*Position)) Position { change(&p); return p }

	add("TRF01", Order{}, rigTicket(running, "Erika Musterfrau", "DL1ABC", "True"))
	add("TRF02", Order{}, rigTicket(running, "Max Mustermann", "DK2XY", "True"), rigTicket(future, "Max Mustermann", "DK2XY", "True"))
	add("TRF03", Order{}, rigTicket(past, "Anna Beispiel", "", "True"), rigTicket(running, "Anna Beispiel", "", "False"), rigTicket(tomorrow, "Anna Beispiel", "", "True"))
	add("TRF04", Order{Status: "n"}, rigTicket(running, "Peter Offen", "DO4PO", "True"))
	add("TRF05", Order{Status: "e", Expires: r.at.Add(-day)}, plain("Ewa Abgelaufen"))
	add("TRF06", Order{Status: "c", Cancelled: r.now().Truncate(time.Minute).Add(-day)}, plain("Carl Storno"))
	add("TRF07", Order{}, plain("Bea Bleibt"), with(plain("Stefan Storno"), func(p *Position) { p.Canceled = true }))
	add("TRF08", Order{}, with(plain("Bruno Blockiert"), func(p *Position) { p.Blocked = []string{"admin"} }))
	rita := add("TRF09", Order{}, plain("Rita Neu"))
	r.AddRevokedSecret("gutschein", madeUp("old secret TRF09", 32, lower), rita[0].ID)
	add("TRF10", Order{Status: "n", ValidIfPending: true}, plain("Vera Gueltig"))
	add("TRF11", Order{Status: "n", RequireApproval: true}, plain("Uwe Ungenehmigt"))
	add("TRF12", Order{}, with(plain("Zita Zukunft"), func(p *Position) { p.ValidFrom = r.at.Add(2 * day) }))
	add("TRF13", Order{}, with(plain("Gerd Gestern"), func(p *Position) { p.ValidUntil = r.at.Add(-day) }))
	add("TRF14", Order{}, rigTicket(running, "", "", ""))
	add("TRF15", Order{}, rigTicket(running, `Jürgen Groß-Østergård 🎙 <b>"x"</b>`, "DL/OE1ÄÖ/p", "True"))
	nora := add("TRF16", Order{}, rigTicket(running, "Nora Nonce", "DL7NN", "True"))
	r.AddCheckin(Checkin{Position: nora[0].ID, List: 1, At: r.at.Add(-day), Nonce: "2026-11-22"})
	add("TRF17", Order{}, plain("Anton Paar"), plain("Berta Paar"))
	add("TRF18", Order{}, rigTicket(soon, "Sofie Bald", "DB1SB", "True"))
	add("TRF19", Order{}, rigTicket(yesterday, "Yannick Gestern", "DC1YG", "True"))
	add("TRF20", Order{TestMode: true}, plain("Test Modus"))
	for i := 1; i <= 60; i++ {
		call := fmt.Sprintf("DN%d%s", i%10, strings.ToUpper(madeUp(fmt.Sprint(i), 2, lower)))
		add(fmt.Sprintf("FR%03d", i), Order{}, rigTicket(running, fmt.Sprintf("Gast %02d", i), call, "True"))
	}
}

func (r rig) conference() {
	r.AddEvent(Event{
		Slug: "conf", Name: Text{"de": "Funktagung", "en": "Radio Conference"}, DateFrom: r.at.Add(-2 * time.Hour),
		DateTo: r.at.Add(8 * time.Hour), DateAdmission: r.at.Add(-3 * time.Hour),
		SeatingPlan: 1, SeatCategories: map[string]int{"VIP": 3},
	})
	r.AddCategory("conf", Category{Name: german("Tickets")})
	r.AddCategory("conf", Category{Name: german("Workshops"), IsAddon: true, Position: 1})
	for n, i := range []Item{
		{Name: german("Eintritt"), Price: "30.00", Category: 1, AddonCategories: []int{2}, Variations: []Variation{
			{Value: Text{"de": "Regulär", "en": "Regular"}, Price: "30.00"},
			{Value: Text{"de": "Ermäßigt", "en": "Reduced"}, Price: "15.00", CheckinAttention: true, CheckinText: "Ausweis prüfen"},
		}},
		{Name: german("VIP"), Price: "99.00", Category: 1, CheckinAttention: true, CheckinText: "VIP-Bändchen ausgeben"},
		{Name: german("Helfer"), Category: 1},
		{Name: german("T-Shirt"), Price: "20.00", NoAdmission: true},
		{Name: german("Workshop Löten"), Price: "5.00", Category: 2, NoAdmission: true},
		{Name: german("Workshop Peilen"), Price: "5.00", Category: 2, NoAdmission: true},
	} {
		i.Position = n
		id := r.AddItem("conf", i)
		size := 20000
		r.AddQuota("conf", Quota{Name: fmt.Sprintf("Quota %d", id), Size: &size, Items: []int{id}})
	}
	vip, both := []int{3}, []int{2, 3}
	for n, q := range []Question{
		{Identifier: "RUFZEICHEN", Question: german("Rufzeichen"), Items: both},
		{Identifier: "HAUSORDNUNG", Question: german("Hausordnung gelesen?"), Type: "B", Required: true, AskDuringCheckin: true, Items: vip},
		{Identifier: "ESSEN", Question: german("Essen"), Type: "C", AskDuringCheckin: true, Items: vip, Options: []Option{
			{Identifier: "VEG", Answer: Text{"de": "Vegetarisch", "en": "Vegetarian"}},
			{Identifier: "FLEISCH", Answer: Text{"de": "Fleisch", "en": "Meat"}, Position: 1},
		}},
		{Identifier: "INTERESSEN", Question: german("Interessen"), Type: "M", AskDuringCheckin: true, Items: vip, Options: []Option{
			{Identifier: "HF", Answer: german("Kurzwelle")}, {Identifier: "UHF", Answer: german("UHF")}, {Identifier: "SAT", Answer: german("Satellit")},
		}},
		{Identifier: "BEGLEITUNG", Question: german("Anzahl Begleitpersonen"), Type: "N", AskDuringCheckin: true, Items: vip},
		{Identifier: "KENNZEICHEN", Question: german("Kfz-Kennzeichen"), ShowDuringCheckin: true, Items: both},
	} {
		q.Position = n
		r.AddQuestion("conf", q)
	}
	for _, kind := range []string{"categories", "questions"} {
		delete(r.db.event("conf").logged, kind) // made without an entry in the event's log
	}
	r.AddBadgeLayout("conf", BadgeLayout{Name: "Standard", Default: true, Layout: []any{map[string]any{
		"type": "textarea", "left": "13.09", "bottom": "49.73", "fontsize": "23.6", "color": []int{0, 0, 0, 1},
		"fontfamily": "Open Sans", "bold": true, "italic": false, "width": "121.83", "content": "attendee_name",
		"text": "Max Mustermann", "align": "center",
	}}})
	r.SetBadge("conf", 4, 0)
	r.SetBadge("conf", 3, 1)
	for _, l := range []List{
		{Name: "Einlass"},
		{Name: "Nur Eintritt", LimitProducts: []int{2}},
		{Name: "Workshop Löten", LimitProducts: []int{6}, AddonMatch: true},
		{Name: "Alle Workshops", LimitProducts: []int{6, 7}, AddonMatch: true},
		{Name: "Mehrfach", AllowMultipleEntries: true},
		{Name: "Ein und Aus"},
		{Name: "Kein Wiedereintritt", NoEntryAfterExit: true},
		{Name: "Auch unbezahlt", IncludePending: true},
		{Name: "Einmal täglich", AllowMultipleEntries: true, Rules: rule(`{"<": [{"var": "entries_today"}, 1]}`)},
		{Name: "Nur während der Tagung", Rules: rule(`{"and": [{"isAfter": [{"var": "now"}, {"buildTime": ["date_from"]}, 30]},
			{"isBefore": [{"var": "now"}, {"buildTime": ["date_to"]}, null]}]}`)},
		{Name: "Regel: nur VIP", Rules: rule(`{"inList": [{"var": "product"}, {"objectList": [{"lookup": ["product", "3", "VIP"]}]}]}`)},
		{Name: "Leere Liste", LimitProducts: []int{}},
	} {
		r.AddList("conf", l)
	}
}

func (r rig) conferenceOrders() {
	const eintritt, vip, helfer, shirt, ws1, ws2, regular, reduced = 2, 3, 4, 5, 6, 7, 1, 2
	add := func(code, status string, positions ...Position) {
		o := Order{Code: code, Status: status, Positions: positions, Datetime: r.at.Add(-3 * day), Expires: r.at.Add(14 * day)}
		if code == "CONF1" {
			o.InvoiceAddress = &Address{"Erika Musterfrau", "Lindenallee 6", "34225", "Baunatal", "DE"}
		}
		added := r.AddOrder("conf", o)
		if code == "CONF7" {
			r.AddMedium(Medium{Identifier: "RIG-MEDIUM-0001", Positions: []int{added.Positions[0].ID}})
			r.AddMedium(Medium{Identifier: "RIG-MEDIUM-EMPTY"})
		}
	}
	entry := func(name string, variation int, answers ...Answer) Position {
		price := map[int]string{regular: "30.00", reduced: "15.00"}[variation]
		return Position{Item: eintritt, Variation: variation, Price: price, AttendeeName: name, Answers: answers}
	}
	addon := func(item int) Position { return Position{Item: item, Price: "5.00", AddonTo: 1} }
	seat := func(n int) *Seat {
		return &Seat{ID: n, Name: fmt.Sprintf("Saal, Reihe A, Platz %d", n), GUID: fmt.Sprintf("A-%d", n), Zone: "Saal", Row: "A", Number: fmt.Sprint(n)}
	}
	add("CONF1", "p", entry("Erika Musterfrau", regular, Answer{"RUFZEICHEN", "DL1ABC"}, Answer{"KENNZEICHEN", "KS-DL 1"}),
		addon(ws1), Position{Item: shirt, Price: "20.00"})
	add("CONF2", "p", entry("Max Mustermann", reduced), addon(ws1), addon(ws2))
	add("CONF3", "p", Position{Item: vip, Price: "99.00", AttendeeName: "Vera VIP", Seat: seat(1)})
	add("CONF4", "p", Position{Item: vip, Price: "99.00", AttendeeName: "Viktor VIP", Seat: seat(2), Answers: []Answer{
		{"HAUSORDNUNG", "True"}, {"ESSEN", "VEG"}, {"BEGLEITUNG", "2"},
	}})
	add("CONF5", "n", entry("Otto Offen", regular))
	add("CONF6", "c", entry("Carla Storno", regular))
	add("CONF7", "p", Position{Item: helfer, AttendeeName: "Hilde Helfer"})
	var group []Position
	for i := 1; i <= 5; i++ {
		group = append(group, entry(fmt.Sprintf("Gruppe %d", i), regular))
	}
	add("CONF8", "p", group...)
	add("CONF9", "e", entry("Ewald Expired", regular))
	r.bulk(map[rune]Position{'r': entry("Bulk", regular), 'e': entry("Bulk", reduced), 'h': {Item: helfer, AttendeeName: "Bulk"}})
}

func (r rig) bulk(kinds map[rune]Position) {
	for n, word := range strings.Fields(rigBulk) {
		o := Order{Code: fmt.Sprintf("B%05d", n), Status: word[:1], Datetime: r.at.Add(-time.Duration(n+60) * time.Minute)}
		for _, kind := range word[1:] {
			o.Positions = append(o.Positions, kinds[kind])
		}
		r.AddOrder("conf", o)
	}
}

func (r rig) signed() {
	r.AddEvent(Event{
		Slug: "sig", Name: Text{"de": "Signiert", "en": "Signed"}, DateFrom: r.at.Add(-time.Hour), DateTo: r.at.Add(8 * time.Hour),
		SignatureKeys: []string{rigSignatureKey},
	})
	item := r.AddItem("sig", Item{Name: german("Ticket")})
	r.AddQuota("sig", Quota{Name: "Alle", Items: []int{item}})
	r.AddList("sig", List{Name: "Einlass"})
	for n, secret := range rigSignedSecrets {
		p := Position{Item: item, AttendeeName: fmt.Sprintf("Signiert %d", n+1), Secret: secret}
		r.AddOrder("sig", Order{Code: fmt.Sprintf("SIG0%d", n+1), Datetime: r.at.Add(-3 * day), Positions: []Position{p}})
	}
	r.AddRevokedSecret("sig", rigRevokedSignedSecret, 2105)
}

// Signed secrets are text to the simulator: it finds them, it does not check them.
const rigRevokedSignedSecret = "=IwVBB8r0VfCGPxtQ+r5L4u6UMwVqg+qGXFfQZWzjmvgMy0mEyadNB9x0u8skOOyR7TzHuKK6ZBHWNognOb0XhGAwAAKIAxdxNHdmZnNyVWCKAEARAQA"

var rigSignedSecrets = []string{
	"=0AZ5xa/bzjGrscmSQL93lQr7uVAzxtYvJoUoZldG7dgmsg9sxE7RrHLZe67R7rzxs7OQye2JzaFnl6x/4nSzFOAwAAKIABZ2Una1And5VTCKAEARAQA",
	"=gwLHxsRjI/C0xwmA0K14ToooVKJGibHwrhZIy56axFaNb3Cabo4jNDn08N8F0GWBZjOgW3UQOxX0BTZKMI1ApHAwAAKIAheuJDZtNDZ1JTCKAEARAQA",
	"=wg4acQU+p3IeNPHxr3NBAfWniGYbO0dEp5wRtGhmsMAwG7TVKkx2HVzaau4/qInesQ7IbipXIVHv4mqC04MfRNAwAAKIARO2MTb2EmbxdXCKAEARAQA",
	"=Mw85XBZmp98i8MLcp2rYjOsOHol+oHY99W6FFSsNAA7i55RmoCjv+MXHAh7Pk6OAaw7xLg2k5s75o8rQ2jHk6NAwAAKIAxN0U2NkVWY5RXCKAEARAQA",
	"OYmSg39wZPUaOhRYeLTmZzp3UAr5+suFbST2yoXhXEu9yx9nfE/I22Hfe564Y4+Ccm/zVE9wflaP43HzaZaisZQ2zmL9wAAKIAxZodzc4NDZ44WCKAEAVAQA",
}
