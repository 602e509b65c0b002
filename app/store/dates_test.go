package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
)

func TestDateComesBackInUTCAndMicroseconds(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		r := putRoom(t, s, lounge())
		cases := map[string]time.Time{
			"with a zone":       evening(),
			"before 1970":       time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
			"no time at all":    {},
			"far ahead":         time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
			"the hour repeated": time.Date(2026, 10, 25, 2, 30, 0, 0, time.FixedZone("CEST", 7200)),
		}
		for story, at := range cases {
			want := room.Date{
				RoomID: r.ID, Title: "Löten & mehr", Event: "treff", SubEvent: 1<<53 + 1,
				From: at.UTC().Truncate(time.Microsecond), To: at.Add(time.Hour).UTC().Truncate(time.Microsecond),
			}
			got := putDate(t, s, room.Date{
				RoomID: r.ID, Title: want.Title, Event: want.Event, SubEvent: want.SubEvent, From: at, To: at.Add(time.Hour),
			})
			want.ID = got.ID
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", story, diff)
			}
			if got.From.Location() != time.UTC || got.From.IsZero() != at.IsZero() {
				t.Errorf("%s: %v in %v, want UTC", story, got.From, got.From.Location())
			}
		}
	})
}

func TestDatesToCome(t *testing.T) {
	now := evening().Truncate(time.Microsecond)
	hours := func(from, to int) room.Date {
		return room.Date{From: now.Add(time.Duration(from) * time.Hour), To: now.Add(time.Duration(to) * time.Hour)}
	}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		r := putRoom(t, s, lounge())
		other := lounge()
		other.Slug = "other"
		other = putRoom(t, s, other)
		for title, d := range map[string]room.Date{
			"third": hours(48, 50), "running": hours(-1, 1), "ends now": hours(-2, 0), "past": hours(-9, -8), "second": hours(24, 26),
		} {
			d.RoomID, d.Title = r.ID, title
			putDate(t, s, d)
		}
		elsewhere := hours(1, 2)
		elsewhere.RoomID = other.ID
		putDate(t, s, elsewhere)

		for _, c := range []struct {
			story string
			limit int
			want  []string
		}{
			{"the next two", 2, []string{"running", "second"}},
			{"more than there are", 10, []string{"running", "second", "third"}},
			{"none wanted", 0, nil},
			{"nonsense", -1, nil},
		} {
			dates, err := s.Dates(t.Context(), r.ID, now, c.limit)
			if diff := cmp.Diff(c.want, titles(dates)); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", c.story, err, diff)
			}
		}

		dates, err := s.AllDates(t.Context(), r.ID)
		want := []string{"past", "ends now", "running", "second", "third"}
		if diff := cmp.Diff(want, titles(dates)); err != nil || diff != "" {
			t.Errorf("all: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestDateIsChangedAndDeleted(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		r := putRoom(t, s, lounge())
		d := putDate(t, s, room.Date{RoomID: r.ID, From: evening(), To: evening().Add(time.Hour)})
		d.Title, d.Event, d.SubEvent = "pushed", "treff", 77
		if diff := cmp.Diff(d, putDate(t, s, d)); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
		if err := s.DeleteDate(t.Context(), d.ID); err != nil {
			t.Error(err)
		}
		if err := s.DeleteDate(t.Context(), d.ID); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("second delete: %v, want ErrNotFound", err)
		}
		if _, err := s.PutDate(t.Context(), d); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("change of a deleted date: %v, want ErrNotFound", err)
		}
	})
}

func TestDateNeedsItsRoom(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		r := putRoom(t, s, lounge())
		d := putDate(t, s, room.Date{RoomID: r.ID, From: evening(), To: evening()})
		if _, err := s.PutDate(t.Context(), room.Date{RoomID: 4711}); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("create: %v, want ErrNotFound", err)
		}
		moved := d
		moved.RoomID = 4711
		if _, err := s.PutDate(t.Context(), moved); !errors.Is(err, room.ErrNotFound) {
			t.Errorf("move: %v, want ErrNotFound", err)
		}
		if dates, err := s.AllDates(t.Context(), r.ID); err != nil || !cmp.Equal(dates, []room.Date{d}) {
			t.Errorf("after the refusals: %v, %v, want the date as it was", dates, err)
		}
	})
}

func titles(dates []room.Date) (titles []string) {
	for _, d := range dates {
		titles = append(titles, d.Title)
	}
	return titles
}
