package pretix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// linkClaims are the claims of a token, by their exact names. It fulfils jwt.Claims; a claim of a type that the JWT
// standard does not foresee matters only when somebody looks at it.
type linkClaims map[string]any

// UnmarshalJSON keeps numbers as they are written.
func (c *linkClaims) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return dec.Decode((*map[string]any)(c))
}

// GetExpirationTime returns exp.
func (c linkClaims) GetExpirationTime() (*jwt.NumericDate, error) { return c.date("exp") }

// GetIssuedAt returns iat.
func (c linkClaims) GetIssuedAt() (*jwt.NumericDate, error) { return c.date("iat") }

// GetNotBefore returns nbf.
func (c linkClaims) GetNotBefore() (*jwt.NumericDate, error) { return c.date("nbf") }

// GetIssuer returns iss.
func (c linkClaims) GetIssuer() (string, error) {
	iss, _ := c["iss"].(string) // of another type it is nobody's name
	return iss, nil
}

// GetSubject returns sub, which nobody asks for.
func (c linkClaims) GetSubject() (string, error) { return "", nil }

// GetAudience returns aud, which may be one text or several.
func (c linkClaims) GetAudience() (jwt.ClaimStrings, error) {
	switch aud := c["aud"].(type) {
	case string:
		return jwt.ClaimStrings{aud}, nil
	case []any:
		var all jwt.ClaimStrings
		for _, a := range aud {
			if text, ok := a.(string); ok {
				all = append(all, text)
			}
		}
		return all, nil
	}
	return nil, nil
}

// lastSecond is the end of the year 9999, the last moment that time formats agree on.
const lastSecond = 253402300799

// date reads a claim of seconds since 1970; fractions are allowed.
func (c linkClaims) date(name string) (*jwt.NumericDate, error) {
	value, ok := c[name]
	if !ok || value == nil {
		return nil, nil
	}
	number, ok := value.(json.Number)
	if !ok {
		return nil, errors.New(name + " is not a number")
	}
	seconds, err := number.Float64()
	if err != nil || seconds < 0 || seconds > lastSecond {
		return nil, errors.New(name + " is not a time")
	}
	whole, fraction := math.Modf(seconds)
	return jwt.NewNumericDate(time.Unix(int64(whole), int64(fraction*1e9))), nil
}

// find returns the claim of that name, or what the dots in the name lead to; nil when there is none.
func (c linkClaims) find(name string) any {
	if value, ok := c[name]; ok {
		return value
	}
	var at any = map[string]any(c)
	for step := range strings.SplitSeq(name, ".") {
		object, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = object[step]
	}
	return at
}

// text returns a claim as text; "" when it is absent, null or empty. Templates of pretix give texts, others numbers.
func (c linkClaims) text(name string) (string, error) {
	switch value := c.find(name).(type) {
	case nil:
		return "", nil
	case json.Number:
		if strings.ContainsAny(value.String(), "-.eE") {
			return "", refuse(LinkIncomplete, fmt.Sprintf("the claim %q is not a whole number", name))
		}
		return value.String(), nil
	case string:
		value = strings.TrimSpace(value)
		if strings.ContainsAny(value, "{}") {
			return "", refuse(LinkIncomplete, fmt.Sprintf(
				"the claim %q still holds a placeholder: pretix does not know that variable, check the template of the digital content", name))
		}
		return value, nil
	}
	return "", refuse(LinkIncomplete, fmt.Sprintf("the claim %q is neither a text nor a number", name))
}

// read takes from verified claims what we need.
func (v *LinkVerifier) read(claims linkClaims) (TicketLink, error) {
	order, err := v.order(claims)
	if err != nil {
		return TicketLink{}, err
	}
	position, err := v.position(claims)
	if err != nil {
		return TicketLink{}, err
	}
	event, err := v.event(claims)
	if err != nil {
		return TicketLink{}, err
	}
	link := TicketLink{Order: order, Position: position, Event: event}
	if exp, err := claims.GetExpirationTime(); err == nil && exp != nil {
		link.Expires = exp.Time
	}
	return link, nil
}

func (v *LinkVerifier) order(claims linkClaims) (string, error) {
	code, err := claims.text(v.cfg.OrderClaim)
	if err != nil {
		return "", err
	}
	upper := upperASCII(code)
	if !codePattern.MatchString(upper) {
		return "", refuse(LinkIncomplete, fmt.Sprintf("the claim %q holds no order code", v.cfg.OrderClaim))
	}
	return upper, nil
}

// maxPosition is far above any order.
const maxPosition = 1_000_000

func (v *LinkVerifier) position(claims linkClaims) (int, error) {
	text, err := claims.text(v.cfg.PositionClaim)
	if err != nil || text == "" {
		return 0, err
	}
	number, err := strconv.ParseUint(text, 10, 32)
	if err != nil || number == 0 || number > maxPosition {
		return 0, refuse(LinkIncomplete, fmt.Sprintf("the claim %q is not the number of a position", v.cfg.PositionClaim))
	}
	return int(number), nil
}

func (v *LinkVerifier) event(claims linkClaims) (string, error) {
	slug, err := claims.text(v.cfg.EventClaim)
	if err != nil || slug == "" {
		return "", err
	}
	if !slugPattern.MatchString(slug) {
		return "", refuse(LinkIncomplete, fmt.Sprintf("the claim %q is not the slug of an event", v.cfg.EventClaim))
	}
	return slug, nil
}

// upperASCII folds a to z only: strings.ToUpper would turn other letters (ı, ſ) into letters of an order code.
func upperASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
