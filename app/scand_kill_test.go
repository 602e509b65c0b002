package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/einlass/einlass/scanproxy"
)

// How often the program is killed, and how many answers VALID it may live for.
const (
	usualKills   = 20
	killsOfWorld = 50 // then there is a new pretix and a new database
	longestLife  = 60
	killScanners = 8
)

// soakKills is EINLASS_SOAK_KILLS, or as many as there is time for.
func soakKills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("EINLASS_SOAK_KILLS")
	if text == "" {
		return usualKills
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// The machine loses power, or somebody ends the program the hard way, right after a guest was let in: at random moments,
// while scans, uploads and synchronisation are under way. Whoever was let in stays so, and pretix hears of it once.
func TestKilledProxyForgetsNobody(t *testing.T) {
	for left := soakKills(t); left > 0; left -= killsOfWorld {
		kills := min(left, killsOfWorld)
		t.Run(fmt.Sprintf("%d kills", kills), func(t *testing.T) { killAndLookAgain(t, kills) })
	}
}

func killAndLookAgain(t *testing.T, kills int) {
	w := newKillWorld(t, kills*(longestLife+2*killScanners))
	inside := map[int]bool{} // tickets that were let in, as far as anybody knows
	next, lost := 0, 0
	for range kills {
		p := w.start()
		life := newLife(w, p, next, 1+rand.IntN(longestLife))
		life.live()
		next = life.next()

		p = w.start()
		again := w.dial(p)
		for _, ticket := range life.valid {
			inside[ticket] = true
			if verdict, err := again.verdict(w.list, w.secrets[ticket]); verdict != scanproxy.Used {
				t.Errorf("ticket %d was VALID before the program was killed; then %s, %v", ticket, verdict, err)
			}
		}
		for _, ticket := range life.unanswered { // the crew shows it again: let in now, or by the answer that was lost
			verdict, err := again.verdict(w.list, w.secrets[ticket])
			if verdict != scanproxy.Valid && verdict != scanproxy.Used {
				t.Errorf("ticket %d had no answer before the program was killed; then %s, %v", ticket, verdict, err)
			}
			inside[ticket] = true
			lost++
		}
		p.kill()
	}
	w.exchange(drained(t))
	w.compare(inside)
	t.Logf("%d kills, %d let in, %d of them without an answer at first", kills, len(inside), lost)
}

// compare holds what pretix has against who was let in.
func (w *killWorld) compare(inside map[int]bool) {
	w.t.Helper()
	has := map[int64]int{}
	for _, c := range w.pretix.Checkins(w.list.Event) {
		if c.Successful {
			has[int64(c.Position)]++
		}
	}
	for ticket, id := range w.ids {
		want := 0
		if inside[ticket] {
			want = 1
		}
		if has[id] != want {
			w.t.Errorf("ticket %d: pretix has %d check-ins, want %d", ticket, has[id], want)
		}
	}
}

func (w *killWorld) dial(p *proxyProcess) *scannerLine { return dialScanner(w.t, p.address, w.token) }

// life is the time between a start and a kill.
type life struct {
	world   *killWorld
	process *proxyProcess
	most    int64 // answers VALID until it is killed
	taken   atomic.Int64
	heard   atomic.Int64

	mu         sync.Mutex
	valid      []int // tickets
	unanswered []int
	wrong      []string
}

func newLife(w *killWorld, p *proxyProcess, first, most int) *life {
	l := &life{world: w, process: p, most: int64(most)}
	l.taken.Store(int64(first))
	return l
}

func (l *life) next() int { return int(l.taken.Load()) }

// live scans until the program is dead: whoever hears the last VALID kills it at once.
func (l *life) live() {
	var scanners sync.WaitGroup
	for range killScanners {
		line := l.world.dial(l.process)
		scanners.Go(func() {
			for {
				ticket := int(l.taken.Add(1)) - 1
				if !l.scan(line, ticket) {
					return
				}
			}
		})
	}
	scanners.Wait()
	for _, wrong := range l.wrong {
		l.world.t.Error(wrong)
	}
}

// scan shows a ticket, every third one twice with the same nonce, as after an answer that got lost on the way. False: there
// is no program any more.
func (l *life) scan(line *scannerLine, ticket int) bool {
	nonce := fmt.Sprintf("nonce-%d", ticket)
	verdict, err := line.verdictOf(l.world.list, l.world.secrets[ticket], nonce)
	l.note(ticket, verdict, err)
	if err != nil {
		return false
	}
	if l.heard.Add(1) == l.most {
		l.process.kill()
		return false
	}
	if ticket%3 != 0 {
		return true
	}
	verdict, err = line.verdictOf(l.world.list, l.world.secrets[ticket], nonce)
	if err == nil && verdict != scanproxy.Valid {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.wrong = append(l.wrong, fmt.Sprintf("ticket %d with the same nonce again: %s, want VALID", ticket, verdict))
	}
	return err == nil
}

func (l *life) note(ticket int, verdict scanproxy.Type, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		l.unanswered = append(l.unanswered, ticket)
	case verdict == scanproxy.Valid:
		l.valid = append(l.valid, ticket)
	default:
		l.wrong = append(l.wrong, fmt.Sprintf("ticket %d, shown for the first time: %s, want VALID", ticket, verdict))
	}
}

// verdictOf shows a ticket with a nonce.
func (l *scannerLine) verdictOf(list scanproxy.Selection, secret, nonce string) (scanproxy.Type, error) {
	body := strings.TrimSuffix(checkBody(list.Event, list.List, secret), "}") + `,"nonce":"` + nonce + `"}`
	answer, err := l.ask(http.MethodPost, checkPath, body)
	if err != nil {
		return "", err
	}
	return typeOf(answer)
}

// typeOf reads the type of an answer to a check.
func typeOf(answer []byte) (scanproxy.Type, error) {
	_, rest, _ := bytes.Cut(answer, []byte(`"type":"`))
	verdict, _, found := bytes.Cut(rest, []byte(`"`))
	if !found {
		return "", fmt.Errorf("the answer has no type: %s", answer)
	}
	return scanproxy.Type(verdict), nil
}
