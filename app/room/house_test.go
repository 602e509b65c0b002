package room_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/testclock"
)

// eightInTheEvening is when the stories take place: a Tuesday in Berlin.
var eightInTheEvening = time.Date(2026, 12, 1, 20, 0, 0, 0, berlin())

func berlin() *time.Location {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the test binary carries its zone files
	}
	return loc
}

// house is a bridge with real clients, a real SQLite and simulated servers.
type house struct {
	*room.Bridge
	*cast.Cast
	clock *testclock.Clock // everybody's: einlass', pretix' and BBB's
	store *store.Store
	t     testing.TB
}

const base = "http://127.0.0.1:9"

func newHouse(t testing.TB) *house { return newHouseAt(t, eightInTheEvening) }

func newHouseAt(t testing.TB, now time.Time) *house {
	t.Helper()
	c := testclock.At(now)
	club := cast.New(base, c.Now)
	shop := httptest.NewServer(club.Pretix.Handler())
	t.Cleanup(shop.Close)
	conference := httptest.NewServer(club.BBB.Handler())
	t.Cleanup(conference.Close)

	kept, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + t.TempDir(), Now: c.Now})
	must(t, err)
	t.Cleanup(func() { must(t, kept.Close()) })
	must(t, club.Furnish(t.Context(), kept))

	orders, err := pretix.New(pretix.Config{BaseURL: shop.URL, Token: cast.PretixToken, Organizer: cast.Organizer, Timeout: 2 * time.Second})
	must(t, err)
	catalog, err := mirror.New(orders, mirror.Options{Now: c.Now})
	must(t, err)
	meetings, err := bbb.New(bbb.Config{BaseURL: conference.URL, Secret: cast.BBBSecret, Timeout: 2 * time.Second})
	must(t, err)
	links, err := pretix.NewLinkVerifier(pretix.LinkConfig{Secrets: []pretix.LinkSecret{cast.LinkSecret}, Now: c.Now})
	must(t, err)

	h := &house{Cast: club, clock: c, store: kept, t: t}
	h.Bridge = &room.Bridge{
		Links: links, Orders: orders, Catalog: catalog, Joiner: meetings, Store: kept,
		Meetings: &room.Meetings{BBB: meetings, MaxAge: time.Second, Now: c.Now},
		Release:  &room.Release{Rate: 20, Burst: 20, Jitter: time.Second},
		Log:      slog.New(slog.DiscardHandler), Now: c.Now,
		Rules: room.Rules{
			Events: []string{cast.Event}, Meta: []string{"Teilnehmerlink", "Teilnahmelink"}, Bases: []string{base},
			Questions:  room.Questions{Callsign: "RUFZEICHEN", Consent: "VIDEOCONSENT", ConsentYes: []string{"true", "yes"}},
			DateWindow: true, Doors: 30 * time.Minute, Grace: 30 * time.Minute,
			LeaveHint: 2 * time.Minute, Lease: time.Minute, ErrorURL: base + "/back",
		},
	}
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// visit is what a browser sends for a story: a form that was filled in where one was needed.
func (h *house) visit(story string) room.Visit {
	s := h.Story(story)
	if s.Key == "" {
		h.t.Fatalf("there is no story %q", story)
	}
	return room.Visit{Token: s.Token, Browser: "phone", Language: "en", Notice: "v1"}
}

// enter presses the button for a story.
func (h *house) enter(story string) room.Admission {
	h.t.Helper()
	return h.enterAs(h.visit(story))
}

func (h *house) enterAs(v room.Visit) room.Admission {
	h.t.Helper()
	a, err := h.Enter(context.Background(), v)
	h.noteError(err)
	return a
}

// look fetches the link of a story.
func (h *house) look(story string) room.Admission {
	h.t.Helper()
	a, err := h.Look(context.Background(), h.visit(story))
	h.noteError(err)
	return a
}

// noteError shows what the operator would read, for a test that fails.
func (h *house) noteError(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Logf("for the operator: %v", err)
	}
}

// checkins counts the successful check-ins of a story's ticket at pretix.
func (h *house) checkins(story string) int {
	n := 0
	for _, c := range h.Pretix.Checkins(cast.Event) {
		if c.Position == int(h.Story(story).Position) && c.Reason == "" {
			n++
		}
	}
	return n
}

// answered fails unless the answer is the expected one: "admit", "wait room", "refuse used_today", "confirm", "choose".
func answered(t testing.TB, what string, a room.Admission, want string) {
	t.Helper()
	got := map[room.Kind]string{room.Admit: "admit", room.Choose: "choose", room.Confirm: "confirm"}[a.Kind]
	switch a.Kind {
	case room.Wait:
		got = "wait " + string(a.For)
	case room.Refuse:
		got = "refuse " + string(a.Why)
	}
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
	if (a.Join != "") != (a.Kind == room.Admit) {
		t.Errorf("%s: a join URL goes with an admission and with nothing else", what)
	}
}
