package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

var _ scanproxy.Journal = (*store.Journal)(nil)

const fair = "fair"

// gate is a list on which every ticket counts once.
var gate = scanproxy.Selection{Event: fair, List: 1}

// memoryCopy is a local copy in memory: a snapshot with a generation.
type memoryCopy struct {
	mu         sync.RWMutex
	snapshot   scanproxy.Snapshot
	generation int64
	shown      map[int64]int64 // which position was shown in a generation
	read       func()          // called after each Read, when its facts begin to age
}

func (c *memoryCopy) Read(_ context.Context, f func(scanproxy.Lookup, int64) error) error {
	c.mu.RLock()
	err := f(&c.snapshot, c.generation)
	c.mu.RUnlock()
	if c.read != nil {
		c.read()
	}
	return err
}

func (c *memoryCopy) Generation(context.Context) (int64, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.generation, nil
}

// show is what a synchronisation does with one ticket: all its check-ins are replaced. It returns the new generation.
func (c *memoryCopy) show(position int64, checkins ...scanproxy.Checkin) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.shown[c.generation] = position
	for i, t := range c.snapshot.Tickets {
		if t.ID == position {
			c.snapshot.Tickets[i].Checkins = checkins
		}
	}
	return c.generation
}

// newFair has tickets 1..n with the secrets "secret-1"...
func newFair(n int) *memoryCopy {
	c := &memoryCopy{generation: 1, shown: map[int64]int64{}, snapshot: scanproxy.Snapshot{
		Events: map[string]*scanproxy.Event{fair: {
			Slug: fair, Items: map[int64]scanproxy.Item{10: {ID: 10, Name: scanproxy.Text{"en": "Day ticket"}}},
		}},
		Lists: map[scanproxy.Selection]*scanproxy.List{
			gate: {ID: gate.List, Event: fair, AllProducts: true, EntryAfterExit: true},
		},
	}}
	for i := range n {
		c.snapshot.Tickets = append(c.snapshot.Tickets, scanproxy.Ticket{
			Event: fair, ID: int64(i + 1), PositionID: 1, Item: 10, Secret: scanproxy.Code(numbered("secret", i+1)),
			Order: scanproxy.Order{Code: numbered("ORDER", i+1), Status: scanproxy.Paid},
		})
	}
	return c
}

// newDoor opens a door at the copy, with a clock that stands still.
func newDoor(t testing.TB, s *store.Store, c scanproxy.Copy) *scanproxy.Door {
	t.Helper()
	return &scanproxy.Door{Copy: c, Journal: storetest.Journal(t, s), Now: func() time.Time { return evening() }}
}

func entry(ticket int) scanproxy.Scan {
	return scanproxy.Scan{
		Selected: []scanproxy.Selection{gate}, Type: scanproxy.Entry, Code: scanproxy.Code(numbered("secret", ticket)),
	}
}

func exit(ticket int) scanproxy.Scan {
	s := entry(ticket)
	s.Type = scanproxy.Exit
	return s
}

var north = scanproxy.Device{ID: 7, Name: "North door"}

func scans(t *testing.T, d *scanproxy.Door, s scanproxy.Scan) scanproxy.Verdict {
	t.Helper()
	v, err := d.Scan(t.Context(), north, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTicketIsAdmittedOnce(t *testing.T) {
	with := func(s scanproxy.Scan, nonce string) scanproxy.Scan { s.Nonce = nonce; return s }
	long := string(make([]byte, 300))
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		d := newDoor(t, s, newFair(3))
		for _, c := range []struct {
			story string
			scan  scanproxy.Scan
			want  scanproxy.Type
		}{
			{"first", entry(1), scanproxy.Valid},
			{"again", entry(1), scanproxy.Used},
			{"out", exit(1), scanproxy.Valid},
			{"and in again", entry(1), scanproxy.Valid},
			{"another ticket with a nonce", with(entry(2), "n1"), scanproxy.Valid},
			{"the answer got lost", with(entry(2), "n1"), scanproxy.Valid},
			{"somebody else with that ticket", with(entry(2), "n2"), scanproxy.Used},
			{"a nonce that pretix cannot store", with(entry(3), long), scanproxy.Valid},
			{"and its repeat", with(entry(3), long), scanproxy.Valid},
			{"a code that nobody sold", entry(4), scanproxy.Invalid},
		} {
			if got := scans(t, d, c.scan); got.Type != c.want {
				t.Errorf("%s: %s (%s), want %s", c.story, got.Type, got.Rule, c.want)
			}
		}
		wantRows(t, s, "checkins", `SELECT count(*) FROM checkins`, "5")
		wantRows(t, s, "refusals", `SELECT error_reason FROM refusals ORDER BY id`,
			"already_redeemed", "already_redeemed", "invalid")
	})
}

func wantRows(t *testing.T, s *store.Store, what, query string, want ...string) {
	t.Helper()
	got, err := s.Query(t.Context(), query)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, %v, want %v", what, got, err, want)
	}
}

func TestUsedSaysWhere(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		d := newDoor(t, s, newFair(1))
		scans(t, d, entry(1))
		if got := scans(t, d, entry(1)); got.ReasonExplanation != `Used just now at "North door".` {
			t.Errorf("explanation: %q", got.ReasonExplanation)
		}
	})
}

// A ticket known by its signed code alone has no facts of pretix: what we did ourselves counts for good, and goes on
// counting when its order comes.
func TestOwnCheckinsAreFoundByCodeAndByPosition(t *testing.T) {
	signed := scanproxy.Case{Subject: scanproxy.Subject{Event: fair, List: 1, Secret: "signed"}, Device: north, At: evening()}
	mirrored := signed
	mirrored.Position, mirrored.Generation = 17, 5
	reissued := mirrored
	reissued.Secret = "signed anew"
	otherList := mirrored
	otherList.List = 2
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		j := storetest.Journal(t, s)
		admit(t, j, signed)
		admit(t, j, mirrored)
		for _, c := range []struct {
			story string
			scanproxy.Case
			want int
		}{{"by its code", signed, 2}, {"by both", mirrored, 2}, {"by position", reissued, 1}, {"elsewhere", otherList, 0}} {
			if got := len(historyOf(t, j, c.Case).Checkins); got != c.want {
				t.Errorf("%s: %d check-ins, want %d", c.story, got, c.want)
			}
		}
	})
}

func admit(t *testing.T, j *store.Journal, c scanproxy.Case) {
	t.Helper()
	_, err := j.Judge(t.Context(), c, func(scanproxy.History) (scanproxy.Verdict, error) {
		return scanproxy.Verdict{Admit: &scanproxy.Admit{Subject: c.Subject, Type: scanproxy.Entry, At: c.At.Truncate(time.Second)}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func historyOf(t *testing.T, j *store.Journal, c scanproxy.Case) (seen scanproxy.History) {
	t.Helper()
	_, err := j.Judge(t.Context(), c, func(h scanproxy.History) (scanproxy.Verdict, error) {
		seen = h
		return scanproxy.Verdict{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestJournalThatDoesNotRunAdmitsNobody(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	j := s.Journal()
	ended, stop := context.WithCancel(t.Context())
	stop()
	if err := j.Run(ended); err != nil {
		t.Fatal(err)
	}
	d := &scanproxy.Door{Copy: newFair(1), Journal: j, Now: time.Now}
	if v, err := d.Scan(t.Context(), north, entry(1)); !errors.Is(err, scanproxy.ErrClosed) {
		t.Errorf("%v, %v, want ErrClosed", v.Type, err)
	}
}

// manyScans is how many scanners fight for each ticket, rounds how many tickets there are.
const manyScans, rounds = 50, 200

func TestOneOfManyScansIsAdmitted(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s := storetest.Open(t, pooled(url))
		fight(t, newDoor(t, s, newFair(rounds)), nil)
	})
}

// pooled asks for more connections than PostgreSQL clients take by themselves on a small machine.
func pooled(url string) string {
	if strings.HasPrefix(url, "postgres:") {
		return url + "&pool_max_conns=16"
	}
	return url
}

// fight scans each ticket many times at once and wants one VALID.
func fight(t *testing.T, d *scanproxy.Door, meanwhile func(ticket int)) {
	t.Helper()
	for ticket := 1; ticket <= rounds; ticket++ {
		if meanwhile != nil {
			meanwhile(ticket)
		}
		if valid, err := scanAtOnce(t.Context(), d, ticket, manyScans); err != nil || valid != 1 {
			t.Fatalf("ticket %d: %d scans VALID, %v, want 1", ticket, valid, err)
		}
	}
}

// scanAtOnce counts the VALID answers of parallel scans of one ticket. Others than VALID and USED are errors.
func scanAtOnce(ctx context.Context, d *scanproxy.Door, ticket, scanners int) (valid int, err error) {
	verdicts := make([]scanproxy.Type, scanners)
	answers := inParallel(scanners, func(i int) error {
		v, err := d.Scan(ctx, north, entry(ticket))
		verdicts[i] = v.Type
		return err
	})
	for _, v := range verdicts {
		switch v {
		case scanproxy.Valid:
			valid++
		case scanproxy.Used:
		default:
			answers = append(answers, fmt.Errorf("verdict %q", v))
		}
	}
	return valid, errors.Join(answers...)
}

// Facts grow old between reading and judging, some of them at every try.
func TestOneOfManyScansIsAdmittedDuringSync(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		copied := newFair(rounds)
		var reads, ticket atomic.Int64
		copied.read = func() {
			if reads.Add(1)%5 != 0 {
				copied.show(ticket.Load()) // pretix knows nothing yet
			}
		}
		fight(t, newDoor(t, storetest.Open(t, pooled(url)), copied), func(t int) { ticket.Store(int64(t)) })
	})
}

// askingCopy asks the database for its generation, like a copy in a schema of the same database.
type askingCopy struct {
	*memoryCopy
	store *store.Store
}

func (c askingCopy) Generation(ctx context.Context) (int64, error) {
	_, err := c.store.Version(ctx)
	return 1, err
}

// Scans that wait for a second connection while they hold one must not keep each other from ever getting it.
func TestScansDoNotUseUpTheConnections(t *testing.T) {
	url := postgres.URL(t) + "&pool_max_conns=2"
	s := storetest.Open(t, url)
	d := newDoor(t, s, askingCopy{newFair(1), s})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if valid, err := scanAtOnce(ctx, d, 1, manyScans); err != nil || valid != 1 {
		t.Errorf("%d scans VALID, %v, want 1", valid, err)
	}
}
