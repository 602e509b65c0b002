package scanproxy

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/scanproxy/rules"
)

var noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

// story is one scan at a small fair: a list for products 10 and 20, one paid ticket "anna" for product 10.
type story struct {
	Snapshot
	list    *List
	anna    *Ticket
	scan    Scan
	history History
}

func newStory() *story {
	s := &story{}
	s.list = &List{ID: 1, Event: "fair", Products: []int64{10, 20}}
	event := &Event{Slug: "fair", Items: map[int64]Item{10: {ID: 10, Name: Text{"en": "Day ticket"}}, 20: {ID: 20}, 30: {ID: 30}}}
	s.Events = map[string]*Event{"fair": event}
	s.Lists = map[Selection]*List{{Event: "fair", List: 1}: s.list}
	s.Tickets = []Ticket{{
		Event: "fair", ID: 101, PositionID: 1, Item: 10, Secret: "anna", AttendeeName: "Anna",
		Order: Order{Code: "ABC", Status: Paid},
	}}
	s.anna = &s.Tickets[0]
	s.scan = Scan{Selected: []Selection{{Event: "fair", List: 1}}, Code: "anna"}
	return s
}

func (s *story) decide(t *testing.T) Verdict {
	t.Helper()
	return Decide(s.gather(t))
}

func (s *story) gather(t *testing.T) Facts {
	t.Helper()
	f, err := Gather(context.Background(), &s.Snapshot, s.scan, noon)
	if err != nil {
		t.Fatal(err)
	}
	f.History = s.history
	return f
}

// signed puts a signed code of the fair into the scan; its order is not in the local copy.
func (s *story) signed(t *testing.T, payload ...byte) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	armored := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	s.Events["fair"].Keys = pretix.ParseSigningKeys([]string{base64.StdEncoding.EncodeToString(armored)})
	raw := append([]byte{1, 0, byte(len(payload)), 0, ed25519.SignatureSize}, payload...)
	text := []byte(base64.StdEncoding.EncodeToString(append(raw, ed25519.Sign(key, payload)...)))
	slices.Reverse(text)
	s.scan.Code = Code(text)
}

func mustRule(t *testing.T, text string) *rules.Rule {
	t.Helper()
	r, err := rules.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEveryRuleSpeaks tells a story for each rule of the table, and checks that none is left out.
func TestEveryRuleSpeaks(t *testing.T) {
	spoken := map[string]bool{"answers are kept from here on": true} // this one never decides
	stories := []struct {
		name string
		rule string
		want Type
		set  func(*story)
	}{
		{"first scan", "welcome", Valid, func(*story) {}},
		{"an exchange without connection", "exchange needs pretix", Error, func(s *story) { s.scan.Exchange = true }},
		{"two tickets with one secret", "secret of several tickets", Ambiguous, func(s *story) {
			s.Tickets = append(s.Tickets, Ticket{Event: "fair", ID: 102, Item: 10, Secret: "anna"})
		}},
		{"a card that was switched off", "medium not active", Invalid, func(s *story) {
			s.card(LinkedMedium{Positions: []int64{101}})
		}},
		{"last year's card", "medium expired", Invalid, func(s *story) {
			s.card(LinkedMedium{Medium: Medium{Active: true, Expires: noon.Add(-time.Second)}, Positions: []int64{101}})
		}},
		{"a switched off card whose number was revoked", "revoked", Revoked, func(s *story) {
			s.card(LinkedMedium{Positions: []int64{101}})
			s.Revoked = map[string][]Code{"fair": {"card"}}
		}},
		{"last year's card with the number of a new signed ticket", "welcome", Valid, func(s *story) {
			s.signed(t, 0x10, 10)
			s.Media = []LinkedMedium{{Type: Barcode, Identifier: s.scan.Code, Medium: Medium{Active: true, Expires: noon.Add(-time.Second)}, Positions: []int64{101}}}
			s.Tickets = append(s.Tickets, Ticket{Event: "fair", ID: 101, Item: 10, Secret: "ben"})
		}},
		{"a card for another event whose number was revoked", "unknown code", Invalid, func(s *story) {
			s.card(LinkedMedium{Medium: Medium{Active: true}, Positions: []int64{999}})
			s.Revoked = map[string][]Code{"fair": {"card"}}
		}},
		{"a card for nothing whose number was revoked", "revoked", Revoked, func(s *story) {
			s.card(LinkedMedium{Medium: Medium{Active: true}})
			s.Revoked = map[string][]Code{"fair": {"card"}}
		}},
		{"a revoked code", "revoked", Revoked, func(s *story) {
			s.scan.Code = "gone"
			s.Revoked = map[string][]Code{"fair": {"gone"}}
		}},
		{"a revoked code of another event", "unknown code", Invalid, func(s *story) {
			s.scan.Code = "gone"
			s.Revoked = map[string][]Code{"other": {"gone"}}
		}},
		{"yesterday's ticket", "ticket of another date", Invalid, func(s *story) { s.list.SubEvent, s.anna.SubEvent = 2, 1 }},
		{"yesterday's ticket with today's meal", "ticket of another date", Invalid, func(s *story) { s.mealToday(10) }},
		{"yesterday's ticket with today's meal, beside a list that matches add-ons", "welcome", Valid, func(s *story) {
			s.mealToday(10)
			s.matchElsewhere()
		}},
		{"yesterday's ticket with two meals today, beside a list that matches add-ons", "product not on the list", Product, func(s *story) {
			s.mealToday(30, 10) // no filter chooses between them
			s.matchElsewhere()
		}},
		{"a code from the supermarket", "unknown code", Invalid, func(s *story) { s.scan.Code = "4006381333931" }},
		{"a code that may be a ticket, before everything is copied", "tickets not here yet", Error, func(s *story) {
			s.scan.Code, s.Coming = "late", []string{"fair"}
			delete(s.Events, "fair")
		}},
		{"a ticket that was copied before its event was", "tickets not here yet", Error, func(s *story) {
			s.Coming = []string{"fair"}
			delete(s.Events, "fair")
		}},
		{"a ticket of an event that is whole, beside one that is not", "welcome", Valid, func(s *story) {
			s.scan.Selected, s.Coming = append(s.scan.Selected, Selection{Event: "other", List: 9}), []string{"other"}
		}},
		{"a list that was deleted", "list not synchronised", Error, func(s *story) { delete(s.Lists, Selection{Event: "fair", List: 1}) }},
		{"a ticket with two possible meals", "several tickets possible", Ambiguous, func(s *story) {
			s.list.MatchAddOns, s.list.Products = true, []int64{20}
			s.addOns(20, 20)
		}},
		{"a ticket with one possible meal", "welcome", Valid, func(s *story) {
			s.list.MatchAddOns, s.list.Products = true, []int64{20}
			s.addOns(20, 30)
		}},
		{"an order that was not paid in time", "order canceled or expired", CanceledOrder, func(s *story) { s.anna.Order.Status = Expired }},
		{"leaving with a canceled ticket", "order canceled or expired", CanceledOrder, func(s *story) {
			s.anna.Order.Status, s.scan.Type = Canceled, Exit
		}},
		{"a blocked seat", "blocked", Blocked, func(s *story) { s.anna.Blocked = true }},
		{"an order nobody has approved", "not approved", Unapproved, func(s *story) {
			s.anna.Order.Status, s.anna.Order.RequireApproval = Pending, true
		}},
		{"too early", "not valid yet", InvalidTime, func(s *story) { s.anna.ValidFrom = noon.Add(time.Second) }},
		{"just in time", "welcome", Valid, func(s *story) { s.anna.ValidFrom, s.anna.ValidUntil = noon, noon }},
		{"too late", "not valid any more", InvalidTime, func(s *story) { s.anna.ValidUntil = noon.Add(-time.Second) }},
		{"leaving after the end", "welcome", Valid, func(s *story) {
			s.anna.ValidUntil, s.scan.Type = noon.Add(-time.Hour), Exit
		}},
		{"a bag at the gate", "product not on the list", Product, func(s *story) { s.anna.Item = 30 }},
		{"a card with yesterday's ticket", "another date by medium", Product, func(s *story) {
			s.list.SubEvent, s.anna.SubEvent = 2, 1
			s.card(LinkedMedium{Medium: Medium{Active: true}, Positions: []int64{101}})
		}},
		{"a bill that is open", "not paid", Unpaid, func(s *story) { s.anna.Order.Status = Pending }},
		{"once only", "custom rules", Rules, func(s *story) {
			s.list.Rules = mustRule(t, `{"<": [{"var": "entries_number"}, 1]}`)
			s.history.Checkins = []OwnCheckin{{Type: Entry, At: noon}}
		}},
		{"a rule from another world", "custom rules", Rules, func(s *story) { s.list.Rules = mustRule(t, `{"moonPhase": []}`) }},
		{"how old are you?", "questions open", AnswersRequired, func(s *story) { s.ask(Question{ID: 5, Type: Number}) }},
		{"answered", "welcome", Valid, func(s *story) {
			s.ask(Question{ID: 5, Type: Number})
			s.scan.Answers = map[int64]string{5: "42"}
		}},
		{"a season ticket without card", "must be exchanged", ExchangeRequiredOffline, func(s *story) { s.exchangeable() }},
		{"a season ticket whose card is at home", "was exchanged", AlreadyExchanged, func(s *story) {
			s.exchangeable()
			s.Events["fair"].MediumOnly = true
			s.Media = []LinkedMedium{{Identifier: "elsewhere", Positions: []int64{101}}}
		}},
		{"an answer that got lost", "same scan again", Valid, func(s *story) {
			s.scan.Nonce = "n1"
			s.history.Checkins = []OwnCheckin{{Type: Entry, At: noon.Add(-time.Second), Nonce: "n1"}}
		}},
		{"used twice", "used", Used, func(s *story) { s.history.Checkins = []OwnCheckin{{Type: Entry, At: noon}} }},
		{"used elsewhere, seen by sync", "used", Used, func(s *story) {
			s.anna.Checkins = []Checkin{{List: 1, Type: Entry, At: noon.Add(-time.Hour), Device: 4}}
		}},
		{"a signed ticket of a new order", "welcome", Valid, func(s *story) { s.signed(t, 0x10, 10) }},
		{"a signed ticket for a product of tomorrow", "product unknown", Error, func(s *story) {
			s.list.AllProducts = true
			s.signed(t, 0x10, 99)
		}},
		{"a signed ticket of another date", "ticket of another date", Invalid, func(s *story) {
			s.list.SubEvent = 2
			s.signed(t, 0x10, 10, 0x20, 1)
		}},
		{"a signed ticket used twice", "used", Used, func(s *story) {
			s.signed(t, 0x10, 10)
			s.history.Checkins = []OwnCheckin{{Type: Entry, At: noon, Sent: true, Settled: false}}
		}},
	}
	for _, tt := range stories {
		t.Run(tt.name, func(t *testing.T) {
			s := newStory()
			tt.set(s)
			v := s.decide(t)
			spoken[v.Rule] = true
			if v.Type != tt.want || v.Rule != tt.rule {
				t.Errorf("got %s by %q, want %s by %q", v.Type, v.Rule, tt.want, tt.rule)
			}
		})
	}
	for _, r := range table {
		if !spoken[r.name] {
			t.Errorf("no story for rule %q", r.name)
		}
		if r.name == "" || r.source == "" {
			t.Errorf("rule %+v lacks name or source", r)
		}
	}
}

func (s *story) card(m LinkedMedium) {
	m.Type, m.Identifier = Barcode, "card"
	s.Media, s.scan.Code = []LinkedMedium{m}, "card"
}

// mealToday makes the ticket one of yesterday, with add-ons of today.
func (s *story) mealToday(items ...int64) {
	s.list.SubEvent, s.anna.SubEvent = 2, 1
	s.addOns(items...)
	for i := range s.Tickets {
		if s.Tickets[i].AddonTo != 0 {
			s.Tickets[i].SubEvent = 2
		}
	}
}

// matchElsewhere adds another event to the scan, with a list that matches add-ons.
func (s *story) matchElsewhere() {
	there := Selection{Event: "other", List: 9}
	s.scan.Selected = append(s.scan.Selected, there)
	s.Events["other"], s.Lists[there] = &Event{Slug: "other"}, &List{ID: 9, Event: "other", AllProducts: true, MatchAddOns: true}
}

func (s *story) addOns(items ...int64) {
	for i, item := range items {
		s.Tickets = append(s.Tickets, Ticket{
			Event: "fair", ID: 102 + int64(i), PositionID: 2 + int64(i), Item: item, AddonTo: 101, Order: Order{Code: "ABC", Status: Paid},
		})
	}
}

func (s *story) ask(q Question) {
	q.Items, q.Ask = []int64{10}, true
	s.Events["fair"].Questions = []Question{q}
}

func (s *story) exchangeable() {
	s.Events["fair"].Items[10] = Item{ID: 10, Exchangeable: true}
}

// The crew must be able to tell a lost answer from a fraud.
func TestUsedSaysWhereAndHowLongAgo(t *testing.T) {
	tests := []struct {
		name    string
		own     []OwnCheckin
		theirs  []Checkin
		want    string
		firstAt time.Time
	}{
		{"seconds ago, here", []OwnCheckin{{Type: Entry, At: noon.Add(-4 * time.Second), Device: "Door 2"}}, nil, `Used 4 seconds ago at "Door 2".`, noon.Add(-4 * time.Second)},
		{"by a device that we know by number", nil, []Checkin{{List: 1, Type: Entry, At: noon.Add(-time.Hour), Device: 7}}, "Used 1 hour ago at device 7.", noon.Add(-time.Hour)},
		{"ours, seen again at pretix", []OwnCheckin{{Type: Entry, At: noon.Add(-2 * time.Minute), Device: "Door 2", Sent: true, Settled: true}},
			[]Checkin{{List: 1, Type: Entry, At: noon.Add(-2 * time.Minute), Device: 7}}, `Used 2 minutes ago at "Door 2".`, noon.Add(-2 * time.Minute)},
		{"this very second", []OwnCheckin{{Type: Entry, At: noon}}, nil, "Used just now.", noon},
	}
	for _, tt := range tests {
		s := newStory()
		s.history.Checkins, s.anna.Checkins = tt.own, tt.theirs
		v := s.decide(t)
		if v.Type != Used || v.ReasonExplanation != tt.want || !v.FirstScanned.Equal(tt.firstAt) {
			t.Errorf("%s: got %s %q, first %s", tt.name, v.Type, v.ReasonExplanation, v.FirstScanned)
		}
	}
}

// Our own check-ins come back from pretix without their nonce, under an id that we do not know. They count once.
func TestOwnCheckinsCountOnce(t *testing.T) {
	at := noon.Add(-time.Hour)
	shown := []Checkin{{List: 1, Type: Entry, At: at}}
	tests := []struct {
		name   string
		theirs []Checkin
		own    []OwnCheckin
		want   int
	}{
		{"not uploaded yet", nil, []OwnCheckin{{Type: Entry, At: at}}, 1},
		{"uploaded, not seen back", nil, []OwnCheckin{{Type: Entry, At: at, Sent: true}}, 1},
		{"seen back", shown, []OwnCheckin{{Type: Entry, At: at, Sent: true}}, 1},
		{"seen back, settled", shown, []OwnCheckin{{Type: Entry, At: at, Sent: true, Settled: true}}, 1},
		{"annulled at pretix", nil, []OwnCheckin{{Type: Entry, At: at, Sent: true, Settled: true}}, 0},
		{"somebody else in the same second", shown, []OwnCheckin{{Type: Entry, At: at}}, 2},
		{"one of two seen back", shown, []OwnCheckin{{Type: Entry, At: at, Sent: true}, {Type: Entry, At: at, Sent: true}}, 2},
		{"an exit in the same second", shown, []OwnCheckin{{Type: Exit, At: at, Sent: true}}, 2},
		{"another list", []Checkin{{List: 2, Type: Entry, At: at}}, nil, 0},
	}
	for _, tt := range tests {
		if got := len(newVisits(tt.theirs, 1, tt.own)); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	seen := newVisits(shown, 1, []OwnCheckin{{Type: Entry, At: at, Nonce: "n1", Sent: true, Settled: true}})
	if !seen.repeats("n1", Entry) {
		t.Error("the nonce was forgotten when pretix showed the check-in")
	}
}

// A nonce repeats the last check-in of whatever direction, and any of the same direction.
func TestRepeats(t *testing.T) {
	history := []OwnCheckin{
		{Type: Entry, At: noon.Add(-3 * time.Hour), Nonce: "n1"}, {Type: Exit, At: noon.Add(-2 * time.Hour), Nonce: "n2"},
		{Type: Entry, At: noon.Add(-time.Hour), Nonce: "n3"},
	}
	v := newVisits(nil, 1, history)
	for _, tt := range []struct {
		nonce string
		typ   ScanType
		want  bool
	}{
		{"n3", Entry, true}, {"n3", Exit, true}, {"n1", Entry, true}, {"n1", Exit, false}, {"n2", Exit, true}, {"n2", Entry, false},
		{"n4", Entry, false}, {"", Entry, false},
	} {
		if got := v.repeats(tt.nonce, tt.typ); got != tt.want {
			t.Errorf("%s with nonce %q: got %v, want %v", tt.typ, tt.nonce, got, tt.want)
		}
	}
}

// A list for one date looks past add-ons of other dates; a card stands for them too, and is told why they do not count.
func TestAddOnsOfAnotherDate(t *testing.T) {
	lunches := func(s *story) {
		s.list.MatchAddOns, s.list.AllProducts, s.list.SubEvent = true, true, 2
		s.anna.SubEvent, s.anna.Item = 2, 10
		s.addOns(20)
		s.Tickets[1].SubEvent = 1
	}
	byCode := newStory()
	lunches(byCode)
	if v := byCode.decide(t); v.Type != Valid || v.PositionID != 1 {
		t.Errorf("by code: got %s for position %d", v.Type, v.PositionID)
	}
	byCard := newStory()
	lunches(byCard)
	byCard.card(LinkedMedium{Medium: Medium{Active: true}, Positions: []int64{101}})
	if v := byCard.decide(t); v.Type != Ambiguous {
		t.Errorf("by card: got %s", v.Type)
	}
}

// The add-on may be for the list's date although its base ticket is not: pretix finds it by the code of the base.
func TestAddOnOfTheDateWithoutItsBase(t *testing.T) {
	s := newStory()
	s.list.MatchAddOns, s.list.AllProducts, s.list.SubEvent = true, true, 2
	s.anna.SubEvent = 1
	s.addOns(20)
	s.Tickets[1].SubEvent = 2
	if v := s.decide(t); v.Type != Valid || v.PositionID != 2 {
		t.Errorf("got %s for position %d", v.Type, v.PositionID)
	}
	s.list.MatchAddOns = false
	if v := s.decide(t); v.Type != Invalid {
		t.Errorf("without matching: got %s", v.Type)
	}
}

// A refused card is reported with the secret of its ticket: that is what pretix can find.
func TestReportNamesTheTicket(t *testing.T) {
	s := newStory()
	s.card(LinkedMedium{Medium: Medium{Active: true}, Positions: []int64{101}})
	s.anna.Blocked = true
	v := s.decide(t)
	if v.Report == nil || v.Report.RawBarcode != "anna" || v.Report.Position != 101 || v.Report.RawItem != 0 {
		t.Errorf("got %+v", v.Report)
	}
	s = newStory()
	s.signed(t, 0x10, 30, 0x18, 7, 0x20, 9)
	v = s.decide(t)
	if r := v.Report; r == nil || r.Position != 0 || r.RawBarcode != s.scan.Code || r.RawItem != 30 || r.RawVariation != 7 || r.RawSubEvent != 9 {
		t.Errorf("signed: got %+v", v.Report)
	}
}

func TestClean(t *testing.T) {
	tests := []struct {
		name, source, code, want string
	}{
		{"as it is", "", "AbC+/=", "AbC+/="},
		{"blanks", "", "\u00a0 abc \u2003", "abc"},
		{"blanks inside stay", "", "a b", "a b"},
		{"line end becomes visible", "", "abc\n", "abc\ufffd"},
		{"zero width space becomes visible", "", "a\u200bc", "a\ufffdc"},
		{"no text at all", "", "a\xffc", "a\ufffdc"},
		{"unassigned", "", "a\U000e0fffc", "a\ufffdc"},
		{"character set", "", `\000026abc`, "abc"},
		{"two character sets in order", "", `\000001\000003abc`, "abc"},
		{"two in the other order", "", `\000003\000001abc`, `\000001abc`},
		{"a blank before the character set", "", ` \000026abc`, `\000026abc`},
		{"by NFC", "nfc_uid", `\000026abc `, `\000026abc`},
	}
	for _, tt := range tests {
		if got := (Scan{Source: tt.source, Code: Code(tt.code)}).Clean(); got.Reveal() != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got.Reveal(), tt.want)
		}
	}
}

// A report names the secret that was used, and an unreadable one as bytes.
func TestRawBarcode(t *testing.T) {
	if got := rawBarcode("a\x01b").Reveal(); got != "binary:YQFi" {
		t.Errorf("got %q", got)
	}
	if got := rawBarcode("ab").Reveal(); got != "ab" {
		t.Errorf("got %q", got)
	}
}

// No way of printing shows a code.
func TestCodesStaySecret(t *testing.T) {
	v := newStory().decide(t)
	written, err := json.Marshal(v.Admit)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{string(written), v.Admit.Secret.LogValue().String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		shown = append(shown, fmt.Sprintf(verb, v.Admit.Secret), fmt.Sprintf(verb, *v.Admit))
	}
	for _, s := range shown {
		if strings.Contains(s, "anna") {
			t.Errorf("a code was printed: %s", s)
		}
	}
}
