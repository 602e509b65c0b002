package main

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/pprof"
	"testing"
	"time"

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// gate is a whole scan proxy behind a real listener, with one scanner that may ask it.
type gate struct {
	*program
	address string // host:port
	token   string // of the scanner
}

// openGate serves until the test ends. args are of serve; one of them is the database. Without a pretix at hand the proxy
// is told whose tickets it has, which it would have learnt when it was connected.
func openGate(tb testing.TB, args ...string) *gate {
	tb.Helper()
	env := environment{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now, Environ: []string{
		"EINLASS_PRETIX_URL=http://127.0.0.1:9", "EINLASS_SCAN_URL=http://127.0.0.1:7000", "EINLASS_SCAN_LISTEN=127.0.0.1:0",
		"EINLASS_SCAN_SYNC=1h", "EINLASS_LOG_LEVEL=info", // as much is written as in earnest
	}}
	cfg, err := configureServe(env, args)
	must(tb, err)
	g := &gate{}
	g.program, err = wire(tb.Context(), cfg, cfg.Log.logger(env.Stderr), time.Now)
	must(tb, err)
	g.Scan.upstream.Store(&api.Upstream{Organizer: "fjord", Version: "2026.8.0", Numeric: 20260080001000})
	at, err := g.listen(tb.Context())
	must(tb, err)
	g.address = at.scan.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.run(ctx, at) }()
	tb.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, g.Close()); err != nil {
			tb.Errorf("the program ended with %v", err)
		}
	})
	g.token = g.invite(tb)
	return g
}

// invite makes a scanner known and returns its token.
func (g *gate) invite(tb testing.TB) (token string) {
	tb.Helper()
	registry := scanproxy.Registry{Store: g.Store, InitTTL: time.Hour, Now: time.Now}
	invited, err := registry.Invite(tb.Context(), scanproxy.Profile{Name: "Door North"})
	must(tb, err)
	_, made, err := registry.Initialize(tb.Context(), invited.Token, scanproxy.Hardware{
		HardwareBrand: "a", HardwareModel: "b", SoftwareBrand: "pretixSCAN Android", SoftwareVersion: "3.3.4",
	})
	must(tb, err)
	return made.Reveal()
}

// dial is a scanner's connection to the gate.
func (g *gate) dial(tb testing.TB) *scannerLine { return dialScanner(tb, g.address, g.token) }

// profiled writes a processor profile of what f does, if EINLASS_BENCH_PROFILE names a folder.
func profiled(tb testing.TB, name string, f func()) {
	folder := os.Getenv("EINLASS_BENCH_PROFILE")
	if folder == "" {
		f()
		return
	}
	file, err := os.Create(filepath.Join(folder, name+".pprof"))
	must(tb, err)
	must(tb, pprof.StartCPUProfile(file))
	f()
	pprof.StopCPUProfile()
	must(tb, file.Close())
}

// closeAfter closes with the test.
func closeAfter(tb testing.TB, c io.Closer) {
	tb.Cleanup(func() {
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			tb.Error(err)
		}
	})
}
