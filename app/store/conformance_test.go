package store_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

var (
	_ room.Store    = (*store.Store)(nil)
	_ room.Registry = (*store.Store)(nil)
)

var postgres storetest.Postgres

func TestMain(m *testing.M) {
	if directory := os.Getenv(childVariable); directory != "" {
		os.Exit(child(directory))
	}
	os.Exit(postgres.Main(m))
}

// onBothEngines tells the story on an empty database of each engine.
func onBothEngines(t *testing.T, story func(t *testing.T, s *store.Store)) {
	atBothURLs(t, func(t *testing.T, url string) { story(t, storetest.Open(t, url)) })
}

// atBothURLs tells a story that opens the database itself.
func atBothURLs(t *testing.T, story func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { story(t, storetest.SQLiteURL(t)) })
	t.Run("postgres", func(t *testing.T) { story(t, postgres.URL(t)) })
}

// evening is some instant with a zone and nanoseconds, neither of which a database keeps.
func evening() time.Time {
	return time.Date(2026, 11, 24, 19, 0, 0, 123_456_789, time.FixedZone("CET", 3600))
}

func lounge() room.Room {
	return room.Room{
		Slug: "lounge", Name: "Lounge", MeetingID: "treff-lounge", WaitForModerator: true,
		Access: room.AccessTicket, Recording: room.CameraNotRecorded,
	}
}

func putRoom(t *testing.T, s *store.Store, r room.Room) room.Room {
	t.Helper()
	stored, err := s.PutRoom(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func putDate(t *testing.T, s *store.Store, d room.Date) room.Date {
	t.Helper()
	stored, err := s.PutDate(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func numbered(prefix string, i int) string { return fmt.Sprintf("%s-%d", prefix, i) }
