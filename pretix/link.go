package pretix

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	maxLink       = 8 << 10 // bytes; pretix' own links have some hundred
	minLinkSecret = 16      // bytes
	defaultLeeway = 30 * time.Second
)

// LinkConfig says which ticket links to believe and where in them to look.
//
// A ticket link carries a JWT, which pretix' digital content signs with HS256 and to which it adds iat and exp. The
// operator writes the claims as a template; recommended is
//
//	{"order": "{order_code}", "position": "{positionid}", "event": "gutschein"}
type LinkConfig struct {
	Secrets  []LinkSecret // any of them may have signed, so that they can be changed; at least 16 bytes each
	Issuer   string       // iss must be this; "" asks for none
	Audience string       // aud must hold this; "" asks for none
	// Leeway is how far the clocks of pretix and this machine may differ, for exp, iat and nbf alike; default 30 s.
	Leeway time.Duration
	// Names of claims; default "order", "position", "event". A dot leads into nested objects: "user.id". A claim that has
	// the whole name, dots included, is preferred.
	OrderClaim, PositionClaim, EventClaim string
	Now                                   func() time.Time // default time.Now
}

// TicketLink is what a ticket link says.
type TicketLink struct {
	Order    string    // code, upper case
	Position int       // number within the order; 0: not in the token
	Event    string    // slug; "": not in the token
	Expires  time.Time // exp, without leeway
}

// LinkVerifier verifies ticket links. It is safe for concurrent use.
type LinkVerifier struct {
	cfg    LinkConfig
	keys   jwt.VerificationKeySet
	parser *jwt.Parser
}

// NewLinkVerifier checks the configuration; its error names every secret that is too short, by number.
func NewLinkVerifier(cfg LinkConfig) (*LinkVerifier, error) {
	var faults []error
	if len(cfg.Secrets) == 0 {
		faults = append(faults, errors.New("no secret is configured"))
	}
	var keys jwt.VerificationKeySet
	for i, s := range cfg.Secrets {
		if len(s) < minLinkSecret {
			faults = append(faults, fmt.Errorf("secret %d of %d has %d bytes, at least %d are needed", i+1, len(cfg.Secrets), len(s), minLinkSecret))
		}
		keys.Keys = append(keys.Keys, []byte(s.Reveal()))
	}
	if cfg.Leeway < 0 {
		faults = append(faults, errors.New("the leeway is negative"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("ticket link: %w", err)
	}
	cfg.Secrets = nil // the keys have them
	cfg.Leeway = orDefault(cfg.Leeway, defaultLeeway)
	cfg.OrderClaim = orDefault(cfg.OrderClaim, "order")
	cfg.PositionClaim = orDefault(cfg.PositionClaim, "position")
	cfg.EventClaim = orDefault(cfg.EventClaim, "event")
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &LinkVerifier{cfg: cfg, keys: keys, parser: newLinkParser(cfg)}, nil
}

// Format writes no more than what it is: fmt would look into the keys.
func (v *LinkVerifier) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "ticket link verifier") }

// newLinkParser sets every option that the library leaves open: without them it takes any HMAC and a token without exp.
func newLinkParser(cfg LinkConfig) *jwt.Parser {
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithStrictDecoding(), // one spelling per signature
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), // an iat in the future beyond the leeway is refused
		jwt.WithLeeway(cfg.Leeway),
		jwt.WithTimeFunc(cfg.Now),
	}
	if cfg.Issuer != "" {
		options = append(options, jwt.WithIssuer(cfg.Issuer))
	}
	if cfg.Audience != "" {
		options = append(options, jwt.WithAudience(cfg.Audience))
	}
	return jwt.NewParser(options...)
}

// Verify believes or refuses the token of a ticket link. The error is a *LinkError. With LinkExpired the TicketLink is
// filled nevertheless: the signature was right, so the holder can be sent back to that order at pretix.
func (v *LinkVerifier) Verify(raw string) (TicketLink, error) {
	if len(raw) > maxLink {
		return TicketLink{}, refuse(LinkTooLong, "the token has more than 8 KiB")
	}
	if err := checkForm(raw); err != nil {
		return TicketLink{}, err
	}
	var claims linkClaims
	_, err := v.parser.ParseWithClaims(raw, &claims, func(*jwt.Token) (any, error) { return v.keys, nil })
	if err == nil {
		return v.read(claims)
	}
	refusal := translate(err, claims)
	if refusal.Reason != LinkExpired {
		return TicketLink{}, refusal
	}
	link, err := v.read(claims)
	if err != nil {
		return TicketLink{}, err
	}
	return link, refusal
}

// translate names what the library found. Who signed comes first, then for whom, then when.
func translate(err error, claims linkClaims) *LinkError {
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed), errors.Is(err, jwt.ErrTokenUnverifiable):
		return refuse(LinkMalformed, "the token is no JWT that can be read")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return refuse(LinkForged, "no configured secret has signed the token")
	case claims["exp"] == nil:
		return refuse(LinkIncomplete, "exp is missing")
	case errors.Is(err, jwt.ErrTokenInvalidIssuer), errors.Is(err, jwt.ErrTokenInvalidAudience),
		errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return refuse(LinkForeign, "iss or aud is not the configured one")
	case errors.Is(err, jwt.ErrTokenExpired):
		return refuse(LinkExpired, "exp is over")
	case errors.Is(err, jwt.ErrTokenUsedBeforeIssued), errors.Is(err, jwt.ErrTokenNotValidYet):
		return refuse(LinkEarly, "iat or nbf is in the future; the clocks of pretix and this machine differ")
	}
	return refuse(LinkMalformed, "a claim has the wrong form")
}
