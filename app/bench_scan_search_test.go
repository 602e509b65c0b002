package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkScanSearch is a search, one after the other, by what the crew types.
func BenchmarkScanSearch(b *testing.B) {
	eachFair(b, func(b *testing.B, g *fairGate) {
		line := g.dial(b)
		for _, search := range []struct{ what, query string }{
			{"name-many", "Erika Mustermann"}, {"name-one", "Berta Lindqvist 17"}, {"four-letters", "Lind"},
			{"email-part", "guest123"}, {"code", "F0004D2"}, {"secret-start", fairSecret(77)[:12]}, {"nobody", "Zacharias"},
		} {
			b.Run(search.what, func(b *testing.B) {
				body := `{"events_and_checkin_lists":{"fair":1},"query":"` + search.query + `","page":1}`
				var times []time.Duration
				hits := 0
				for b.Loop() {
					begun := time.Now()
					answer, err := line.ask("POST", "/proxyapi/v1/rpc/search/", body)
					times = append(times, time.Since(begun))
					must(b, err)
					hits = strings.Count(string(answer), `"orderCode"`)
				}
				b.ReportMetric(float64(quantile(times, 0.5).Microseconds()), "p50-µs")
				b.ReportMetric(float64(quantile(times, 0.99).Microseconds()), "p99-µs")
				b.ReportMetric(float64(hits), "hits")
			})
		}
	})
}

// BenchmarkScanStatus is a status that is counted, while half of the tickets have check-ins that pretix does not show yet, as
// after a day without internet: the first one, and those after it, each a second later. Meanwhile a synchronisation brings a
// page of changed orders each second, many of them of those tickets, and some more people come. Beside it lists on
// which nobody was scanned.
func BenchmarkScanStatus(b *testing.B) {
	const page, more, rounds = 50, 20, 12
	eachFair(b, func(b *testing.B, g *fairGate) {
		crew, visits := g.crew(b, 8), min(g.tickets/2, 60_000)
		crew.shift(b, visits)
		line := g.dial(b) // not before: who says nothing for long is hung up on
		ask := func(list int) float64 {
			begun := time.Now()
			_, err := line.ask("GET", "/proxyapi/v1/rpc/fair/"+strconv.Itoa(list)+"/status/", "")
			took := time.Since(begun)
			must(b, err)
			return float64(took.Microseconds())
		}
		var quiet, busy []float64
		for b.Loop() {
			if busy != nil {
				continue // the first status comes once
			}
			b.ReportMetric(ask(1), "first-µs")
			for list := 2; list <= fairLists; list++ {
				quiet = append(quiet, ask(list))
			}
			for round := range rounds {
				first := round * visits / rounds
				g.applyOrders(b, fairOrders(first, first+page, fmt.Sprint("changed ", round)), false)
				crew.shift(b, more)
				<-time.After(1100 * time.Millisecond) // an answer is given for a second
				busy = append(busy, ask(1))
			}
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(visits), "visits")
		b.ReportMetric(quantile(busy, 0.5), "p50-µs")
		b.ReportMetric(quantile(busy, 1), "max-µs")
		b.ReportMetric(quantile(quiet, 0.5), "without-visits-p50-µs")
	})
}
