package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/pretix/pretixsim"
)

const (
	crowdSize  = 1000
	crowdRests = 3 * time.Second // they wait at least so long before memory is read: some looks at the room's state
)

// BenchmarkCrowd lets a thousand people wait for a room over server-sent events, opens it, and counts until the last is
// inside: calls to pretix and BBB, memory per waiting person, time. Before it, in the same run, as many people wait at a
// bare gin endpoint that holds their stream open, says go, and redirects.
//
// The configured rate is 200 a second here, so that the set is done in a minute; EINLASS_BENCH_RATE=5 is the default of
// release_rate. "at-once" is the highest that can be set.
func BenchmarkCrowd(b *testing.B) {
	rate := 200
	if set, err := strconv.Atoi(os.Getenv("EINLASS_BENCH_RATE")); err == nil {
		rate = set
	}
	b.Run(fmt.Sprintf("%d-a-second", rate), func(b *testing.B) { crowdComes(b, rate, time.Second) })
	b.Run("at-once", func(b *testing.B) { crowdComes(b, 10_000, 0) })
}

func crowdComes(b *testing.B, rate int, jitter time.Duration) {
	for b.Loop() {
		gins := bareCrowd(b)
		h := openHouse(b, houseOptions{args: []string{fmt.Sprintf("--release-rate=%d", rate), "--release-jitter=" + jitter.String()}})
		h.warm()
		order := crowdOrder{Base: h.base(), Tokens: h.sellToCrowd()}
		ours := comes(b, order, h.forgetCalls, func() {
			b.ReportMetric(float64(h.calls().pretix), "pretix-calls-waiting")
			b.ReportMetric(float64(h.calls().bbb)/crowdRests.Seconds(), "bbb-calls/s-waiting")
			h.forgetCalls()
			h.club.BBB.Start(cast.Closed, "Morsen lernen", false, "Anke Leitung (DF1AL)")
		})
		h.reportCalls(b)
		ours.report(b, gins)
	}
}

// sellToCrowd sells a ticket for the closed room to everybody and returns their tokens.
func (h *house) sellToCrowd() (tokens []string) {
	for i := range crowdSize {
		code := fmt.Sprintf("CRW%04d", i)
		h.club.Pretix.AddOrder(cast.Event, pretixsim.Order{Code: code, Positions: []pretixsim.Position{{
			Item: int(h.club.Item), SubEvent: h.club.Dates.Closed, AttendeeName: "Karin Kundig",
			Answers: []pretixsim.Answer{{Question: "VIDEOCONSENT", Value: "YES"}},
		}}})
		tokens = append(tokens, h.club.Token(code, 1))
	}
	return tokens
}

// reportCalls tells what the release cost, and how steady it was.
func (h *house) reportCalls(b *testing.B) {
	perSecond := map[int64]int{}
	most := 0
	for _, r := range h.club.Pretix.Requests() {
		if strings.Contains(r.Path, "redeem") {
			perSecond[r.At.Unix()]++
			most = max(most, perSecond[r.At.Unix()])
		}
	}
	b.ReportMetric(float64(h.club.Pretix.Calls("", ""))/crowdSize, "pretix-calls/person")
	b.ReportMetric(float64(h.club.BBB.Calls("getMeetingInfo"))/crowdSize, "bbb-calls/person")
	b.ReportMetric(float64(most), "most-checkins/s")
	if found := append(h.club.Pretix.Problems(), h.club.BBB.Problems()...); len(found) > 0 {
		b.Errorf("a real pretix or BBB would not have liked that: %q", found)
	}
}

// bareCrowd is the same crowd at gin alone.
func bareCrowd(b *testing.B) crowdFigures {
	open := make(chan struct{})
	base := serveBare(b, bareWaiting(open))
	tokens := make([]string, crowdSize)
	return comes(b, crowdOrder{Base: base, Tokens: tokens}, func() {}, func() { close(open) })
}

func bareWaiting(open <-chan struct{}) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.GET("/ticket", func(c *gin.Context) { c.String(http.StatusOK, "/wait/0/events") })
	g.POST("/ticket", func(c *gin.Context) { c.Redirect(http.StatusSeeOther, "/in") })
	g.GET("/in", func(c *gin.Context) { c.String(http.StatusOK, "in") })
	g.GET("/wait/0/events", func(c *gin.Context) {
		c.Header("Content-Type", "text/event-stream")
		_, _ = io.WriteString(c.Writer, "data: {\"state\":\"wait\"}\n\n")
		c.Writer.Flush()
		select {
		case <-open:
			_, _ = io.WriteString(c.Writer, "data: {\"state\":\"go\"}\n\n")
		case <-c.Request.Context().Done():
		}
	})
	return g
}

// crowdFigures are one crowd in numbers.
type crowdFigures struct {
	perPerson memory // of the server, while they wait
	last      time.Duration
	sent      int     // forms
	waiting   float64 // processors kept busy while they wait
}

// comes starts the crowd, lets it rest in front of the closed room, opens it and waits until everybody is inside.
func comes(b *testing.B, order crowdOrder, waiting, open func()) crowdFigures {
	b.Helper()
	people := startCrowd(b)
	before := readMemory(b)
	people.send(order)
	if n := people.news().Waiting; n != len(order.Tokens) {
		b.Fatalf("%d wait", n)
	}
	waiting()
	worked := processorTime(b)
	time.Sleep(crowdRests)
	worked = processorTime(b) - worked
	after := readMemory(b)
	open()
	begun := time.Now()
	done := people.news()
	f := crowdFigures{
		perPerson: after.less(before).by(crowdSize), last: time.Since(begun), sent: done.Sent,
		waiting: worked.Seconds() / crowdRests.Seconds(),
	}
	if done.In != len(order.Tokens) {
		b.Fatalf("%d are in", done.In)
	}
	return f
}

func (f crowdFigures) report(b *testing.B, gins crowdFigures) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(f.last.Seconds(), "s-to-the-last")
	b.ReportMetric(f.last.Seconds()/gins.last.Seconds(), "time-by-gin")
	b.ReportMetric(float64(f.sent)/crowdSize, "forms/person")
	b.ReportMetric(100*f.waiting, "cpu-%-waiting")
	b.ReportMetric(f.perPerson.rss, "rss-KiB/person")
	b.ReportMetric(f.perPerson.rss/gins.perPerson.rss, "rss-by-gin")
	b.ReportMetric(f.perPerson.heap, "heap-KiB/person")
	b.ReportMetric(f.perPerson.heap/gins.perPerson.heap, "heap-by-gin")
}

// crowdProcess is the other end of crowdMain.
type crowdProcess struct {
	b   *testing.B
	in  io.WriteCloser
	out *json.Decoder
}

func startCrowd(b *testing.B) *crowdProcess {
	b.Helper()
	self, err := os.Executable()
	must(b, err)
	command := exec.CommandContext(b.Context(), self)
	command.Env = append(os.Environ(), crowdVariable+"=1")
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	must(b, err)
	out, err := command.StdoutPipe()
	must(b, err)
	must(b, command.Start())
	b.Cleanup(func() { _ = command.Wait() }) // what went wrong was in its news
	return &crowdProcess{b: b, in: in, out: json.NewDecoder(out)}
}

func (p *crowdProcess) send(o crowdOrder) {
	p.b.Helper()
	must(p.b, json.NewEncoder(p.in).Encode(o))
}

func (p *crowdProcess) news() (n crowdNews) {
	p.b.Helper()
	must(p.b, p.out.Decode(&n))
	if n.Error != "" {
		p.b.Fatal(n.Error)
	}
	return n
}

// processorTime is what the process has used of all processors so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// memory is in KiB.
type memory struct {
	rss  float64 // anonymous pages that are resident: heap, stacks and what the runtime needs
	heap float64 // live objects
}

func (m memory) less(o memory) memory     { return memory{m.rss - o.rss, m.heap - o.heap} }
func (m memory) by(people float64) memory { return memory{m.rss / people, m.heap / people} }

// readMemory reads what is kept, not what waits to be collected.
func readMemory(b *testing.B) memory {
	b.Helper()
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what the first one's finalizers let go
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return memory{rss: anonymousMemory(b, os.Getpid()), heap: float64(stats.HeapAlloc) / 1024}
}

// anonymousMemory is what a process holds of its own, RssAnon, in KiB; 0 if it has ended.
func anonymousMemory(b *testing.B, process int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		b.Skip("resident memory is read from /proc, which is not there")
	}
	fields := strings.Fields(string(status))
	at := slices.Index(fields, "RssAnon:")
	if at < 0 {
		return 0 // it has ended
	}
	rss, err := strconv.ParseFloat(fields[at+1], 64)
	must(b, err)
	return rss
}
