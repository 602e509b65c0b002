package store_test

import (
	stdcmp "cmp"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/scanproxy"
)

var _ scanproxy.DeviceStore = (*store.Store)(nil)

func registry(s *store.Store, now *time.Time) *scanproxy.Registry {
	return &scanproxy.Registry{Store: s, InitTTL: 24 * time.Hour, Now: func() time.Time { return *now }}
}

func phone() scanproxy.Hardware {
	return scanproxy.Hardware{
		HardwareBrand: "samsung", HardwareModel: "SM-G556B", OSName: "Android", OSVersion: "14",
		SoftwareBrand: "pretixSCAN Android", SoftwareVersion: "3.3.4",
	}
}

func invite(t *testing.T, r *scanproxy.Registry, p scanproxy.Profile) scanproxy.Invitation {
	t.Helper()
	i, err := r.Invite(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestADeviceFromInvitationToRevocation(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		now := evening()
		r := registry(s, &now)
		i := invite(t, r, scanproxy.Profile{Name: " North gate ", Gate: 3, GateName: "North", Events: []string{"harbor"}})
		want := scanproxy.Device{ID: i.Device.ID, Name: "North gate", Gate: 3, GateName: "North", Serial: i.Device.Serial, Events: []string{"harbor"}}
		if diff := cmp.Diff(want, i.Device); diff != "" {
			t.Errorf("invited (-want +got):\n%s", diff)
		}

		made, token, err := r.Initialize(t.Context(), i.Token, phone())
		want.Brand = "pretixSCAN Android"
		if diff := cmp.Diff(want, made); err != nil || diff != "" {
			t.Fatalf("initialized: %v (-want +got):\n%s", err, diff)
		}
		known, err := r.Authenticate(t.Context(), token)
		if diff := cmp.Diff(want, known); err != nil || diff != "" {
			t.Errorf("authenticated: %v (-want +got):\n%s", err, diff)
		}
		if _, err := r.Authenticate(t.Context(), token+"x"); !errors.Is(err, scanproxy.ErrUnknownToken) {
			t.Errorf("another token: %v", err)
		}
		if _, err := r.Authenticate(t.Context(), i.Token); !errors.Is(err, scanproxy.ErrUnknownToken) {
			t.Errorf("the initialization token as API token: %v", err)
		}

		now = now.Add(time.Minute)
		if err := r.Update(t.Context(), known.ID, scanproxy.Hardware{SoftwareBrand: "pretixSCAN Desktop", SoftwareVersion: "1.23.0"}); err != nil {
			t.Fatal(err)
		}
		if known, err = r.Authenticate(t.Context(), token); err != nil || !known.Desktop() {
			t.Errorf("Desktop now: %+v, %v", known, err)
		}

		if err := r.Revoke(t.Context(), known.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Authenticate(t.Context(), token); !errors.Is(err, scanproxy.ErrRevoked) {
			t.Errorf("revoked device: %v, want ErrRevoked", err)
		}
		if _, _, err := r.Initialize(t.Context(), i.Token, phone()); !errors.Is(err, scanproxy.ErrInitRevoked) {
			t.Errorf("initialize a revoked device: %v", err)
		}
		revoked := now
		now = now.Add(time.Hour)
		if err := r.Revoke(t.Context(), known.ID); err != nil {
			t.Fatal(err)
		}
		all, err := r.List(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%d devices, %v, want 1", len(all), err)
		}
		if got, want := all[0].Revoked, revoked.UTC().Truncate(time.Microsecond); !got.Equal(want) || all[0].State(now) != "revoked" {
			t.Errorf("revoked %s, %s, want %s", got, all[0].State(now), want)
		}
	})
}

func TestInitializationTokens(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		now := evening()
		r := registry(s, &now)
		initialize := func(token scanproxy.Token) error {
			_, _, err := r.Initialize(t.Context(), token, phone())
			return err
		}
		used, late, revoked := invite(t, r, scanproxy.Profile{Name: "used"}), invite(t, r, scanproxy.Profile{Name: "late"}), invite(t, r, scanproxy.Profile{Name: "revoked"})
		if err := errors.Join(initialize(used.Token), r.Revoke(t.Context(), revoked.Device.ID)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(24*time.Hour - time.Microsecond)
		lastMoment := invite(t, r, scanproxy.Profile{Name: "in time"})
		now = now.Add(time.Microsecond)
		for _, c := range []struct {
			story string
			token scanproxy.Token
			want  error
		}{
			{"used before", used.Token, scanproxy.ErrInitUsed},
			{"a day old", late.Token, scanproxy.ErrInitExpired},
			{"revoked before its use", revoked.Token, scanproxy.ErrInitRevoked},
			{"never given out", "proxy=ABCDEFGHIJKLMNOPQRST", scanproxy.ErrInitUnknown},
			{"without prefix", scanproxy.Token(lastMoment.Token.Reveal()[6:]), scanproxy.ErrInitUnknown},
			{"empty", "", scanproxy.ErrInitUnknown},
			{"in time", lastMoment.Token, nil},
		} {
			if err := initialize(c.token); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.story, err, c.want)
			}
		}
	})
}

func TestOneOfManyPhonesWinsTheInvitation(t *testing.T) {
	const phones = 20
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		now := evening()
		r := registry(s, &now)
		i := invite(t, r, scanproxy.Profile{Name: "one of us"})
		tokens := make([]scanproxy.Token, phones)
		answers := inParallel(phones, func(n int) (err error) {
			_, tokens[n], err = r.Initialize(t.Context(), i.Token, phone())
			return err
		})
		winners := 0
		for n, err := range answers {
			switch {
			case err == nil:
				winners++
				if _, err := r.Authenticate(t.Context(), tokens[n]); err != nil {
					t.Errorf("the winner's token: %v", err)
				}
			case !errors.Is(err, scanproxy.ErrInitUsed):
				t.Errorf("phone %d: %v, want ErrInitUsed", n, err)
			}
		}
		if winners != 1 {
			t.Errorf("%d phones got a token, want 1", winners)
		}
	})
}

func TestDevicesThatAreNotThere(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		now := evening()
		r := registry(s, &now)
		for story, err := range map[string]error{
			"revoke": r.Revoke(t.Context(), 99), "see": r.See(t.Context(), 99), "update": r.Update(t.Context(), 99, phone()),
		} {
			if !errors.Is(err, scanproxy.ErrNoDevice) {
				t.Errorf("%s: %v, want ErrNoDevice", story, err)
			}
		}
		if all, err := r.List(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("%d devices, %v", len(all), err)
		}
	})
}

// Whoever was told that a device is revoked never sees it admitted, however many requests are under way.
func TestNobodyRemembersARevokedDevice(t *testing.T) {
	const rounds, askers = 30, 8
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		now := evening()
		r := registry(s, &now)
		for range rounds {
			i := invite(t, r, scanproxy.Profile{Name: "out"})
			d, token, err := r.Initialize(t.Context(), i.Token, phone())
			if err != nil {
				t.Fatal(err)
			}
			var revoked atomic.Bool
			answers := inParallel(askers, func(n int) error {
				if n == 0 {
					err := r.Revoke(t.Context(), d.ID)
					revoked.Store(true)
					return err
				}
				for range 20 {
					before := revoked.Load()
					_, err := r.Authenticate(t.Context(), token)
					if before && !errors.Is(err, scanproxy.ErrRevoked) {
						return fmt.Errorf("after the revocation: %w", stdcmp.Or(err, errors.New("admitted")))
					}
				}
				return nil
			})
			if err := errors.Join(answers...); err != nil {
				t.Fatal(err)
			}
		}
	})
}
