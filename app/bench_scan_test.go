package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const scanRounds = 5

// scanSizes are the numbers of tickets to measure with: EINLASS_BENCH_POSITIONS, or one that loads in a second or two.
func scanSizes(b *testing.B) (sizes []int) {
	b.Helper()
	for word := range strings.FieldsSeq(os.Getenv("EINLASS_BENCH_POSITIONS")) {
		n, err := strconv.Atoi(word)
		must(b, err)
		sizes = append(sizes, n)
	}
	if len(sizes) == 0 {
		return []int{10_000}
	}
	return sizes
}

// eachFair measures on each engine with each number of tickets.
func eachFair(b *testing.B, f func(b *testing.B, m *fairGate)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, n := range scanSizes(b) {
			b.Run(fmt.Sprintf("%s/%d", engine, n), func(b *testing.B) { f(b, openFair(b, engine, n)) })
		}
	}
}

// fairGate is a gate with the fair behind it.
type fairGate struct {
	*gate
	tickets int
	next    atomic.Int64 // the next ticket that nobody has shown yet
}

func openFair(b *testing.B, engine string, n int) *fairGate {
	b.Helper()
	database := "sqlite:" + b.TempDir()
	if engine == "postgres" {
		database = durablePostgres(b)
	}
	g := &fairGate{gate: openGate(b, "--database="+database), tickets: n}
	begun := time.Now()
	g.loadFair(b, n)
	b.Logf("%d tickets loaded in %.1f s", n, time.Since(begun).Seconds())
	return g
}

// BenchmarkScan is the whole program over HTTP: scanners in a closed loop show tickets that nobody has shown before, and
// every answer is VALID and durable. In turns with it the floor.
func BenchmarkScan(b *testing.B) {
	eachFair(b, func(b *testing.B, g *fairGate) {
		floor := g.floor(b)
		before := readMemory(b)
		for _, scanners := range []int{1, 8, 32} {
			b.Run(fmt.Sprint(scanners), func(b *testing.B) {
				g.compare(b, scanners, floor)
				after := readMemory(b)
				b.ReportMetric(after.rss/1024, "rss-MiB")
				b.ReportMetric(after.heap/1024, "heap-MiB")
				b.ReportMetric((after.rss-before.rss)/1024, "rss-MiB-more")
			})
		}
	})
}

// compare takes turns between the gate and the floor.
func (g *fairGate) compare(b *testing.B, scanners int, floor string) {
	own, bare := g.crew(b, scanners), crew{dialAll(b, scanners, floor, g.token), func(int) int { return g.tickets }}
	each := g.eachRound(scanners)
	own.shift(b, each/5)
	bare.shift(b, each/5)
	var ours, theirs []shift
	then := readProcessors(b)
	for b.Loop() {
		for round := range scanRounds {
			theirs = append(theirs, bare.shift(b, each))
			profiled(b, fmt.Sprintf("scan-%s-%d-%d-%d", g.Store.Engine(), g.tickets, scanners, round), func() {
				ours = append(ours, own.shift(b, each))
			})
		}
	}
	b.ReportMetric(readProcessors(b).foreign(then), "foreign-cores")
	reportShifts(b, ours, theirs)
}

// eachRound is how many tickets all scanners of a round show together, so that they last for all rounds.
func (g *fairGate) eachRound(scanners int) int {
	return map[int]int{1: 600, 8: 2400, 32: 9000}[scanners] * min(g.tickets, 100_000) / 100_000
}

// crew are scanners that work at the same time.
type crew struct {
	lines []*scannerLine
	take  func(n int) (first int) // the tickets that they show next
}

// crew is one whose tickets nobody has shown yet.
func (g *fairGate) crew(b *testing.B, scanners int) crew {
	return crew{dialAll(b, scanners, g.address, g.token), func(n int) int {
		first := int(g.next.Add(int64(n))) - n
		if first+n > g.tickets {
			b.Fatalf("the %d tickets are used up", g.tickets)
		}
		return first
	}}
}

func dialAll(b *testing.B, n int, address, token string) []*scannerLine {
	b.Helper()
	lines := make([]*scannerLine, n)
	for i := range lines {
		lines[i] = dialScanner(b, address, token)
	}
	return lines
}

// shift is what a number of scanners have done together.
type shift struct {
	spread
	rate float64 // scans a second
	cpu  float64 // µs of processor time of this process for each: program and scanners, on SQLite the database too
}

// shift has them show n tickets, each the next one as soon as it has an answer.
func (c crew) shift(b *testing.B, n int) shift {
	b.Helper()
	first := c.take(n)
	var left atomic.Int64
	left.Store(int64(n))
	times := make([][]time.Duration, len(c.lines))
	failed := make(chan error, len(c.lines))
	begun, worked := time.Now(), processorTime(b)
	var all sync.WaitGroup
	for i, line := range c.lines {
		all.Go(func() {
			for {
				at := left.Add(-1)
				if at < 0 {
					return
				}
				took, err := line.show(fairSecret(first + int(at)))
				if err != nil {
					failed <- err
					return
				}
				times[i] = append(times[i], took)
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	worked = processorTime(b) - worked
	close(failed)
	must(b, <-failed)
	return shift{spread: spreadOf(slices.Concat(times...)), rate: float64(n) / took.Seconds(), cpu: float64(worked.Microseconds()) / float64(n)}
}

// show shows a ticket of the fair, which has to be VALID.
func (l *scannerLine) show(secret string) (time.Duration, error) {
	body := checkBody(fairSlug, 1, secret)
	begun := time.Now()
	answer, err := l.ask("POST", checkPath, body)
	took := time.Since(begun)
	if err == nil && !bytes.Contains(answer, []byte(`"type":"VALID"`)) {
		err = fmt.Errorf("ticket %s: %s", secret, answer)
	}
	return took, err
}

// reportShifts tells the middle of the rounds, and the middle of the rounds' ratios.
func reportShifts(b *testing.B, ours, theirs []shift) {
	b.Helper()
	spreads := func(of []shift) (s []spread) {
		for _, round := range of {
			s = append(s, round.spread)
		}
		return s
	}
	report(b, spreads(ours), spreads(theirs))
	var rates, floors, shares, work, floorWork []float64
	for i := range ours {
		rates, floors = append(rates, ours[i].rate), append(floors, theirs[i].rate)
		shares = append(shares, ours[i].rate/theirs[i].rate)
		work, floorWork = append(work, ours[i].cpu), append(floorWork, theirs[i].cpu)
	}
	b.ReportMetric(quantile(rates, 0.5), "scans/s")
	b.ReportMetric(quantile(rates, 1), "best-scans/s")
	b.ReportMetric(quantile(floors, 0.5), "floor/s")
	b.ReportMetric(quantile(shares, 0.5), "rate-by-floor")
	b.ReportMetric(quantile(work, 0.5), "cpu-µs/scan")
	b.ReportMetric(quantile(floorWork, 0.5), "floor-cpu-µs")
}
