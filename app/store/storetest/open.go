package storetest

import (
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
