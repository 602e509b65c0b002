package main

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"

	"github.com/einlass/einlass/app/cast"
)

// Others use the machine too, so einlass and the bare endpoint take turns, and what counts is the middle of the rounds.
const (
	shareRounds = 5
	shareVisits = 200 // a round, of each
)

// BenchmarkOwnShare measures what einlass adds to an entry: the whole of POST /ticket over HTTP, less the time that
// pretix and BBB take, which answer at once here. What stays is einlass' own: its HTTP, its rules, its three requests to
// the others, its durable writes. Beside it, in turns, a bare gin endpoint that reads the same form and redirects.
func BenchmarkOwnShare(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { ownShare(b) })
	b.Run("postgres", func(b *testing.B) { ownShare(b, "--database="+durablePostgres(b)) })
}

// durablePostgres is a database whose server waits for the disk, as one with check-ins in it has to. That of the tests
// does not; a server of somebody else's is left as it is.
func durablePostgres(b *testing.B) (url string) {
	b.Helper()
	url = postgres.URL(b)
	if os.Getenv("EINLASS_TEST_POSTGRES") != "" {
		return url
	}
	conn, err := pgx.Connect(b.Context(), url)
	must(b, err)
	for _, statement := range []string{`ALTER SYSTEM SET fsync = on`, `SELECT pg_reload_conf()`} {
		_, err = conn.Exec(b.Context(), statement)
		must(b, err)
	}
	soon, cancel := context.WithTimeout(b.Context(), 10*time.Second)
	defer cancel()
	for fsync := ""; fsync != "on"; { // a connection learns of it between two statements
		must(b, conn.QueryRow(soon, `SHOW fsync`).Scan(&fsync))
	}
	must(b, conn.Close(b.Context()))
	return url
}

func ownShare(b *testing.B, args ...string) {
	upstream := &instant{}
	h := openHouse(b, houseOptions{upstream: upstream.front, args: append(args, "--rate-ticket=100000")})
	h.warm()
	bare := bareEntry(b)
	form := url.Values{"token": {h.club.Story("running").Token}}
	enter := func(base string) func() time.Duration {
		return func() time.Duration { return h.entryTime(base, form, upstream) }
	}
	repeat(shareVisits, enter(bare))
	repeat(shareVisits, enter(h.base()))

	var own, gins []spread
	for b.Loop() {
		for range shareRounds {
			gins = append(gins, spreadOf(repeat(shareVisits, enter(bare))))
			own = append(own, spreadOf(repeat(shareVisits, enter(h.base()))))
		}
	}
	report(b, own, gins)
}

// entryTime is how long one entry takes, upstream not counted.
func (h *house) entryTime(base string, form url.Values, upstream *instant) time.Duration {
	then := upstream.spent.Load()
	begun := time.Now()
	status := h.fetch(http.MethodPost, base+"/ticket", form)
	took := time.Since(begun)
	if status != http.StatusSeeOther {
		h.tb.Fatalf("answered %d, want a redirect", status)
	}
	return took - time.Duration(upstream.spent.Load()-then)
}

// bareEntry is what gin alone needs for the like: a form read, a redirect written.
func bareEntry(b *testing.B) (base string) {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.POST("/ticket", func(c *gin.Context) {
		if c.PostForm("token") == "" {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Redirect(http.StatusSeeOther, "https://bbb.example/"+cast.Running)
	})
	return serveBare(b, g)
}

func serveBare(b *testing.B, g *gin.Engine) (base string) {
	b.Helper()
	server, err := startServer(g)
	must(b, err)
	b.Cleanup(func() { must(b, server.Close()) })
	return server.url()
}

func repeat(n int, once func() time.Duration) []time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = once()
	}
	return times
}

// spread is one round in two numbers.
type spread struct{ p50, p99 time.Duration }

func spreadOf(times []time.Duration) spread {
	return spread{p50: quantile(times, 0.50), p99: quantile(times, 0.99)}
}

func quantile[T time.Duration | float64](of []T, q float64) T {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// report tells the middle of the rounds, and the middle of the rounds' ratios, which a busy machine moves less.
func report(b *testing.B, own, gins []spread) {
	var p50, p99, ratio50, ratio99 []float64
	for i := range own {
		p50 = append(p50, float64(own[i].p50.Microseconds()))
		p99 = append(p99, float64(own[i].p99.Microseconds()))
		ratio50 = append(ratio50, float64(own[i].p50)/float64(gins[i].p50))
		ratio99 = append(ratio99, float64(own[i].p99)/float64(gins[i].p99))
	}
	b.ReportMetric(0, "ns/op") // of a whole set of rounds: tells nothing
	b.ReportMetric(quantile(p50, 0.5), "p50-µs")
	b.ReportMetric(quantile(p99, 0.5), "p99-µs")
	b.ReportMetric(quantile(ratio50, 0.5), "p50-by-gin")
	b.ReportMetric(quantile(ratio99, 0.5), "p99-by-gin")
}
