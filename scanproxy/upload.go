package scanproxy

import (
	"strings"

	"github.com/einlass/einlass/pretix"
)

// redeem is the upload of an accepted scan. force: the guest is inside, so pretix shall record it whatever has become of
// the order. The secret is the ticket's own, also where a medium was scanned. Source: check 11.1.
func (a Admit) redeem() pretix.Redeem {
	answers := map[int64]string{}
	for _, x := range a.Answers {
		answers[x.Question] = x.Text
	}
	return pretix.Redeem{
		Secret: pretix.TicketSecret(a.Secret.Reveal()), Lists: []int64{a.List}, Nonce: a.Nonce, At: a.At.UTC(),
		Type: strings.ToLower(string(a.Type)), Force: true, Answers: answers, Source: Barcode,
	}
}

// failedCheckin is the report of a refused scan. Source: check 6, below the table.
func (r Report) failedCheckin() pretix.FailedCheckin {
	return pretix.FailedCheckin{
		Event: r.Event, List: r.List, Reason: string(r.Reason), Barcode: pretix.TicketSecret(r.RawBarcode.Reveal()),
		Type: strings.ToLower(string(r.Type)), At: r.At.UTC(), Nonce: r.Nonce, Position: r.Position,
		RawItem: r.RawItem, RawVariation: r.RawVariation, RawSubEvent: r.RawSubEvent,
	}
}
