package pretix_test

import (
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

const awkwardName = `Jürgen Groß-Østergård 🎙 <b>"x"</b>`

// contractOrders: with the bridge's rights an order shows all that decides about entry.
func contractOrders(t *testing.T, w *contractWorld) {
	c := w.as(t, "bridge")
	from, until, used := w.seeded.Add(48*time.Hour), w.seeded.Add(-24*time.Hour), w.seeded.Add(-24*time.Hour)
	plain := contractOrder{status: pretix.StatusPaid, positions: []contractPosition{{date: "running", consent: "True"}}}
	with := func(change func(*contractOrder, *contractPosition)) contractOrder {
		o := plain
		o.positions = []contractPosition{plain.positions[0]}
		change(&o, &o.positions[0])
		return o
	}
	for code, want := range map[string]contractOrder{
		"TRF01": with(func(_ *contractOrder, p *contractPosition) { p.name, p.callsign = "Erika Musterfrau", "DL1ABC" }),
		"TRF03": with(func(o *contractOrder, p *contractPosition) {
			p.date, p.name = "past", "Anna Beispiel"
			o.positions = append(o.positions, contractPosition{date: "running", name: p.name, consent: "False"},
				contractPosition{date: "tomorrow", name: p.name, consent: "True"})
		}),
		"TRF04": with(func(o *contractOrder, p *contractPosition) {
			o.status, p.name, p.callsign = "n", "Peter Offen", "DO4PO"
		}),
		"TRF05": with(func(o *contractOrder, p *contractPosition) { o.status, p.name = "e", "Ewa Abgelaufen" }),
		"TRF06": with(func(o *contractOrder, p *contractPosition) { o.status, p.name = "c", "Carl Storno" }), // its position is not
		"TRF07": with(func(o *contractOrder, p *contractPosition) {
			p.name = "Bea Bleibt"
			o.positions = append(o.positions, contractPosition{date: "running", name: "Stefan Storno", consent: "True", canceled: true})
		}),
		"TRF08": with(func(_ *contractOrder, p *contractPosition) { p.name, p.blocked = "Bruno Blockiert", []string{"admin"} }),
		"TRF10": with(func(o *contractOrder, p *contractPosition) { o.status, o.valid, p.name = "n", true, "Vera Gueltig" }),
		"TRF11": with(func(o *contractOrder, p *contractPosition) {
			o.status, o.approval, p.name = "n", true, "Uwe Ungenehmigt"
		}),
		"TRF12": with(func(_ *contractOrder, p *contractPosition) { p.name, p.from = "Zita Zukunft", &from }),
		"TRF13": with(func(_ *contractOrder, p *contractPosition) { p.name, p.until = "Gerd Gestern", &until }),
		"TRF14": with(func(_ *contractOrder, p *contractPosition) { p.consent = "" }),
		"TRF15": with(func(_ *contractOrder, p *contractPosition) { p.name, p.callsign = awkwardName, "DL/OE1ÄÖ/p" }),
		"TRF16": with(func(_ *contractOrder, p *contractPosition) { p.name, p.callsign, p.used = "Nora Nonce", "DL7NN", &used }),
		"TRF20": with(func(o *contractOrder, p *contractPosition) { o.testmode, p.name = true, "Test Modus" }),
	} {
		t.Run(code, func(t *testing.T) {
			got := must[pretix.Order](t)(c.Order(t.Context(), series, strings.ToLower(code)))
			checkOrder(t, w, code, got, want)
		})
	}
}

// contractOrder and contractPosition are what a seeded order says, without ids.
type contractOrder struct {
	status                    string
	testmode, approval, valid bool
	positions                 []contractPosition
}

type contractPosition struct {
	date, name, callsign string
	consent              string // "": not answered
	canceled             bool
	blocked              []string
	from, until          *time.Time
	used                 *time.Time // on list "series"
}

func checkOrder(t *testing.T, w *contractWorld, code string, got pretix.Order, want contractOrder) {
	t.Helper()
	same(t, "order", []any{got.Code, got.Event, got.Status, got.TestMode, got.RequireApproval, got.ValidIfPending, got.Locale},
		[]any{code, series, want.status, want.testmode, want.approval, want.valid, "de"})
	if got.URL == "" || got.LastModified.IsZero() {
		t.Error("the order has no address or no last_modified")
	}
	if len(got.Positions) != len(want.positions) {
		t.Fatalf("%d positions, want %d", len(got.Positions), len(want.positions))
	}
	for i, p := range got.Positions {
		checkPosition(t, w, p, want.positions[i], code, i+1)
	}
}

func checkPosition(t *testing.T, w *contractWorld, p pretix.Position, want contractPosition, code string, number int) {
	t.Helper()
	if p.ID == 0 || p.Secret == "" || p.PseudonymizationID == "" || p.SubEvent == nil {
		t.Fatalf("position without id, secrets or date: %+v", p)
	}
	same(t, "position", []any{p.Order, p.PositionID, p.Item, *p.SubEvent, p.AttendeeName, p.Canceled, p.Blocked, p.ValidFrom, p.ValidUntil},
		[]any{code, number, w.items["Teilnahme"], w.dates[want.date], want.name, want.canceled, want.blocked, want.from, want.until})
	for identifier, text := range map[string]string{"RUFZEICHEN": want.callsign, "VIDEOCONSENT": want.consent} {
		a, ok := p.Answer(identifier)
		if ok != (text != "") || a.Text != text || len(a.OptionIdentifiers) > 0 {
			t.Errorf("%s is answered %v with %+v, want %q", identifier, ok, a, text)
		}
	}
	if want.name != "" && (p.AttendeeNameParts["_scheme"] != "full" || p.AttendeeNameParts["full_name"] != want.name) {
		t.Errorf("name parts %v", p.AttendeeNameParts)
	}
	if want.used != nil {
		if len(p.Checkins) != 1 {
			t.Fatalf("check-ins %+v", p.Checkins)
		}
		c := p.Checkins[0]
		same(t, "check-in", []any{c.List, c.At, c.Type, c.AutoCheckedIn, c.Device}, []any{w.lists["series"], *want.used, pretix.Entry, false, (*int64)(nil)})
	}
}
