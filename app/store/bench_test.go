package store_test

import (
	"testing"
	"time"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

func BenchmarkRoom(b *testing.B) {
	eachEngine(b, func(b *testing.B, s *store.Store) {
		if _, err := s.PutRoom(b.Context(), lounge()); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := s.Room(b.Context(), lounge().Slug); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkTakeLease is one durable write.
func BenchmarkTakeLease(b *testing.B) {
	now := time.Unix(1_800_000_000, 0)
	eachEngine(b, func(b *testing.B, s *store.Store) {
		for i := 0; b.Loop(); i++ {
			key := room.LeaseKey{Meeting: "m", UserID: numbered("u", i%1000)}
			if _, _, err := s.TakeLease(b.Context(), room.Lease{LeaseKey: key, Until: now}, now); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func eachEngine(b *testing.B, work func(b *testing.B, s *store.Store)) {
	b.Run("sqlite", func(b *testing.B) { work(b, storetest.Open(b, storetest.SQLiteURL(b))) })
	b.Run("postgres", func(b *testing.B) { work(b, storetest.Open(b, postgres.URL(b))) })
}
