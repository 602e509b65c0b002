package scanproxy_test

import (
	"context"
	"fmt"
	"time"

	"github.com/einlass/einlass/scanproxy"
)

// A ticket is scanned at the gate, and a minute later once more.
func ExampleDecide() {
	gate := scanproxy.Selection{Event: "fair", List: 1}
	pretix := &scanproxy.Snapshot{
		Events: map[string]*scanproxy.Event{"fair": {
			Slug:  "fair",
			Items: map[int64]scanproxy.Item{10: {ID: 10, Name: scanproxy.Text{"en": "Day ticket"}}},
		}},
		Lists: map[scanproxy.Selection]*scanproxy.List{gate: {ID: 1, Event: "fair", AllProducts: true}},
		Tickets: []scanproxy.Ticket{{
			Event: "fair", ID: 101, Item: 10, Secret: "qhd8vw2mira7kzt4",
			Order: scanproxy.Order{Code: "ABC12", Status: scanproxy.Paid},
		}},
	}
	scan := scanproxy.Scan{Selected: []scanproxy.Selection{gate}, Code: "qhd8vw2mira7kzt4", Type: scanproxy.Entry}
	now := time.Date(2030, 6, 1, 18, 0, 0, 0, time.UTC)

	facts, err := scanproxy.Gather(context.Background(), pretix, scan, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	first := scanproxy.Decide(facts)
	fmt.Println(first.Type, first.Ticket)

	// The journal remembers what was accepted, and passes it in with the next scan of that ticket.
	facts.History.Checkins = []scanproxy.OwnCheckin{{Type: first.Admit.Type, At: first.Admit.At, Device: "North door"}}
	facts.Now = now.Add(time.Minute)
	second := scanproxy.Decide(facts)
	fmt.Println(second.Type, second.ReasonExplanation)

	// Output:
	// VALID Day ticket
	// USED Used 1 minute ago at "North door".
}
