package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkScanCurve shows whether a scan costs more at a larger event: the same scanners in turns at events of all sizes,
// the smallest of which is the measure.
func BenchmarkScanCurve(b *testing.B) {
	const scanners, each = 8, 400
	sizes := scanSizes(b)
	if len(sizes) < 2 {
		b.Skip("one size makes no curve; `make bench-scan` measures several")
	}
	gates, crews := make([]*fairGate, len(sizes)), make([]crew, len(sizes))
	for i, n := range sizes {
		gates[i] = openFair(b, "sqlite", n)
		crews[i] = gates[i].crew(b, scanners)
		crews[i].shift(b, each)
	}
	shifts := make([][]shift, len(sizes))
	for b.Loop() {
		for range scanRounds {
			for i, c := range crews {
				shifts[i] = append(shifts[i], c.shift(b, each))
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, n := range sizes {
		var p50, ratio []float64
		for round, s := range shifts[i] {
			p50 = append(p50, float64(s.p50.Microseconds()))
			ratio = append(ratio, float64(s.p50)/float64(shifts[0][round].p50))
		}
		b.ReportMetric(quantile(p50, 0.5), fmt.Sprintf("p50-µs-of-%d", n))
		b.ReportMetric(quantile(ratio, 0.5), fmt.Sprintf("p50-of-%d-by-%d", n, sizes[0]))
	}
}

// BenchmarkScanDuringSync is what scanners notice of a synchronisation that brings changed orders without a pause longer
// than its own: the same scanners in turns with and without it.
func BenchmarkScanDuringSync(b *testing.B) {
	const scanners = 8
	eachFair(b, func(b *testing.B, g *fairGate) {
		scanning := g.crew(b, scanners)
		each := g.eachRound(scanners)
		scanning.shift(b, each/5)
		var busy, quiet []shift
		for b.Loop() {
			for round := range scanRounds {
				quiet = append(quiet, scanning.shift(b, each))
				end := g.synchronize(b, round)
				busy = append(busy, scanning.shift(b, each))
				end()
			}
		}
		reportShifts(b, busy, quiet)
	})
}

// synchronize applies pages of changed orders until the function that is returned is called.
func (g *fairGate) synchronize(b *testing.B, round int) (end func()) {
	const page, pause = 50, 20 * time.Millisecond // as a mirror.Puller
	ctx, cancel := context.WithCancel(b.Context())
	var sync sync.WaitGroup
	sync.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			first := n * page % (g.tickets - page)
			g.applyOrders(b, fairOrders(first, first+page, fmt.Sprint("changed ", round, n)), false)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	})
	return func() {
		cancel()
		sync.Wait()
	}
}

// processors tells how many processors are busy with others, which measurements should know.
type processors struct{ at, machine, own time.Duration }

// readProcessors reads the machine's and our own processor time so far. Where /proc is not there, others seem idle.
func readProcessors(b *testing.B) processors {
	b.Helper()
	const tick = 10 * time.Millisecond // USER_HZ is 100 everywhere
	l := processors{at: time.Duration(time.Now().UnixNano()), own: processorTime(b)}
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return processors{}
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, word := range strings.Fields(line)[1:] {
		n, err := strconv.ParseInt(word, 10, 64)
		must(b, err)
		if i != 3 && i != 4 { // idle, and waiting for a disk
			l.machine += time.Duration(n) * tick
		}
	}
	return l
}

// foreign is how many processors others kept busy since then.
func (l processors) foreign(then processors) float64 {
	if l.at == then.at {
		return 0
	}
	return max(0, (l.machine-then.machine-(l.own-then.own)).Seconds()/(l.at-then.at).Seconds())
}
