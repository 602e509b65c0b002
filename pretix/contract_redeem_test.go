package pretix_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

// contractVerdicts: every refusal has its reason, and comes before the nonce is looked at. Nothing is stored.
func contractVerdicts(t *testing.T, w *contractWorld) {
	ok := pretix.RedeemOK
	for _, c := range []struct {
		story, order string
		number       int
		list, want   string
		more         pretix.Redeem // beside secret, list and time
	}{
		{"a ticket", "TRF01", 1, "running_only", ok, pretix.Redeem{}},
		{"pending", "TRF04", 1, "running_only", pretix.ReasonUnpaid, pretix.Redeem{}},
		{"pending, on a list that has pending orders", "TRF04", 1, "pending", pretix.ReasonUnpaid, pretix.Redeem{}},
		{"... and we do not mind", "TRF04", 1, "pending", ok, pretix.Redeem{IgnoreUnpaid: true}},
		{"pending, and we do not mind, but the list does", "TRF04", 1, "running_only", pretix.ReasonUnpaid, pretix.Redeem{IgnoreUnpaid: true}},
		{"expired order", "TRF05", 1, "running_only", pretix.ReasonCanceled, pretix.Redeem{}},
		{"canceled order", "TRF06", 1, "running_only", pretix.ReasonCanceled, pretix.Redeem{}},
		{"canceled ticket", "TRF07", 2, "running_only", pretix.ReasonInvalid, pretix.Redeem{}},
		{"the other ticket of that order", "TRF07", 1, "running_only", ok, pretix.Redeem{}},
		{"blocked", "TRF08", 1, "running_only", pretix.ReasonBlocked, pretix.Redeem{}},
		{"blocked, and we force it", "TRF08", 1, "running_only", ok, pretix.Redeem{Force: true}},
		{"valid if pending", "TRF10", 1, "running_only", ok, pretix.Redeem{}},
		{"not approved", "TRF11", 1, "running_only", pretix.ReasonUnapproved, pretix.Redeem{}},
		{"not yet valid", "TRF12", 1, "running_only", pretix.ReasonInvalidTime, pretix.Redeem{}},
		{"valid by the time of the scan", "TRF12", 1, "running_only", ok, pretix.Redeem{At: w.seeded.Add(49 * time.Hour)}},
		{"no longer valid", "TRF13", 1, "running_only", pretix.ReasonInvalidTime, pretix.Redeem{}},
		{"used on another day", "TRF16", 1, "series", pretix.ReasonAlreadyRedeemed, pretix.Redeem{Nonce: "today"}},
		{"used on another list", "TRF16", 1, "running_only", ok, pretix.Redeem{Nonce: "today"}},
		{"another date, on the list of one date", "TRF19", 1, "running_only", pretix.ReasonInvalid, pretix.Redeem{}},
		{"another date, on the list of the series", "TRF19", 1, "multi", ok, pretix.Redeem{}},
		{"an order of the test mode", "TRF20", 1, "running_only", ok, pretix.Redeem{}}, // the caller has to refuse it
		{"a ticket of the series at the conference", "TRF01", 1, "einlass", pretix.ReasonInvalid, pretix.Redeem{}},
		{"a product that is not on the list", "CONF1", 3, "tagungsraum", pretix.ReasonProduct, pretix.Redeem{}},
		{"a rule of the list", "CONF1", 1, "nurvip", pretix.ReasonRules, pretix.Redeem{}},
		{"questions are open, nobody there to answer", "CONF3", 1, "einlass", ok, pretix.Redeem{}},
		{"questions are open", "CONF3", 1, "einlass", pretix.RedeemIncomplete, pretix.Redeem{QuestionsSupported: true}},
	} {
		t.Run(c.story, func(t *testing.T) {
			event := series
			if strings.HasPrefix(c.order, "CONF") {
				event = conference
			}
			p := w.position(t, event, c.order, c.number)
			r := c.more
			r.Secret, r.Lists, r.Simulate = p.Secret, []int64{w.lists[c.list]}, true
			if r.At.IsZero() {
				r.At = w.at()
			}
			got := must[pretix.Redeemed](t)(w.as(t, "all").Redeem(t.Context(), r))
			checkVerdict(t, got, c.want, p)
		})
	}
	for story, secret := range map[string]pretix.TicketSecret{
		pretix.ReasonRevoked: w.revoked, pretix.ReasonInvalid: "no-such-ticket-7f3a",
	} {
		got := must[pretix.Redeemed](t)(w.as(t, "bridge").Redeem(t.Context(), pretix.Redeem{
			Secret: secret, Lists: []int64{w.lists["running_only"]}, At: w.at(), Simulate: true,
		}))
		if got.Status != pretix.RedeemError || got.Reason != story {
			t.Errorf("%s: %+v", story, got)
		}
	}
}

func checkVerdict(t *testing.T, got pretix.Redeemed, want string, p pretix.Position) {
	t.Helper()
	if said := verdict(got); said != want {
		t.Fatalf("pretix says %q, want %q", said, want)
	}
	if got.List == nil {
		t.Error("the verdict names no list")
	}
	if explained := got.ReasonExplanation != ""; explained != (want == pretix.ReasonInvalidTime || want == pretix.ReasonRules) {
		t.Errorf("explanation %q", got.ReasonExplanation)
	}
	if (got.Position == nil) != (want == pretix.ReasonInvalid) {
		t.Fatalf("position %+v", got.Position)
	}
	if got.Position != nil && (got.Position.ID != p.ID || got.Position.Order != p.Order || got.Position.OrderStatus == "") {
		t.Errorf("the verdict is about %+v", got.Position)
	}
	if asks := len(got.Questions) > 0; asks != (want == pretix.RedeemIncomplete) || asks && got.Questions[0].Identifier != "HAUSORDNUNG" {
		t.Errorf("questions %+v", got.Questions)
	}
}

// verdict is the reason of a refusal, else the status.
func verdict(r pretix.Redeemed) string {
	if r.Status == pretix.RedeemError {
		return r.Reason
	}
	return r.Status
}

// contractNonce walks through what a nonce does: any number of entries on one day, none on another.
func contractNonce(t *testing.T, w *contractWorld) {
	const (
		ok, used   = pretix.RedeemOK, pretix.ReasonAlreadyRedeemed
		day1, day2 = "2026-12-01/7", "2026-12-02/7"
	)
	type scan struct {
		list, nonce string
		more        pretix.Redeem
		want        string
		kept        int // check-ins on that list afterwards
	}
	once, multi := "running_only", "multi"
	for story, scans := range map[string][]scan{
		"one day, then another": {
			{once, day1, pretix.Redeem{}, ok, 1},
			{once, day1, pretix.Redeem{At: w.at().Add(time.Hour)}, ok, 1}, // a reconnect
			{once, day2, pretix.Redeem{}, used, 1},
			{once, day2, pretix.Redeem{}, used, 1}, // a refused try does not claim its nonce
			{once, "", pretix.Redeem{}, used, 1},   // a scanner
			{once, day1, pretix.Redeem{}, ok, 1},
			{multi, day1, pretix.Redeem{}, ok, 1}, // the scope is the list
		},
		"the same nonce, another ticket": {{once, day1, pretix.Redeem{}, ok, 1}},
		"forced on another day": {
			{once, day1, pretix.Redeem{}, ok, 1},
			{once, day1, pretix.Redeem{Force: true}, ok, 1},
			{once, day2, pretix.Redeem{Force: true, At: w.at().Add(time.Minute)}, ok, 2},
			{once, day2, pretix.Redeem{}, ok, 2},
			{once, day1, pretix.Redeem{}, ok, 2}, // made by the same caller
		},
		"a list with any number of entries": {
			{multi, day1, pretix.Redeem{}, ok, 1},
			{multi, day1, pretix.Redeem{}, ok, 1},
			{multi, day2, pretix.Redeem{At: w.at().Add(time.Minute)}, ok, 2}, // why such a list breaks the concept
			{multi, "", pretix.Redeem{At: w.at().Add(2 * time.Minute)}, ok, 3},
		},
		"an exit": {
			{once, day1, pretix.Redeem{}, ok, 1},
			{once, day1, pretix.Redeem{Type: pretix.Exit}, ok, 1}, // with the entry's nonce it is lost
			{once, day1 + "/exit", pretix.Redeem{Type: pretix.Exit, At: w.at().Add(time.Minute)}, ok, 2},
			{once, day2, pretix.Redeem{At: w.at().Add(2 * time.Minute)}, ok, 3}, // and the day limit is gone
		},
		"simulated": {
			{once, day1, pretix.Redeem{Simulate: true}, ok, 0},
			{once, day1, pretix.Redeem{}, ok, 1},
			{once, day2, pretix.Redeem{Simulate: true}, used, 1},
			{once, day1, pretix.Redeem{Simulate: true}, ok, 1},
		},
	} {
		t.Run(story, func(t *testing.T) {
			p, c := w.unused(t), w.as(t, "bridge")
			had := map[string]int{}
			for i, s := range scans {
				r := s.more
				r.Secret, r.Lists, r.Nonce = p.Secret, []int64{w.lists[s.list]}, s.nonce
				if r.At.IsZero() {
					r.At = w.at()
				}
				got := must[pretix.Redeemed](t)(c.Redeem(t.Context(), r))
				if said := verdict(got); said != s.want {
					t.Fatalf("scan %d: pretix says %q, want %q", i+1, said, s.want)
				}
				if n := len(got.Position.Checkins); n != had[s.list] {
					t.Errorf("scan %d: the verdict shows %d check-ins from before, want %d", i+1, n, had[s.list])
				}
				kept := w.kept(t, p, s.list)
				if len(kept) != s.kept {
					t.Fatalf("scan %d: %d check-ins are kept, want %d", i+1, len(kept), s.kept)
				}
				if s.kept == 1 && s.list == once {
					same(t, "the first entry's time", kept[0].At, w.at())
				}
				had[s.list] = s.kept
			}
		})
	}
}

// contractAtOnce: of two different nonces one gets in, of two equal ones both; one check-in is kept.
func contractAtOnce(t *testing.T, w *contractWorld) {
	for _, c := range []struct {
		story  string
		nonces [2]string
		in     int
	}{{"two scanners", [2]string{"a", "b"}, 1}, {"a request and its repeat", [2]string{"a", "a"}, 2}} {
		t.Run(c.story, func(t *testing.T) {
			p, client := w.unused(t), w.as(t, "bridge")
			var said [2]string
			var both sync.WaitGroup
			for i, nonce := range c.nonces {
				both.Go(func() {
					got, err := client.Redeem(t.Context(), pretix.Redeem{
						Secret: p.Secret, Lists: []int64{w.lists["running_only"]}, Nonce: nonce, At: w.at(),
					})
					if said[i] = verdict(got); err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
			in := 0
			for _, s := range said {
				if s == pretix.RedeemOK {
					in++
				} else if s != pretix.ReasonAlreadyRedeemed {
					t.Errorf("pretix says %q", s)
				}
			}
			if kept := w.kept(t, p, "running_only"); in != c.in || len(kept) != 1 {
				t.Errorf("%d got in, want %d; %d check-ins are kept", in, c.in, len(kept))
			}
		})
	}
}
