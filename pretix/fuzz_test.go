package pretix_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/einlass/einlass/pretix"
)

var (
	orderCode = regexp.MustCompile(`^[A-Z0-9]{1,16}$`)
	eventSlug = regexp.MustCompile(`^[A-Za-z0-9._-]{0,50}$`)
)

// FuzzLink tries a token as it is, and the same header and claims rightly signed. Whatever is accepted has usable
// values, and only a signature of ours is accepted.
func FuzzLink(f *testing.F) {
	f.Add(token(`"order":"TRF01","position":"2","event":"gutschein"`), hs256, `{"exp":1795510800,"order":"TRF01"}`)
	f.Add(at(0, -60), `{"alg":"none"}`, `{"exp":1795510800.5,"order":12345,"position":2,"user":{"id":"1"}}`)
	f.Add("a.b.c", `{"alg":"HS256","crit":[]}`, `{"exp":1795510800,"order":"TRF01","order":"TRF02"}`)
	f.Add("", `{"alg":"HS512"}`, `[{"exp":1e300}]`)
	f.Fuzz(func(t *testing.T, raw, header, claims string) {
		verifier := newVerifier(t, func(c *pretix.LinkConfig) { c.PositionClaim = "user.id" })
		for _, try := range []string{raw, sign(linkSecret, header, claims)} {
			link, err := verifier.Verify(try)
			if err == nil && (!orderCode.MatchString(link.Order) || !eventSlug.MatchString(link.Event) || link.Position < 0) {
				t.Errorf("accepted with %+v", link)
			}
		}
		if _, err := verifier.Verify(sign("not our secret at all", header, claims)); err == nil {
			t.Error("accepted a foreign signature")
		}
	})
}

// FuzzJSON decodes what pretix might send; testdata/fuzz/FuzzJSON holds recorded answers, shortened. What is decoded can be encoded, and shows no secret then.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"name":"Haus","location":{"de":null},"positions":[{"blocked":[],"secret":"abcdefgh"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var order pretix.Order
		if json.Unmarshal(data, &order) == nil {
			reencode(t, order)
			for _, p := range order.Positions {
				_ = p.IsBlocked()
				if a, ok := p.Answer("RUFZEICHEN"); ok && a.Identifier != "RUFZEICHEN" {
					t.Error("another question's answer")
				}
			}
		}
		var date pretix.SubEvent
		if json.Unmarshal(data, &date) == nil {
			reencode(t, date)
			if len(date.Name) > 0 && date.Name.In("de") == "" && date.Name["de"] != "" {
				t.Error("a name that is there is not found")
			}
		}
		var redeemed pretix.Redeemed
		if json.Unmarshal(data, &redeemed) == nil {
			reencode(t, redeemed)
		}
	})
}

func reencode(t *testing.T, value any) {
	t.Helper()
	if _, err := json.Marshal(value); err != nil {
		t.Errorf("%T was read but cannot be written: %v", value, err)
	}
}
