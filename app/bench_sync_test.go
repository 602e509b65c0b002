package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/einlass/einlass/pretix/mirror"
)

const (
	syncRounds   = 5
	syncParallel = 4      // pages at the same time: the default of scan_downloads
	slowOrders   = 8_000  // so that a round takes some ten seconds
	quickOrders  = 20_000 // so that a round takes some seconds
	slowPage     = 200 * time.Millisecond
)

// BenchmarkSync is the first synchronisation of the whole program, in turns with the bare download of the same pages: as
// many at a time, by the same kind of client, read and thrown away. Slow is a pretix that takes 200 ms for an answer; what
// einlass may add there is little. Instant is one that takes no time, so that nothing but einlass is left.
func BenchmarkSync(b *testing.B) {
	for _, pretix := range []struct {
		name   string
		orders int
		takes  time.Duration
	}{{"slow", slowOrders, slowPage}, {"instant", quickOrders, 0}} {
		office := openOffice(b, pretix.orders, pretix.takes)
		for _, engine := range []string{"sqlite", "postgres"} {
			b.Run(pretix.name+"/"+engine, func(b *testing.B) { compareSync(b, office, engine) })
		}
	}
}

func compareSync(b *testing.B, office *fairOffice, engine string) {
	var took, bare, ratio []float64
	requests := 0
	then := readProcessors(b)
	for b.Loop() {
		for range syncRounds {
			ours, asked := firstSync(b, office, engine)
			theirs := download(b, office.http.URL, asked)
			took, bare, ratio = append(took, ours.Seconds()), append(bare, theirs.Seconds()), append(ratio, ours.Seconds()/theirs.Seconds())
			requests = len(asked)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(readProcessors(b).foreign(then), "foreign-cores")
	b.ReportMetric(quantile(took, 0.5), "s")
	b.ReportMetric(quantile(bare, 0.5), "bare-s")
	b.ReportMetric(quantile(ratio, 0.5), "by-bare")
	b.ReportMetric(float64(requests), "requests")
	b.ReportMetric(float64(office.count)/quantile(took, 0.5), "orders/s")
}

// firstSync has a new proxy on an empty database fetch everything, and returns how long that took and what it asked for.
func firstSync(b *testing.B, office *fairOffice, engine string) (took time.Duration, asked []string) {
	b.Helper()
	database := "sqlite:" + b.TempDir()
	if engine == "postgres" {
		database = durablePostgres(b)
	}
	p := officeProgram(b, office, database)
	must(b, p.Scan.connect(b.Context()))
	office.forget()
	begun := time.Now()
	p.Scan.round(b.Context())
	took = time.Since(begun)
	state, err := p.Scan.Copy.State(b.Context(), mirror.Key{Resource: mirror.Orders, Event: fairSlug})
	must(b, err)
	if state.Rows != int64(office.count) || !state.Ready() {
		b.Fatalf("%d of %d orders came: %s %s", state.Rows, office.count, state.Class, state.Detail)
	}
	must(b, p.Close())
	return took, office.forget()
}

// officeEnviron configures a proxy for the fair.
func officeEnviron(office *fairOffice, database string) []string {
	return []string{
		"EINLASS_DATABASE=" + database, "EINLASS_PRETIX_URL=" + office.http.URL, "EINLASS_SCAN_URL=http://192.168.1.5:7000",
		"EINLASS_SCAN_LISTEN=127.0.0.1:0", "EINLASS_SCAN_DEVICE_TOKEN=" + office.device(), "EINLASS_SCAN_SYNC=1s",
	}
}

func officeProgram(tb testing.TB, office *fairOffice, database string) *program {
	tb.Helper()
	return wireProgram(tb, officeEnviron(office, database))
}

// wireProgram puts the program together, silent and not serving.
func wireProgram(tb testing.TB, environ []string) *program {
	tb.Helper()
	cfg, err := configureServe(environment{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now, Environ: environ}, nil)
	must(tb, err)
	p, err := wire(tb.Context(), cfg, slog.New(slog.DiscardHandler), time.Now)
	must(tb, err)
	return p
}

// download fetches the same pages as barely as can be.
func download(b *testing.B, base string, paths []string) time.Duration {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	group, ctx := errgroup.WithContext(b.Context())
	group.SetLimit(syncParallel)
	begun := time.Now()
	for _, path := range paths {
		group.Go(func() error { return discard(ctx, client, base+path) })
	}
	must(b, group.Wait())
	return time.Since(begun)
}

func discard(ctx context.Context, client *http.Client, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
