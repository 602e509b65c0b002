package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/pretix"
)

func TestTheDeviceAtPretixIsKept(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		if _, known, err := s.PretixDevice(t.Context()); known || err != nil {
			t.Errorf("before: %v, %v", known, err)
		}
		first := store.PretixDevice{URL: "https://tickets.example", Device: pretix.Device{Token: "first"}}
		second := store.PretixDevice{
			URL: "https://tickets.example", InitHash: store.InitHash("init"),
			Device: pretix.Device{
				Organizer: "fjord", ID: 7, Serial: "ABC", Token: "second", Name: "Proxy", Profile: "pretixscan",
				Gate: &pretix.Gate{ID: 3, Name: "North"},
			},
		}
		for _, d := range []store.PretixDevice{first, second} {
			if err := s.KeepPretixDevice(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		got, known, err := s.PretixDevice(t.Context())
		if diff := cmp.Diff(second, got); !known || err != nil || diff != "" {
			t.Errorf("%v, %v (-want +got):\n%s", known, err, diff)
		}
		if shown := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(shown, "second") {
			t.Errorf("the token shows: %s", shown)
		}
	})
}

func TestTheVersionOfPretixIsKept(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		for _, want := range []pretix.Version{{}, {Pretix: "2026.7.0", Numeric: 20260070005000}, {Pretix: "2026.8.0", Numeric: 20260080005000}} {
			if want.Numeric != 0 {
				if err := s.KeepPretixVersion(t.Context(), want); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := s.PretixVersion(t.Context()); err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
	})
}
