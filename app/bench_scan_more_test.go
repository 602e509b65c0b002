package main

import (
	"context"
	"encoding/json"
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
		changes := g.changes()
		scanning.shift(b, each/5)
		var busy, quiet []shift
		var paces []float64
		for b.Loop() {
			for range scanRounds {
				quiet = append(quiet, scanning.shift(b, each))
				end := g.synchronize(b, changes)
				busy = append(busy, scanning.shift(b, each))
				paces = append(paces, end())
			}
		}
		reportShifts(b, busy, quiet)
		b.ReportMetric(quantile(paces, 0.5), "pages/s")
	})
}

// changes are pages of changed orders, made beforehand: what is measured is how they are taken, not how they are made.
type changes struct {
	pages [][]json.RawMessage
	next  int
}

// changes makes two for each of the first pages of orders, so that whoever goes round always brings something new.
func (g *fairGate) changes() *changes {
	const page, most = 50, 60 // as pretix sends them; 10 MiB
	var c changes
	for _, note := range []string{"changed", "changed again"} {
		for n := range min(most, g.tickets/page) {
			c.pages = append(c.pages, fairOrders(n*page, (n+1)*page, note))
		}
	}
	return &c
}

// synchronize applies changed orders until the function that is returned is called, which tells the pages a second.
func (g *fairGate) synchronize(b *testing.B, c *changes) (end func() (pace float64)) {
	b.Helper()
	const pause = 20 * time.Millisecond // as a mirror.Puller
	ctx, cancel := context.WithCancel(b.Context())
	begun, before := time.Now(), g.generation(b)
	var sync sync.WaitGroup
	taken := 0
	sync.Go(func() {
		for ; ctx.Err() == nil; taken++ {
			g.applyOrders(b, c.pages[c.next%len(c.pages)], false)
			c.next++
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	})
	return func() float64 {
		cancel()
		sync.Wait()
		if raised := g.generation(b) - before; raised != int64(taken) {
			b.Errorf("of %d pages %d have changed anything", taken, raised)
		}
		return float64(taken) / time.Since(begun).Seconds()
	}
}

func (g *fairGate) generation(b *testing.B) int64 {
	b.Helper()
	generation, err := g.Scan.Copy.Generation(b.Context())
	must(b, err)
	return generation
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
