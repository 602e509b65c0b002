package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
)

func TestRoomComesBackAsItWasStored(t *testing.T) {
	cases := map[string]room.Room{
		"as few as possible": {Slug: "a1", Name: "A", MeetingID: "m1", Access: room.AccessTicket, Recording: room.RefuseEntry},
		"every field": {
			Slug: "treff-2", Name: "Nachttreff", Description: "Zeile 1\nZeile 2", ShopURL: "https://shop.example/?a=1&b=2",
			MeetingID: "m_2-x", WaitForModerator: true, Access: room.AccessCode, Code: "geheim 4711", Recording: room.ListenOnly,
		},
		"unicode":      {Slug: "u1", Name: "Größe 東京 🎙️ \u202eRTL", Description: `'"; DROP TABLE rooms; --`, Access: room.AccessOpen},
		"a long text":  {Slug: "l1", Name: "L", Description: strings.Repeat("Ä", 500_000)},
		"blank spaces": {Slug: "s1", Name: "  S  ", Description: "\t\r\n "},
	}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		for story, r := range cases {
			created := putRoom(t, s, r)
			if created.ID == 0 {
				t.Errorf("%s: no ID", story)
			}
			r.ID = created.ID
			read, err := s.Room(t.Context(), r.Slug)
			if err != nil {
				t.Errorf("%s: %v", story, err)
			}
			if diff := cmp.Diff([]room.Room{r, r}, []room.Room{created, read}); diff != "" {
				t.Errorf("%s: stored and read differ (-want +got):\n%s", story, diff)
			}
		}
	})
}

func TestRoomIsChangedInPlace(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		before := putRoom(t, s, lounge())
		want := before
		want.Slug, want.Name, want.WaitForModerator, want.Access = "salon", "Salon", false, room.AccessOpen
		if diff := cmp.Diff(want, putRoom(t, s, want)); diff != "" {
			t.Errorf("changed room (-want +got):\n%s", diff)
		}
		if _, err := s.Room(t.Context(), before.Slug); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("old slug: %v, want ErrNotFound", err)
		}
		if rooms, err := s.Rooms(t.Context()); err != nil || len(rooms) != 1 {
			t.Errorf("rooms after a change: %v, %v, want one", rooms, err)
		}
	})
}

func TestRoomThatIsNotThere(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		putRoom(t, s, lounge())
		for _, slug := range []string{"", "other", "LOUNGE", "loung_", "lounge\x00", "lounge\xff", "%"} {
			if _, err := s.Room(t.Context(), slug); !errors.Is(err, room.ErrNotFound) {
				t.Errorf("Room(%q): %v, want ErrNotFound", slug, err)
			}
		}
		missing := lounge()
		missing.ID, missing.Slug = 4711, "missing"
		if _, err := s.PutRoom(t.Context(), missing); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("change: %v, want ErrNotFound", err)
		}
		if err := s.DeleteRoom(t.Context(), 4711); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("delete: %v, want ErrNotFound", err)
		}
	})
}

func TestTwoRoomsCannotShareASlug(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		first := putRoom(t, s, lounge())
		if _, err := s.PutRoom(t.Context(), lounge()); !errors.Is(err, room.ErrSlugTaken) {
			t.Errorf("create: %v, want ErrSlugTaken", err)
		}
		second := lounge()
		second.Slug = "second"
		second = putRoom(t, s, second)
		second.Slug = first.Slug
		if _, err := s.PutRoom(t.Context(), second); !errors.Is(err, room.ErrSlugTaken) {
			t.Errorf("rename: %v, want ErrSlugTaken", err)
		}
		putRoom(t, s, first) // its own slug is not taken
	})
}

func TestOneOfManyWinsASlug(t *testing.T) {
	const admins = 20
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		answers := inParallel(admins, func(int) error {
			_, err := s.PutRoom(t.Context(), lounge())
			return err
		})
		created := 0
		for _, err := range answers {
			switch {
			case err == nil:
				created++
			case !errors.Is(err, room.ErrSlugTaken):
				t.Errorf("a loser got %v, want ErrSlugTaken", err)
			}
		}
		if created != 1 {
			t.Errorf("%d of %d created the room, want 1", created, admins)
		}
	})
}

func TestManyRoomsAtOnce(t *testing.T) {
	const admins = 30
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		answers := inParallel(admins, func(i int) error {
			r := lounge()
			r.Slug = numbered("room", i)
			_, err := s.PutRoom(t.Context(), r)
			return err
		})
		if err := errors.Join(answers...); err != nil {
			t.Error(err)
		}
		if rooms, err := s.Rooms(t.Context()); err != nil || len(rooms) != admins {
			t.Errorf("%d rooms, %v, want %d", len(rooms), err, admins)
		}
	})
}

func TestRoomsAreSortedAsPeopleReadThem(t *testing.T) {
	want := []string{"2. Etage", "Anker", "Ärztetreff", "Bar", "bar", "Öse", "Zoo"}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		for i, name := range []string{"Zoo", "Bar", "Öse", "bar", "Anker", "2. Etage", "Ärztetreff"} {
			r := lounge()
			r.Slug, r.Name = numbered("r", i), name
			putRoom(t, s, r)
		}
		rooms, err := s.Rooms(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rooms {
			got = append(got, r.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestDeletedRoomTakesItsDatesAlong(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		gone, stays := lounge(), lounge()
		stays.Slug = "stays"
		stays = putRoom(t, s, stays)
		gone = putRoom(t, s, gone) // the newest: its ID is the one a careless engine gives out again
		for _, r := range []room.Room{gone, stays} {
			putDate(t, s, room.Date{RoomID: r.ID, From: evening(), To: evening()})
		}
		if err := s.DeleteRoom(t.Context(), gone.ID); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[int64]int{gone.ID: 0, stays.ID: 1} {
			if dates, err := s.AllDates(t.Context(), id); err != nil || len(dates) != want {
				t.Errorf("room %d has %d dates, %v, want %d", id, len(dates), err, want)
			}
		}
		// An ID in an old link or form must not come to mean another room.
		if again := putRoom(t, s, lounge()); again.ID == gone.ID || again.ID == stays.ID {
			t.Errorf("new room got ID %d, which was used before", again.ID)
		}
	})
}

func TestCanceledRequestChangesNothing(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.PutRoom(ctx, lounge()); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled: %v, want context.Canceled", err)
		}
		putRoom(t, s, lounge())
	})
}

// inParallel runs work n times at once and returns the answers.
func inParallel(n int, work func(i int) error) []error {
	answers := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			answers[i] = work(i)
		})
	}
	close(start)
	all.Wait()
	return answers
}
