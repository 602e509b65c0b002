package pretix_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/pretix"
)

const (
	linkSecret    = "correct-horse-battery"
	linkSecretOld = "an-older-secret-of-ours"
)

// linkNow is 2026-11-24 08:00:00 UTC.
var linkNow = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// sign signs header and claims as they stand, with HS256.
func sign(secret, header, claims string) string {
	text := b64(header) + "." + b64(claims)
	signature, _ := jwt.SigningMethodHS256.Sign(text, []byte(secret))
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

const hs256 = `{"alg":"HS256","typ":"JWT"}`

// token signs claims that expire in an hour.
func token(claims string) string {
	return sign(linkSecret, hs256, fmt.Sprintf(`{"iat":%d,"exp":%d,%s}`, linkNow.Unix(), linkNow.Add(time.Hour).Unix(), claims))
}

// at signs an order with the given times, in seconds from now.
func at(iat, exp int64) string {
	return sign(linkSecret, hs256, fmt.Sprintf(`{"iat":%d,"exp":%d,"order":"TRF01"}`, linkNow.Unix()+iat, linkNow.Unix()+exp))
}

func newVerifier(t testing.TB, change func(*pretix.LinkConfig)) *pretix.LinkVerifier {
	t.Helper()
	cfg := pretix.LinkConfig{
		Secrets: []pretix.LinkSecret{linkSecret, linkSecretOld},
		Now:     func() time.Time { return linkNow },
	}
	if change != nil {
		change(&cfg)
	}
	v, err := pretix.NewLinkVerifier(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestLinkAccepted(t *testing.T) {
	plain := func(*pretix.LinkConfig) {}
	nested := func(c *pretix.LinkConfig) { c.OrderClaim, c.PositionClaim = "user.order", "user.id" }
	issued := func(c *pretix.LinkConfig) { c.Issuer, c.Audience = "pretix", "treff" }
	dotted := func(c *pretix.LinkConfig) { c.OrderClaim = "https://darc.example/order" }
	cases := []struct {
		name   string
		config func(*pretix.LinkConfig)
		token  string
		want   pretix.TicketLink
	}{
		{"the recommended template", plain, token(`"order":"TRF01","position":"2","event":"gutschein"`), pretix.TicketLink{Order: "TRF01", Position: 2, Event: "gutschein"}},
		{"order only", plain, token(`"order":"TRF01"`), pretix.TicketLink{Order: "TRF01"}},
		{"position as a number", plain, token(`"order":"TRF01","position":2`), pretix.TicketLink{Order: "TRF01", Position: 2}},
		{"empty texts and nulls are not given", plain, token(`"order":"TRF01","position":"","event":null`), pretix.TicketLink{Order: "TRF01"}},
		{"code in lower case", plain, token(`"order":" trf01 "`), pretix.TicketLink{Order: "TRF01"}},
		{"code of digits, as a number", plain, token(`"order":12345`), pretix.TicketLink{Order: "12345"}},
		{"personal data that nobody asked for", plain, token(`"order":"TRF01","name":"Ö","answers":{"a":[1,{"b":2}]}`), pretix.TicketLink{Order: "TRF01"}},
		{"iss and aud of any type while none is configured", plain, token(`"order":"TRF01","iss":7,"aud":{"x":1},"sub":[]`), pretix.TicketLink{Order: "TRF01"}},
		{"claims in a nested object", nested, token(`"user":{"order":"TRF01","id":"3"}`), pretix.TicketLink{Order: "TRF01", Position: 3}},
		{"a claim whose name has dots", dotted, token(`"https://darc.example/order":"TRF01"`), pretix.TicketLink{Order: "TRF01"}},
		{"the configured iss, aud among several", issued, token(`"order":"TRF01","iss":"pretix","aud":["x","treff"]`), pretix.TicketLink{Order: "TRF01"}},
		{"a kid in the header", plain, sign(linkSecret, `{"alg":"HS256","kid":"1"}`, fmt.Sprintf(`{"exp":%d,"order":"TRF01"}`, linkNow.Add(time.Hour).Unix())), pretix.TicketLink{Order: "TRF01"}},
		{"signed before the secret was changed", plain, sign(linkSecretOld, hs256, fmt.Sprintf(`{"exp":%d,"order":"TRF01"}`, linkNow.Add(time.Hour).Unix())), pretix.TicketLink{Order: "TRF01"}},
		{"pretix' clock is 25 s ahead", plain, at(25, 3600), pretix.TicketLink{Order: "TRF01"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := newVerifier(t, c.config).Verify(c.token)
			if err != nil {
				t.Fatal(err)
			}
			c.want.Expires = linkNow.Add(time.Hour)
			if d := cmp.Diff(c.want, got, cmp.Comparer(time.Time.Equal)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLinkRefused(t *testing.T) {
	good := token(`"order":"TRF01"`)
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	exp := fmt.Sprintf(`"exp":%d`, linkNow.Add(time.Hour).Unix())
	hmac := func(m jwt.SigningMethod, header string) string {
		text := b64(header) + "." + body
		s, _ := m.Sign(text, []byte(linkSecret))
		return text + "." + base64.RawURLEncoding.EncodeToString(s)
	}
	other := func(c *pretix.LinkConfig) { c.Issuer, c.Audience = "pretix", "treff" }
	cases := []struct {
		name   string
		config func(*pretix.LinkConfig)
		token  string
		want   pretix.LinkReason
	}{
		{"nothing", nil, "", pretix.LinkMalformed},
		{"no token", nil, "TRF01", pretix.LinkMalformed},
		{"two parts", nil, head + "." + body, pretix.LinkMalformed},
		{"four parts", nil, good + ".x", pretix.LinkMalformed},
		{"a line break in it", nil, head + "." + body + "\n." + signature, pretix.LinkMalformed},
		{"padding", nil, good + "=", pretix.LinkMalformed},
		{"trailing garbage", nil, good + " x", pretix.LinkMalformed},
		{"garbage after the claims", nil, sign(linkSecret, hs256, `{`+exp+`,"order":"TRF01"} {}`), pretix.LinkMalformed},
		{"claims that are an array", nil, sign(linkSecret, hs256, `[]`), pretix.LinkMalformed},
		{"claims that are null", nil, sign(linkSecret, hs256, `null`), pretix.LinkMalformed},
		{"two orders", nil, token(`"order":"TRF01","order":"TRF02"`), pretix.LinkMalformed},
		{"two orders, one escaped", nil, token(`"order":"TRF01","\u006frder":"TRF02"`), pretix.LinkMalformed},
		{"the same name twice, deep inside", nil, token(`"order":"TRF01","a":[{"b":{"c":1,"c":2}}]`), pretix.LinkMalformed},
		{"two algorithms", nil, sign(linkSecret, `{"alg":"HS256","alg":"HS256"}`, `{`+exp+`,"order":"TRF01"}`), pretix.LinkMalformed},
		{"an extension that must be understood", nil, sign(linkSecret, `{"alg":"HS256","crit":["b64"],"b64":false}`, `{`+exp+`,"order":"TRF01"}`), pretix.LinkMalformed},
		{"exp as a text", nil, sign(linkSecret, hs256, `{"exp":"4102444800","order":"TRF01"}`), pretix.LinkMalformed},
		{"exp beyond all calendars", nil, sign(linkSecret, hs256, `{"exp":1e300,"order":"TRF01"}`), pretix.LinkMalformed},
		{"9 KiB", nil, token(`"order":"` + strings.Repeat("A", 9<<10) + `"`), pretix.LinkTooLong},
		{"another secret", nil, sign("somebody else's secret", hs256, `{`+exp+`,"order":"TRF01"}`), pretix.LinkForged},
		{"the empty secret", nil, sign("", hs256, `{`+exp+`,"order":"TRF01"}`), pretix.LinkForged},
		{"other claims under an old signature", nil, head + "." + b64(`{`+exp+`,"order":"TRF02"}`) + "." + signature, pretix.LinkForged},
		{"no signature", nil, head + "." + body + ".", pretix.LinkForged},
		{"alg none", nil, b64(`{"alg":"none"}`) + "." + body + ".", pretix.LinkForged},
		{"alg None, signed", nil, hmac(jwt.SigningMethodHS256, `{"alg":"None"}`), pretix.LinkForged},
		{"no alg", nil, hmac(jwt.SigningMethodHS256, `{}`), pretix.LinkForged},
		{"HS384", nil, hmac(jwt.SigningMethodHS384, `{"alg":"HS384"}`), pretix.LinkForged},
		{"HS512", nil, hmac(jwt.SigningMethodHS512, `{"alg":"HS512"}`), pretix.LinkForged},
		{"RS256", nil, hmac(jwt.SigningMethodHS256, `{"alg":"RS256"}`), pretix.LinkForged},
		{"alg in lower case", nil, hmac(jwt.SigningMethodHS256, `{"alg":"hs256"}`), pretix.LinkForged},
		{"another iss", other, token(`"order":"TRF01","iss":"else","aud":"treff"`), pretix.LinkForeign},
		{"another aud", other, token(`"order":"TRF01","iss":"pretix","aud":["else"]`), pretix.LinkForeign},
		{"iss is a number", other, token(`"order":"TRF01","iss":7,"aud":"treff"`), pretix.LinkForeign},
		{"no iss, no aud", other, token(`"order":"TRF01"`), pretix.LinkForeign},
		{"expired and of somebody else", other, at(-3600, -60), pretix.LinkForeign},
		{"expired a minute ago", nil, at(-3600, -60), pretix.LinkExpired},
		{"no exp", nil, sign(linkSecret, hs256, `{"order":"TRF01"}`), pretix.LinkIncomplete},
		{"pretix' clock is a minute ahead", nil, at(60, 3600), pretix.LinkEarly},
		{"not before tomorrow", nil, token(`"order":"TRF01","nbf":4102444800`), pretix.LinkEarly},
		{"no order", nil, token(`"position":"1"`), pretix.LinkIncomplete},
		{"an empty order", nil, token(`"order":" "`), pretix.LinkIncomplete},
		{"Order is not order", nil, token(`"Order":"TRF01"`), pretix.LinkIncomplete},
		{"an order that leads elsewhere", nil, token(`"order":"../orders"`), pretix.LinkIncomplete},
		{"an order in letters that only look right", nil, token(`"order":"TRFſ1"`), pretix.LinkIncomplete},
		{"an order of 17 characters", nil, token(`"order":"ABCDEFGHIJKLMNOPQ"`), pretix.LinkIncomplete},
		{"an order that is an object", nil, token(`"order":{}`), pretix.LinkIncomplete},
		{"an order that is true", nil, token(`"order":true`), pretix.LinkIncomplete},
		{"a variable that pretix left alone, as order", nil, token(`"order":"{order_code}"`), pretix.LinkIncomplete},
		{"a variable that pretix left alone, as position", nil, token(`"order":"TRF01","position":"{positionid}"`), pretix.LinkIncomplete},
		{"position 0", nil, token(`"order":"TRF01","position":0`), pretix.LinkIncomplete},
		{"position -1", nil, token(`"order":"TRF01","position":-1`), pretix.LinkIncomplete},
		{"position 1.5", nil, token(`"order":"TRF01","position":1.5`), pretix.LinkIncomplete},
		{"position first", nil, token(`"order":"TRF01","position":"first"`), pretix.LinkIncomplete},
		{"position beyond all orders", nil, token(`"order":"TRF01","position":4294967297`), pretix.LinkIncomplete},
		{"an event that leads elsewhere", nil, token(`"order":"TRF01","event":"../conf"`), pretix.LinkIncomplete},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := newVerifier(t, c.config).Verify(c.token)
			refused, ok := errors.AsType[*pretix.LinkError](err)
			if !ok {
				t.Fatalf("Verify = %+v, %v; want %s", got, err, c.want)
			}
			if refused.Reason != c.want {
				t.Errorf("refused as %v, want %s", refused, c.want)
			}
			if c.want != pretix.LinkExpired && got != (pretix.TicketLink{}) {
				t.Errorf("a refused token still says %+v", got)
			}
		})
	}
}

// A character of the signature has spare bits at the end; only one spelling of them may count.
func TestLinkOneSpelling(t *testing.T) {
	good := token(`"order":"TRF01"`)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	accepted := 0
	for _, last := range alphabet {
		if _, err := newVerifier(t, nil).Verify(good[:len(good)-1] + string(last)); err == nil {
			accepted++
		}
	}
	if accepted != 1 {
		t.Errorf("%d spellings of one signature are accepted, want 1", accepted)
	}
}

func TestLinkExpiredStillSaysWhich(t *testing.T) {
	got, err := newVerifier(t, nil).Verify(at(-3600, -60))
	if err == nil || got.Order != "TRF01" || !got.Expires.Equal(linkNow.Add(-time.Minute)) {
		t.Errorf("Verify = %+v, %v; want an error and the order", got, err)
	}
	if _, err := newVerifier(t, nil).Verify(at(-3600, -25)); err != nil {
		t.Errorf("25 s late is within the leeway: %v", err)
	}
}

func TestLinkPlaceholderIsNamed(t *testing.T) {
	_, err := newVerifier(t, nil).Verify(token(`"order":"TRF01","position":"{positionid}"`))
	if err == nil || !strings.Contains(err.Error(), `"position" still holds a placeholder`) {
		t.Errorf("the operator reads %v", err)
	}
}

func TestLinkConfigRefused(t *testing.T) {
	cases := []struct {
		name string
		cfg  pretix.LinkConfig
		want string
	}{
		{"no secret", pretix.LinkConfig{}, "no secret"},
		{"the second is short", pretix.LinkConfig{Secrets: []pretix.LinkSecret{linkSecret, "short"}}, "secret 2 of 2 has 5 bytes"},
		{"an empty one", pretix.LinkConfig{Secrets: []pretix.LinkSecret{""}}, "secret 1 of 1 has 0 bytes"},
		{"negative leeway", pretix.LinkConfig{Secrets: []pretix.LinkSecret{linkSecret}, Leeway: -1}, "leeway"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := pretix.NewLinkVerifier(c.cfg)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("NewLinkVerifier: %v, want %q", err, c.want)
			}
		})
	}
}

func ExampleLinkVerifier_Verify() {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	// What pretix' digital content signs: the operator's template, filled in, with iat and exp.
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"order": "TRF01", "position": "2", "event": "gutschein",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}).SignedString([]byte("a secret shared with pretix"))
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := pretix.NewLinkVerifier(pretix.LinkConfig{
		Secrets: []pretix.LinkSecret{"a secret shared with pretix"},
		Now:     func() time.Time { return now },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	link, err := verifier.Verify(signed)
	fmt.Println(link.Order, link.Position, link.Event, err)

	_, err = verifier.Verify(signed[:len(signed)-9] + "forgeries")
	fmt.Println(err)
	// Output:
	// TRF01 2 gutschein <nil>
	// ticket link forged: no configured secret has signed the token
}
