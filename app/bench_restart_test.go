package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix/mirror"
)

const (
	restartRounds = 5
	restartFew    = 10_000 // tickets of the event that the larger ones are compared with
	longestFill   = time.Hour
)

// BenchmarkRestart is the program as a process of its own: what it holds in memory while it fetches an event for the first
// time and after that, and how long it takes to come back when it was killed, from the start of the process to the first
// VALID that a scanner hears. In turns with it a proxy with few tickets.
func BenchmarkRestart(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			few := fillProxy(b, engine, restartFew)
			for _, n := range scanSizes(b) {
				b.Run(fmt.Sprint(n), func(b *testing.B) {
					many := fillProxy(b, engine, n)
					var times, ratios []float64
					for b.Loop() {
						for range restartRounds {
							quick, took := few.restart(b), many.restart(b)
							times, ratios = append(times, took.Seconds()*1000), append(ratios, took.Seconds()/quick.Seconds())
						}
					}
					many.complete(b)
					many.report(b)
					b.ReportMetric(quantile(times, 0.5), "restart-ms")
					b.ReportMetric(quantile(times, 1), "worst-ms")
					b.ReportMetric(quantile(ratios, 0.5), "by-few")
				})
			}
		})
	}
}

// filledProxy is a program with a copy of the fair.
type filledProxy struct {
	environ []string
	token   string // of the scanner
	process *proxyProcess
	next    int // the next ticket that nobody has shown

	tickets     int
	took        time.Duration // of the first synchronisation
	peak, after float64       // KiB of its own memory: the most meanwhile, and how much stayed
}

// fillProxy starts the program on an empty database and returns when it has fetched all tickets.
func fillProxy(b *testing.B, engine string, tickets int) *filledProxy {
	b.Helper()
	database := "sqlite:" + b.TempDir()
	if engine == "postgres" {
		database = durablePostgres(b)
	}
	office := openOffice(b, tickets, 0)
	f := &filledProxy{environ: officeEnviron(office, database), tickets: tickets}
	p := wireProgram(b, f.environ)
	f.token = (&gate{program: p}).invite(b)
	must(b, p.Close())

	f.process = startProxy(b, f.environ)
	begun, watch := time.Now(), time.NewTicker(20*time.Millisecond)
	defer watch.Stop()
	for synced := false; !synced; {
		select {
		case <-office.synced:
			synced = true
		case <-watch.C:
			f.peak = max(f.peak, f.process.memory(b))
			if time.Since(begun) > longestFill {
				b.Fatalf("%d tickets have not come in %s", tickets, longestFill)
			}
		}
	}
	f.took, f.after = time.Since(begun), f.process.memory(b)
	return f
}

// restart kills the program, starts it again and shows it a ticket.
func (f *filledProxy) restart(b *testing.B) time.Duration {
	b.Helper()
	f.process.kill()
	begun := time.Now()
	f.process = startProxy(b, f.environ)
	line := dialScanner(b, f.process.address, f.token)
	_, err := line.show(fairSecret(f.next))
	must(b, err)
	f.next++
	return time.Since(begun)
}

// complete ends the program and checks that all tickets are there.
func (f *filledProxy) complete(b *testing.B) {
	b.Helper()
	f.process.kill()
	p := wireProgram(b, f.environ)
	state, err := p.Scan.Copy.State(b.Context(), mirror.Key{Resource: mirror.Orders, Event: fairSlug})
	must(b, err)
	must(b, p.Close())
	if state.Rows != int64(f.tickets) {
		b.Fatalf("%d tickets came, want %d", state.Rows, f.tickets)
	}
}

func (f *filledProxy) report(b *testing.B) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(f.took.Seconds(), "sync-s")
	b.ReportMetric(float64(f.tickets)/f.took.Seconds(), "orders/s")
	b.ReportMetric(f.peak/1024, "peak-MiB")
	b.ReportMetric(f.after/1024, "after-MiB")
}

// memory is what the process holds of its own, RssAnon, in KiB.
func (p *proxyProcess) memory(b *testing.B) (kib float64) {
	b.Helper()
	return anonymousMemory(b, p.command.Process.Pid)
}
