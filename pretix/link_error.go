package pretix

// LinkReason says why a ticket link is refused.
type LinkReason string

// Reasons to refuse a ticket link.
const (
	LinkMalformed  LinkReason = "malformed"  // not a JWT as pretix makes them
	LinkTooLong    LinkReason = "too_long"   // more than 8 KiB
	LinkForged     LinkReason = "forged"     // signed by somebody else, or in another way than HS256
	LinkForeign    LinkReason = "foreign"    // iss or aud is another one
	LinkIncomplete LinkReason = "incomplete" // rightly signed, but says too little: the template needs a look
	LinkExpired    LinkReason = "expired"
	LinkEarly      LinkReason = "early" // from the future by more than the leeway
)

// LinkError refuses a ticket link. Its text is for the operator and holds nothing of the token but the names of claims.
type LinkError struct {
	Reason LinkReason
	Detail string
}

// Error describes the refusal.
func (e *LinkError) Error() string { return "ticket link " + string(e.Reason) + ": " + e.Detail }

func refuse(reason LinkReason, detail string) *LinkError {
	return &LinkError{Reason: reason, Detail: detail}
}
