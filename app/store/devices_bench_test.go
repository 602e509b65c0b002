package store_test

import (
	"testing"
	"time"

	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/scanproxy"
)

// Every request of a scanner begins with it.
func BenchmarkAuthenticate(b *testing.B) {
	now := time.Now()
	r := registry(storetest.Open(b, storetest.SQLiteURL(b)), &now)
	var token scanproxy.Token
	for range 50 {
		i, err := r.Invite(b.Context(), scanproxy.Profile{Name: "door", Events: []string{"harbor"}})
		if err != nil {
			b.Fatal(err)
		}
		if _, token, err = r.Initialize(b.Context(), i.Token, phone()); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := r.Authenticate(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
