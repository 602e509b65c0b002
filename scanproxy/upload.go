package scanproxy

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// Call is one request that tells pretix what happened at the door.
type Call struct {
	Path string // below the address of pretix; holds a ticket secret, so it is not for logs
	Body map[string]any
}

// Call returns the upload of an accepted scan. force: the guest is inside, so pretix shall record it whatever has become
// of the order. Source: check 11.1.
func (a Admit) Call(organizer string) Call {
	answers := map[string]string{}
	for _, x := range a.Answers {
		answers[formatID(x.Question)] = x.Text
	}
	return Call{
		Path: fmt.Sprintf("%spositions/%s/redeem/", listPath(organizer, a.Event, a.List), escaped(a.Secret.Reveal())),
		Body: map[string]any{
			"datetime":            a.At.UTC().Format(time.RFC3339),
			"force":               true,
			"ignore_unpaid":       false,
			"nonce":               a.Nonce,
			"type":                strings.ToLower(string(a.Type)),
			"source_type":         Barcode, // the ticket's own secret is sent, also where a medium was scanned
			"answers":             answers,
			"questions_supported": false,
			"canceled_supported":  true,
			"use_order_locale":    false,
		},
	}
}

// Call returns the report of a refused scan. Source: check 6, below the table.
func (r Report) Call(organizer string) Call {
	body := map[string]any{
		"datetime":     r.At.UTC().Format(time.RFC3339),
		"raw_barcode":  r.RawBarcode.Reveal(),
		"type":         strings.ToLower(string(r.Type)),
		"error_reason": string(r.Reason),
	}
	if r.Nonce != "" {
		body["nonce"] = r.Nonce
	}
	for key, id := range map[string]int64{
		"position": r.Position, "raw_item": r.RawItem, "raw_variation": r.RawVariation, "raw_subevent": r.RawSubEvent,
	} {
		if id != 0 {
			body[key] = id
		}
	}
	return Call{Path: listPath(organizer, r.Event, r.List) + "failed_checkins/", Body: body}
}

func listPath(organizer, event string, list int64) string {
	return fmt.Sprintf("/api/v1/organizers/%s/events/%s/checkinlists/%d/", escaped(organizer), escaped(event), list)
}

// escaped percent-encodes everything but letters and digits: secrets hold slashes and plus signs.
func escaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Outcome is what became of an upload.
type Outcome string

// Outcomes of an upload.
const (
	Done    Outcome = "done"     // pretix has it
	GivenUp Outcome = "given_up" // pretix refuses it for good: to be shown to a person
	Kept    Outcome = "kept"     // to be tried again later
)

// AdmitOutcome judges the answer to the upload of an accepted scan: the HTTP status, whether the body was a JSON object,
// and the text under its key "status".
func AdmitOutcome(http int, isJSON bool, status string) Outcome {
	switch {
	case http >= 200 && http < 300 && status == "ok":
		return Done
	case (http == 400 || http == 404) && isJSON:
		return GivenUp
	}
	return Kept
}

// ReportOutcome judges the answer to the report of a refused scan.
func ReportOutcome(http int) Outcome {
	switch {
	case http >= 200 && http < 300:
		return Done
	case http == 400 || http == 404:
		return GivenUp
	}
	return Kept
}

// NewNonce makes a nonce of 130 random bits, for scans of devices that send none.
func NewNonce() string { return strings.ToLower(rand.Text()) }
