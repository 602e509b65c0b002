package store_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/testclock"
)

var _ scanproxy.Queue = (*store.Journal)(nil)

// venue is a door with pretix behind it. Nothing happens between the two unless the test does it.
type venue struct {
	door     *scanproxy.Door
	copy     *memoryCopy
	store    *store.Store
	journal  *store.Journal
	uploader *scanproxy.Uploader
	pretix   *pretixsim.Server
	server   *httptest.Server
	*testclock.Clock
}

// newVenue has tickets 1..n on a list where each counts once, known to pretix under the same numbers.
func newVenue(t testing.TB, s *store.Store, n int) *venue {
	t.Helper()
	v := &venue{copy: newFair(n), store: s, journal: storetest.Journal(t, s), Clock: testclock.At(evening())}
	v.pretix = pretixsim.New(pretixsim.Options{Now: v.Now})
	v.server = httptest.NewServer(v.pretix.Handler())
	t.Cleanup(v.server.Close)
	v.furnish(t, n)
	client, err := pretix.New(pretix.Config{BaseURL: v.server.URL, Organizer: "org", Token: "token"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	v.door = &scanproxy.Door{Copy: v.copy, Journal: v.journal, Now: v.Now}
	v.uploader = &scanproxy.Uploader{
		Queue: v.journal, Pretix: client, Copy: v.copy, Now: v.Now, Log: slog.New(slog.DiscardHandler),
	}
	return v
}

func (v *venue) furnish(t testing.TB, n int) {
	t.Helper()
	v.pretix.AddOrganizer(pretixsim.Organizer{Slug: "org", Name: "Org"})
	v.pretix.AddTeam(pretixsim.Team{Token: "token", AllRights: true})
	v.pretix.AddEvent(pretixsim.Event{Slug: fair, Name: pretixsim.Text{"en": "Fair"}})
	item := v.pretix.AddItem(fair, pretixsim.Item{Name: pretixsim.Text{"en": "Day ticket"}})
	if list := v.pretix.AddList(fair, pretixsim.List{Name: "Gate"}); int64(list) != gate.List {
		t.Fatalf("the list has the id %d, want %d", list, gate.List)
	}
	for i := range n {
		order := v.pretix.AddOrder(fair, pretixsim.Order{Code: numbered("O", i+1), Positions: []pretixsim.Position{
			{Item: item, Secret: numbered("secret", i+1)},
		}})
		if id := order.Positions[0].ID; id != i+1 {
			t.Fatalf("the ticket has the id %d, want %d", id, i+1)
		}
	}
}

// upload is one round.
func (v *venue) upload(t *testing.T) scanproxy.Tally {
	t.Helper()
	tally, err := v.uploader.Round(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

// sync shows a ticket as pretix has it, and settles.
func (v *venue) sync(t testing.TB, ticket int) {
	t.Helper()
	var shown []scanproxy.Checkin
	f := store.Fetched{Positions: []int64{int64(ticket)}}
	for _, c := range v.accepted(ticket) {
		typ := scanproxy.Entry
		if c.Type == "exit" {
			typ = scanproxy.Exit
		}
		shown = append(shown, scanproxy.Checkin{ID: int64(c.ID), List: int64(c.List), Type: typ, At: c.At})
		f.Checkins = append(f.Checkins, store.SeenCheckin{Event: fair, Position: int64(ticket), List: int64(c.List), Type: typ, At: c.At})
	}
	if err := v.journal.Settle(context.WithoutCancel(t.Context()), f, v.copy.show(int64(ticket), shown...)); err != nil {
		t.Error(err)
	}
}

// accepted is what pretix has about a ticket, without refusals.
func (v *venue) accepted(ticket int) (found []pretixsim.Checkin) {
	for _, c := range v.pretix.Checkins(fair) {
		if c.Successful && c.Position == ticket {
			found = append(found, c)
		}
	}
	return found
}

func (v *venue) scan(t *testing.T, s scanproxy.Scan, want scanproxy.Type) {
	t.Helper()
	if got := scans(t, v.door, s); got.Type != want {
		t.Errorf("%s (%s), want %s", got.Type, got.Rule, want)
	}
}

// atVenues tells the story on both engines.
func atVenues(t *testing.T, tickets int, story func(t *testing.T, v *venue)) {
	onBothEngines(t, func(t *testing.T, s *store.Store) { story(t, newVenue(t, s, tickets)) })
}

// atVenue tells the story on SQLite, where the engine does not matter.
func atVenue(t *testing.T, tickets int) *venue {
	t.Helper()
	return newVenue(t, storetest.Open(t, storetest.SQLiteURL(t)), tickets)
}

func TestUploadTellsPretixWhatHappened(t *testing.T) {
	atVenues(t, 2, func(t *testing.T, v *venue) {
		v.scan(t, entry(1), scanproxy.Valid)
		v.Pass(time.Minute)
		v.scan(t, exit(1), scanproxy.Valid)
		v.Pass(time.Minute)
		v.scan(t, entry(1), scanproxy.Valid)
		v.scan(t, entry(2), scanproxy.Valid)
		v.scan(t, entry(2), scanproxy.Used)
		v.Pass(time.Hour)

		if got := v.upload(t); got.Done != 5 {
			t.Errorf("first round: %+v, want 5 done", got)
		}
		if got := v.upload(t); got != (scanproxy.Tally{}) {
			t.Errorf("second round: %+v, want nothing to do", got)
		}
		start := evening().Truncate(time.Second)
		for i, want := range []struct {
			kind string
			at   time.Time
		}{{"entry", start}, {"exit", start.Add(time.Minute)}, {"entry", start.Add(2 * time.Minute)}} {
			got := v.accepted(1)
			if len(got) != 3 || got[i].Type != want.kind || !got[i].At.Equal(want.at) || got[i].Nonce == "" {
				t.Errorf("check-in %d at pretix: %+v, want %s at %s with a nonce", i, got, want.kind, want.at)
			}
		}
		all := v.pretix.Checkins(fair)
		if refused := all[len(all)-1]; len(all) != 5 || refused.Reason != "already_redeemed" || refused.Position != 2 {
			t.Errorf("pretix has %+v, want a refusal of ticket 2 at the end", all)
		}
		if problems := v.pretix.Problems(); len(problems) > 0 {
			t.Error(problems)
		}
	})
}

// loseAnswer loses pretix' next answer to a check-in, after pretix has done it.
func (v *venue) loseAnswer() {
	v.pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{AfterEffect: true, Reset: true, Times: 1})
}

func TestLostAnswerIsUploadedOnce(t *testing.T) {
	atVenues(t, 1, func(t *testing.T, v *venue) {
		v.loseAnswer()
		v.scan(t, entry(1), scanproxy.Valid)
		if got := v.upload(t); got.Kept != 1 {
			t.Errorf("answer lost: %+v, want one kept", got)
		}
		if got := v.upload(t); got != (scanproxy.Tally{}) {
			t.Errorf("at once: %+v, want it to rest", got)
		}
		v.Pass(time.Hour)
		if got := v.upload(t); got.Done != 1 || got.Doubles != 0 || len(v.accepted(1)) != 1 {
			t.Errorf("again: %+v, %d check-ins at pretix, want it done, once, and no double", got, len(v.accepted(1)))
		}
	})
}

func TestRefusedUploadIsGivenUpAndStopsNobody(t *testing.T) {
	atVenues(t, 2, func(t *testing.T, v *venue) {
		v.pretix.CancelPosition(1) // after our copy was made
		v.scan(t, entry(1), scanproxy.Valid)
		v.scan(t, entry(2), scanproxy.Valid)
		if got := v.upload(t); got.GivenUp != 1 || got.Done != 1 {
			t.Errorf("%+v, want one given up and one done", got)
		}
		given, err := v.journal.GivenUp(t.Context(), 10)
		if err != nil || len(given) != 1 || given[0].Position != 1 || given[0].Reason != "pretix: error invalid" {
			t.Errorf("given up: %+v, %v", given, err)
		}
		v.scan(t, entry(1), scanproxy.Used) // whatever pretix thinks, somebody is inside
		backlog, err := v.journal.Backlog(t.Context())
		if want := (store.Backlog{Queued: 1, GivenUp: 1}); err != nil || backlog != want {
			t.Errorf("backlog %+v, %v, want %+v", backlog, err, want)
		}
	})
}

func TestLaterUploadsOfATicketWaitForTheFirst(t *testing.T) {
	v := atVenue(t, 2)
	v.scan(t, entry(1), scanproxy.Valid)
	v.scan(t, exit(1), scanproxy.Valid)
	v.scan(t, entry(2), scanproxy.Valid)
	v.uploader.Parallel = 1
	v.pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Status: 502, Times: 1})
	if got := v.upload(t); got.Kept != 1 || got.Done != 1 || len(v.accepted(2)) != 1 {
		t.Errorf("a hiccup: %+v, want one kept, and the other ticket done", got)
	}
	if got := v.upload(t); got != (scanproxy.Tally{}) {
		t.Errorf("too early: %+v, want the exit to wait for the entry", got)
	}
	v.Pass(time.Hour)
	if got := v.upload(t); got.Done != 2 || v.accepted(1)[0].Type != "entry" {
		t.Errorf("later: %+v, %+v, want entry and exit done", got, v.accepted(1))
	}
}

func TestPretixIsGivenTheTimeItAsksFor(t *testing.T) {
	v := atVenue(t, 20)
	for ticket := range 20 {
		v.scan(t, entry(ticket+1), scanproxy.Valid)
	}
	v.uploader.Parallel = 1
	for _, c := range []struct {
		story string
		fault pretixsim.Fault
		pause time.Duration
		calls int
	}{
		{"too many requests", pretixsim.Fault{Status: 429, RetryAfter: "300"}, 5 * time.Minute, 1},
		{"out of order", pretixsim.Fault{Status: 503, RetryAfter: "120"}, 2 * time.Minute, 1},
		{"our device was revoked", pretixsim.Fault{Status: 401, ContentType: "application/json", Body: `{"detail": "Invalid token."}`}, time.Minute, 1},
		{"the line is down", pretixsim.Fault{Reset: true}, 0, 3},
	} {
		before := len(v.pretix.Requests())
		v.pretix.Fault("POST checkinrpc/redeem", c.fault)
		if got := v.upload(t); got.Stopped == "" || len(v.pretix.Requests())-before != c.calls {
			t.Errorf("%s: %+v after %d calls, want a stop after %d", c.story, got, len(v.pretix.Requests())-before, c.calls)
		}
		v.pretix.ClearFaults()
		if c.pause > 0 {
			v.Pass(c.pause - time.Second)
			if got := v.upload(t); got.Done > 0 {
				t.Errorf("%s: %+v although pretix asked for more patience", c.story, got)
			}
			v.Pass(2 * time.Second)
		}
	}
	v.Pass(time.Hour)
	if got := v.upload(t); got.Done != 20 {
		t.Errorf("in the end: %+v, want all done", got)
	}
}
