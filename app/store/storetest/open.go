package storetest

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/einlass/einlass/app/store"
)

// SQLiteURL returns the URL of a directory that does not exist yet and goes away with the test.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "data")
}

// Open opens the database at the URL and closes it with the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Journal returns the journal of a store. It runs until the test ends; what Run returns other than nil fails the test.
func Journal(t testing.TB, s *store.Store) *store.Journal {
	t.Helper()
	journal := s.Journal()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- journal.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return journal
}
