package store_test

import (
	"bytes"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

func TestSecretIsMadeOnceAndKept(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		first, second, other := secret(t, s, "cookie-key"), secret(t, s, "cookie-key"), secret(t, s, "other-key")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		later := secret(t, storetest.Open(t, url), "cookie-key")

		if len(first) != 32 || bytes.Equal(first, make([]byte, 32)) {
			t.Errorf("%d bytes, all zero or of the wrong size", len(first))
		}
		if !bytes.Equal(first, second) || !bytes.Equal(first, later) {
			t.Error("the secret changed")
		}
		if bytes.Equal(first, other) {
			t.Error("two names share a secret")
		}
	})
}

func TestSecretOfAnotherSizeIsRefused(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		secret(t, s, "cookie-key")
		for _, size := range []int{64, 15, 0, -1} {
			if value, err := s.Secret(t.Context(), "cookie-key", size); err == nil {
				t.Errorf("size %d: %d bytes, want an error", size, len(value))
			}
		}
	})
}

func secret(t *testing.T, s *store.Store, name string) []byte {
	t.Helper()
	value, err := s.Secret(t.Context(), name, 32)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
