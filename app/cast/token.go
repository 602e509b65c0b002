package cast

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Token signs what pretix' digital content would put behind "?token=" for an order, and for one of its positions unless
// number is 0. It is written without the library that verifies.
func (c *Cast) Token(order string, number int) string {
	return Sign(c.claims(order, number, c.now()))
}

// ExpiredToken is rightly signed, but its time is over.
func (c *Cast) ExpiredToken(order string) string {
	return Sign(c.claims(order, 1, c.now().Add(-validity-24*time.Hour)))
}

// TamperedToken carries another order than the one that was signed.
func (c *Cast) TamperedToken(order string) string {
	signed := c.Token(order, 1)
	other := c.Token(order+"X", 1)
	return payloadOf(other) + signed[len(payloadOf(signed)):]
}

// payloadOf cuts the signature off.
func payloadOf(token string) string { return token[:strings.LastIndexByte(token, '.')] }

// validity is what the shop's settings say.
const validity = 90 * 24 * time.Hour

func (c *Cast) claims(order string, number int, issued time.Time) map[string]any {
	claims := map[string]any{"order": order, "event": Event, "iat": issued.Unix(), "exp": issued.Add(validity).Unix()}
	if number > 0 {
		claims["position"] = strconv.Itoa(number) // a template of pretix knows texts only
	}
	return claims
}

// Sign makes the token of any claims, with LinkSecret.
func Sign(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		return "" // texts and numbers always marshal
	}
	encode := base64.RawURLEncoding.EncodeToString
	unsigned := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(body)
	mac := hmac.New(sha256.New, []byte(LinkSecret))
	mac.Write([]byte(unsigned))
	return unsigned + "." + encode(mac.Sum(nil))
}
