package store_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// tripCounter stands between us and PostgreSQL and counts how often we speak after having listened.
type tripCounter struct {
	trips           atomic.Int64
	network, server string
}

// countTrips returns the counter, and the URL that leads through it.
func countTrips(t *testing.T, server string) (*tripCounter, string) {
	t.Helper()
	config, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatal("the URL of the test's server")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c := &tripCounter{}
	c.network, c.server = pgconn.NetworkAddress(config.Host, config.Port)
	go c.accept(t.Context(), listener)

	through, err := url.Parse(server)
	if err != nil {
		t.Fatal("the URL of the test's server")
	}
	query := through.Query()
	query.Set("host", "127.0.0.1")
	query.Set("port", strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))
	query.Set("sslmode", "disable")
	through.RawQuery = query.Encode()
	return c, through.String()
}

func (c *tripCounter) accept(ctx context.Context, l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return // closed with the test
		}
		server, err := new(net.Dialer).DialContext(ctx, c.network, c.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		var listened atomic.Bool
		go c.copy(client, server, func() { listened.Store(true) })
		go c.copy(server, client, func() {
			if listened.Swap(false) {
				c.trips.Add(1)
			}
		})
	}
}

// copy copies until one side ends, and says so before each piece.
func (c *tripCounter) copy(to, from net.Conn, piece func()) {
	defer func() { _ = errors.Join(to.Close(), from.Close()) }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			piece()
		}
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

// tripsAt opens a door that is warm: statements are prepared, configuration is compiled. Its journal and its copy have one
// connection each, which the counter stands in.
func tripsAt(t *testing.T) (*entrance, *tripCounter) {
	t.Helper()
	server := postgres.URL(t)
	filled := openMirror(t, server, nil)
	at := openFair(t, filled)
	for n := range 40 {
		apply(t, filled, orders(t, anOrder(n, aPosition(n, 1, nil))))
	}
	counter, through := countTrips(t, server)
	through += "&pool_max_conns=1"
	e := &entrance{journal: storetest.Journal(t, storetest.Open(t, through)), copy: openMirror(t, through, nil), at: at, now: doorsOpen}
	e.door = &scanproxy.Door{Copy: e, Finder: e.copy, Journal: e.journal, Now: func() time.Time { return e.now }}
	for n := range 3 {
		e.scan(t, aSecret(n), scanproxy.Valid)
		e.scan(t, aSecret(n), scanproxy.Used)
		e.scan(t, "nobody's", scanproxy.Invalid)
		e.entered(t, n+1)
	}
	return e, counter
}

// A scan is one round trip to the copy and three to the journal: lock and history, whether the copy has changed, what is
// written. A number that grows is a slower door.
func TestRoundTripsOfAScan(t *testing.T) {
	e, counter := tripsAt(t)
	for _, c := range []struct {
		story  string
		secret scanproxy.Code
		want   scanproxy.Type
		trips  int64
	}{
		{"a ticket for the first time", aSecret(20), scanproxy.Valid, 4},
		{"a ticket for the second time", aSecret(20), scanproxy.Used, 4},
		{"no ticket", "nobody's", scanproxy.Invalid, 6}, // no medium, and on no list of codes
	} {
		counter.trips.Store(0)
		e.scan(t, c.secret, c.want)
		if got := counter.trips.Load(); got != c.trips {
			t.Errorf("%s: %d round trips, want %d", c.story, got, c.trips)
		}
	}
}

// A status asks the copy and the journal what has changed, then for the visits of those tickets, then the copy for all it
// has to say.
func TestRoundTripsOfAStatus(t *testing.T) {
	e, counter := tripsAt(t)
	for _, c := range []struct {
		story string
		after func()
		trips int64
	}{
		{"nothing has happened", func() {}, 3},
		{"somebody came", func() { e.scan(t, aSecret(21), scanproxy.Valid) }, 4},
		{"pretix changed the order of somebody who came", func() {
			apply(t, e.copy, orders(t, anOrder(1, aPosition(1, 1, fields{"attendee_name": "Erika"}))))
			e.scan(t, aSecret(22), scanproxy.Valid)
		}, 4},
	} {
		c.after()
		e.now = e.now.Add(time.Minute) // an answer is given for a second
		counter.trips.Store(0)
		if _, err := e.door.Status(t.Context(), e.at); err != nil {
			t.Fatal(err)
		}
		if got := counter.trips.Load(); got != c.trips {
			t.Errorf("%s: %d round trips, want %d", c.story, got, c.trips)
		}
	}
}

// A search makes sure of the lists, asks the copy for what begins like the text or holds it, and for what is on these
// tickets; then the journal for their visits.
func TestRoundTripsOfASearch(t *testing.T) {
	const want = 4
	e, counter := tripsAt(t)
	for n := range 3 {
		counter.trips.Store(0)
		hits, err := e.door.Search(t.Context(), north, []scanproxy.Selection{e.at}, fmt.Sprintf("buyer2%d", n), 1)
		if err != nil || len(hits) != 1 {
			t.Fatalf("%d hits, %v; want 1", len(hits), err)
		}
	}
	if got := counter.trips.Load(); got != want {
		t.Errorf("%d round trips, want %d", got, want)
	}
}

// aSecret is that of the position that aPosition makes.
func aSecret(n int) scanproxy.Code { return scanproxy.Code(fmt.Sprintf("secret-%d-1", n)) }

func TestThePoolIsAsLargeAsItsURLSays(t *testing.T) {
	for url, want := range map[string]int32{
		"postgres://einlass@localhost/einlass":                                   16,
		"postgres://einlass@localhost/einlass?pool_max_conns=3":                  3,
		"postgres://einlass@localhost/einlass?sslmode=disable&pool_max_conns=40": 40,
	} {
		if got, err := store.PoolSize(url); err != nil || got != want {
			t.Errorf("%s: %d connections, %v; want %d", url, got, err, want)
		}
	}
}
