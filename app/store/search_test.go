package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// However many tickets a search finds, and whatever became of them since the last one, it finds what a look at each finds.
func TestSearchFindsWhatALookAtEachTicketFinds(t *testing.T) {
	const rounds, tickets = 12, 90
	for _, how := range []struct {
		story         string
		fewHits, size int
	}{{"few hits", 1000, 4096}, {"blocks", 0, 5}, {"both", 4, 5}} {
		t.Run(how.story, func(t *testing.T) {
			onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
				m.SearchInSteps(how.fewHits, how.size)
				random := rand.New(rand.NewPCG(1, 2))
				list := openFair(t, m)
				apply(t, m, mirror.Batch{Key: mirror.Key{Resource: mirror.Lists, Event: list.Event}, Complete: true, Done: true, Rows: raws(t,
					fields{"id": 7, "name": "Door", "all_products": true}, fields{"id": 8, "name": "Lunch", "limit_products": []int{2}})})
				for range rounds {
					var changed []any
					for range 1 + random.IntN(tickets) {
						changed = append(changed, somebody(random, tickets))
					}
					batch := orders(t, changed...)
					batch.Done = random.IntN(2) == 0
					apply(t, m, batch)
					searches(t, m, random, list)
				}
			})
		})
	}
}

// somebody is an order of one ticket, or of none.
func somebody(random *rand.Rand, tickets int) fields {
	n := 1 + random.IntN(tickets)
	if random.IntN(8) == 0 {
		return anOrder(n)
	}
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	name := pick("", "Ann", "anna", "Änne", "Iris", "ıris", "İris", "Strauß", "Zoë") + pick("", " ", "-") + pick("", "Schmidt", "Schmidt", "SCHMIDT", "Schmıdt", "Weiß")
	secret := pick("schmidt", "ANNA", "secret")
	if n%30 == 7 {
		secret = "weiss" // a few begin like what many have in their address
	}
	order := anOrder(n, aPosition(n, 1, fields{
		"attendee_name": name, "item": 1 + random.IntN(2), "secret": fmt.Sprint(secret, n),
		"attendee_email": pick("", "", "", "", "anna@schmidt.example", "mail@weiss.example"),
	}))
	order["email"] = pick("", "schmidt@example.org", "buyer@example.org", fmt.Sprintf("guest%d@example.org", n))
	return order
}

func searches(t *testing.T, m *store.Mirror, random *rand.Rand, list scanproxy.Selection) {
	t.Helper()
	var tickets []scanproxy.Ticket
	rows, _, err := m.Rows(t.Context(), mirror.Orders, list.Event, "", 1000)
	must(t, err)
	for _, raw := range rows {
		some, err := scanproxy.DecodeOrder(list.Event, raw)
		must(t, err)
		tickets = append(tickets, some...)
	}
	at := scanproxy.Selection{Event: list.Event, List: 7 + random.Int64N(2)}
	var desk scanproxy.Desk
	must(t, m.Read(t.Context(), func(l scanproxy.Lookup, _ int64) (err error) {
		desk, err = l.Desk(t.Context(), at, "")
		return err
	}))
	for _, text := range []string{"schmidt", "Schmıdt", "Anna", "ANN-", "iris", "WEISS", "weiß", "example", "mail@", "guest1", "uest2", "t3@ex", "secret1", "T1", "SCHMIDT1", "nobody"} {
		want := []string{}
		for _, hit := range scanproxy.Search(scanproxy.ParseQuery(text), 1, []scanproxy.Desk{desk}, tickets, "", nil) {
			want = append(want, hit.Secret.Reveal())
		}
		offset, limit := random.IntN(5), 1+random.IntN(60)
		want = want[min(offset, len(want)):]
		want = want[:min(limit, 50-offset, len(want))]
		found, err := m.Find(t.Context(), text, []scanproxy.Selection{at}, offset, min(limit, 50-offset))
		got := []string{}
		for _, ticket := range found {
			got = append(got, ticket.Secret.Reveal())
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%q on list %d, from %d on: %v (-want +got):\n%s", text, at.List, offset, err, diff)
		}
	}
}
