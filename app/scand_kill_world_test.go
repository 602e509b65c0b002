package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
)

// killVariable makes the test binary the program itself. See TestServeProcess.
const killVariable = "EINLASS_TEST_SERVE"

// TestServeProcess is `einlass serve` as a process of its own, for TestKilledProxyForgetsNobody. By itself it is nothing,
// which is not the same as a test that was skipped.
func TestServeProcess(t *testing.T) {
	if os.Getenv(killVariable) == "" {
		return
	}
	env := environment{Stdout: os.Stdout, Stderr: os.Stderr, Environ: serveEnviron(), Now: time.Now}
	if err := serve(t.Context(), env, nil); err != nil {
		t.Fatal(err)
	}
}

// serveEnviron is what the process was given, less what only tests know.
func serveEnviron() (ours []string) {
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "EINLASS_") || strings.HasPrefix(v, "EINLASS_SCAN_") ||
			strings.HasPrefix(v, "EINLASS_DATABASE=") || strings.HasPrefix(v, "EINLASS_PRETIX_URL=") {
			ours = append(ours, v)
		}
	}
	return ours
}

// killWorld is a pretix, a database, and a scanner that is known there. The program comes and goes.
type killWorld struct {
	t       *testing.T
	pretix  *pretixsim.Server
	environ []string
	token   string // of the scanner
	list    scanproxy.Selection
	secrets []string
	ids     []int64 // of the positions, by ticket

	late time.Duration // by which the clock of rounds in this process is ahead
}

func newKillWorld(t *testing.T, tickets int) *killWorld {
	t.Helper()
	w := &killWorld{t: t, pretix: pretixsim.New(pretixsim.Options{})}
	w.furnish(tickets)
	server := httptest.NewServer(w.pretix.Handler())
	t.Cleanup(server.Close)
	w.environ = []string{
		"EINLASS_DATABASE=sqlite:" + t.TempDir(), "EINLASS_PRETIX_URL=" + server.URL, "EINLASS_SCAN_URL=http://192.168.1.5:7000",
		"EINLASS_SCAN_LISTEN=127.0.0.1:0", "EINLASS_SCAN_DEVICE_TOKEN=once", "EINLASS_SCAN_SYNC=1s", "EINLASS_SCAN_EVENT=" + w.list.Event,
	}
	w.exchange(func(p *program) bool {
		w.token = (&gate{program: p}).invite(t)
		state, err := p.Scan.Copy.State(t.Context(), mirror.Key{Resource: mirror.Orders, Event: w.list.Event})
		must(t, err)
		return state.Ready() && state.Rows == int64(tickets)
	})
	return w
}

func (w *killWorld) furnish(tickets int) {
	w.pretix.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord"})
	w.pretix.AddDevice(pretixsim.Device{InitToken: "once", Name: "Proxy", Profile: "pretixscan"})
	w.pretix.AddEvent(pretixsim.Event{Slug: fairSlug, Name: pretixsim.Text{"en": "Fair"}, DateFrom: time.Now().Add(-time.Hour)})
	item := w.pretix.AddItem(fairSlug, pretixsim.Item{Name: pretixsim.Text{"en": "Day ticket"}})
	w.list = scanproxy.Selection{Event: fairSlug, List: int64(w.pretix.AddList(fairSlug, pretixsim.List{Name: "Gate"}))}
	for n := range tickets {
		order := w.pretix.AddOrder(fairSlug, pretixsim.Order{Code: fmt.Sprintf("F%05d", n), Positions: []pretixsim.Position{{Item: item, Secret: fairSecret(n)}}})
		w.secrets, w.ids = append(w.secrets, order.Positions[0].Secret), append(w.ids, int64(order.Positions[0].ID))
	}
}

// exchange runs the program in this process, unheard by scanners, and exchanges with pretix until that is enough. Each
// round is an hour later than the one before, so that nothing has to be waited for.
func (w *killWorld) exchange(enough func(*program) bool) {
	w.t.Helper()
	now := func() time.Time { return time.Now().Add(w.late) }
	cfg, err := configureServe(environment{Stdout: io.Discard, Stderr: io.Discard, Now: now, Environ: w.environ}, nil)
	must(w.t, err)
	var log strings.Builder
	p, err := wire(w.t.Context(), cfg, slog.New(slog.NewTextHandler(&log, nil)), now)
	must(w.t, err)
	end := p.Scan.startJournal(w.t.Context())
	const most = 5
	done := false
	for n := 0; n < most && !done; n++ {
		p.Scan.round(w.t.Context())
		done = enough(p)
		w.late += time.Hour
	}
	end()
	must(w.t, p.Close())
	if !done {
		w.t.Fatalf("%d rounds with pretix were not enough:\n%s", most, &log)
	}
}

// proxyProcess is the program at work.
type proxyProcess struct {
	command *exec.Cmd
	address string // of its scanners' door
	end     sync.Once
}

func (w *killWorld) start() *proxyProcess {
	w.t.Helper()
	return startProxy(w.t, w.environ)
}

// startProxy starts the program and returns when it answers scanners.
func startProxy(tb testing.TB, environ []string) *proxyProcess {
	tb.Helper()
	self, err := os.Executable()
	must(tb, err)
	p := &proxyProcess{command: exec.Command(self, "-test.run=^TestServeProcess$")}
	p.command.Env = append(append(os.Environ(), environ...), killVariable+"=1")
	logs, err := p.command.StderrPipe()
	must(tb, err)
	must(tb, p.command.Start())
	tb.Cleanup(p.kill)
	lines := bufio.NewScanner(logs)
	var said []string
	for p.address == "" && lines.Scan() {
		said = append(said, lines.Text())
		p.address = listenAddressIn(lines.Text())
	}
	if p.address == "" {
		tb.Fatalf("the program does not start:\n%s", strings.Join(said, "\n"))
	}
	go func() { _, _ = io.Copy(io.Discard, logs) }() // ends with the process
	return p
}

// listenAddressIn returns the address that a line of the log says scanners are served at; "": it is another line.
func listenAddressIn(line string) string {
	_, rest, found := strings.Cut(line, "scan proxy started")
	if !found {
		return ""
	}
	_, rest, _ = strings.Cut(rest, "listen=")
	address, _, _ := strings.Cut(rest, " ")
	return address
}

// kill ends the program without giving it a chance. A second time does nothing.
func (p *proxyProcess) kill() {
	p.end.Do(func() {
		_ = p.command.Process.Kill()
		_ = p.command.Wait() // it was killed: that is its error
	})
}

// drained says whether pretix has been told everything.
func drained(t *testing.T) func(p *program) bool {
	return func(p *program) bool {
		backlog, err := p.Scan.Journal.Backlog(t.Context())
		must(t, err)
		if backlog.GivenUp != 0 {
			t.Fatalf("pretix refuses for good: %+v", backlog)
		}
		return backlog == (store.Backlog{})
	}
}
