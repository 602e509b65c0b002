package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// doorVariable makes the test binary a process of its own with a door: URL of the database. See TestDoorProcess.
const doorVariable = "EINLASS_STORE_TEST_DOOR"

// process is another process with a door on the same database.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startDoor(t *testing.T, url string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], "-test.run=^TestDoorProcess$")}
	p.cmd.Env = append(os.Environ(), doorVariable+"="+url)
	p.cmd.Stderr = os.Stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// kill ends the process without giving it a chance. A second time does nothing.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed: that is its error
}

func (p *process) say(t *testing.T, words ...any) {
	t.Helper()
	if _, err := fmt.Fprintln(p.in, words...); err != nil {
		t.Fatal(err)
	}
}

// hear returns the next line, "" at the end.
func (p *process) hear() string {
	if !p.lines.Scan() {
		return ""
	}
	return p.lines.Text()
}

// TestDoorProcess is the other process. Orders come in as lines: "fight <ticket>" scans one ticket many times at once and
// answers with the number of VALID; "rush <from> <to>" scans these tickets and names each one after its VALID; "turn 0" takes
// the turn to exchange with pretix.
func TestDoorProcess(t *testing.T) {
	url := os.Getenv(doorVariable)
	if url == "" {
		return // only other tests start this one, as a process of its own
	}
	s := storetest.Open(t, url)
	d, turn := newDoor(t, s, newFair(rushTickets)), s.Turn()
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		var from, to int
		if _, err := fmt.Sscanf(orders.Text(), "rush %d %d", &from, &to); err == nil {
			rush(t, d, from, to)
			continue
		}
		if _, err := fmt.Sscanf(orders.Text(), "turn %d", &from); err == nil {
			fmt.Println(turn.Take(t.Context()))
			continue
		}
		if _, err := fmt.Sscanf(orders.Text(), "fight %d", &from); err != nil {
			t.Fatal(err)
		}
		valid, err := scanAtOnce(t.Context(), d, from, manyScans/2)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(valid)
	}
}

func rush(t *testing.T, d *scanproxy.Door, from, to int) {
	next := atomic.Int64{}
	next.Store(int64(from))
	var scanners sync.WaitGroup
	for range 8 {
		scanners.Go(func() {
			for {
				ticket := int(next.Add(1) - 1)
				if ticket > to {
					return
				}
				if v, err := d.Scan(t.Context(), north, entry(ticket)); err != nil || v.Type != scanproxy.Valid {
					t.Errorf("ticket %d: %s, %v", ticket, v.Type, err)
					return
				}
				_, _ = os.Stdout.WriteString(strconv.Itoa(ticket) + "\n") // no buffer: it is said when it is said
			}
		})
	}
	scanners.Wait()
}

// Without a lock that both processes see, both let the guest in.
func TestOneOfTwoProcessesAdmits(t *testing.T) {
	url := pooled(postgres.URL(t))
	storetest.Open(t, url) // migrates
	doors := []*process{startDoor(t, url), startDoor(t, url)}
	for ticket := 1; ticket <= rounds; ticket++ {
		for _, d := range doors {
			d.say(t, "fight", ticket)
		}
		valid := 0
		for _, d := range doors {
			n, err := strconv.Atoi(d.hear())
			if err != nil {
				t.Fatal("a process has ended: ", err)
			}
			valid += n
		}
		if valid != 1 {
			t.Fatalf("ticket %d: %d scans VALID, want 1", ticket, valid)
		}
	}
}

// kills is how often a process is killed, ticketsEach how many tickets it may scan until then.
const kills, ticketsEach, rushTickets = 20, 200, 20 * 200

// A VALID that somebody has heard is never forgotten, and pretix hears of it once.
func TestKilledProcessForgetsNoAdmission(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		admitted := map[int]bool{}
		for kill := range kills {
			p := startDoor(t, url)
			first := kill*ticketsEach + 1
			p.say(t, "rush", first, first+ticketsEach-1)
			for range 1 + rand.IntN(ticketsEach/2) {
				p.admits(t, admitted)
			}
			if err := p.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			for p.lines.Scan() { // what it has said before it died
				p.note(t, admitted)
			}
			p.kill()
		}
		v := newVenue(t, storetest.Open(t, url), rushTickets)
		for ticket := range admitted {
			v.scan(t, entry(ticket), scanproxy.Used)
		}
		v.Pass(time.Hour)
		v.upload(t)
		known := map[int]int{}
		for _, c := range v.pretix.Checkins(fair) {
			if c.Successful {
				known[c.Position]++
			}
		}
		for ticket := range admitted {
			if known[ticket] != 1 {
				t.Errorf("ticket %d: %d check-ins at pretix, want 1", ticket, known[ticket])
			}
		}
		t.Logf("%d VALID heard from %d processes that were killed", len(admitted), kills)
	})
}

// admits waits for the next VALID.
func (p *process) admits(t *testing.T, admitted map[int]bool) {
	t.Helper()
	if !p.lines.Scan() {
		t.Fatal("the process has ended")
	}
	p.note(t, admitted)
}

func (p *process) note(t *testing.T, admitted map[int]bool) {
	t.Helper()
	ticket, err := strconv.Atoi(strings.TrimSpace(p.lines.Text()))
	if err != nil {
		t.Fatal(err)
	}
	if admitted[ticket] {
		t.Errorf("ticket %d was admitted twice", ticket)
	}
	admitted[ticket] = true
}

// Everything at once: each ticket is scanned by many while pretix is told and its answers come back.
func TestOneOfManyScansIsAdmittedDuringSyncAndUpload(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		v := newVenue(t, storetest.Open(t, pooled(url)), rounds)
		again, stop := v.uploading(t)
		var reads, current atomic.Int64
		v.copy.read = func() {
			if reads.Add(1)%25 == 0 { // about three times for each ticket
				v.sync(t, int(current.Load()))
				again()
			}
		}
		fight(t, v.door, func(ticket int) { current.Store(int64(ticket)) })
		stop()
		for range 3 {
			v.Pass(time.Hour)
			v.upload(t)
		}
		for ticket := 1; ticket <= rounds; ticket++ {
			if got := len(v.accepted(ticket)); got != 1 {
				t.Errorf("ticket %d: %d check-ins at pretix, want 1", ticket, got)
			}
		}
		if doubles, err := v.journal.Doubles(t.Context(), time.Time{}); err != nil || len(doubles) > 0 {
			t.Errorf("double admissions: %+v, %v", doubles, err)
		}
	})
}

// uploading uploads a round whenever it is told again, until it is stopped. One answer of each round gets lost.
func (v *venue) uploading(t *testing.T) (again, stop func()) {
	t.Helper()
	due := make(chan struct{}, 1) // never closed: a round under way reads the copy, which tells it again
	stopping := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		for {
			select {
			case <-stopping:
				ended <- nil
				return
			case <-due:
			}
			v.pretix.ClearFaults()
			v.loseAnswer()
			v.Pass(time.Second)
			if _, err := v.uploader.Round(context.WithoutCancel(t.Context())); err != nil {
				ended <- err
				return
			}
		}
	}()
	again = func() {
		select {
		case due <- struct{}{}:
		default:
		}
	}
	stop = func() {
		close(stopping)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		v.pretix.ClearFaults()
	}
	return again, stop
}
