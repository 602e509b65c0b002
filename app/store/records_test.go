package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
)

func TestConsentsComeBackNewestFirst(t *testing.T) {
	noon := evening().UTC().Truncate(time.Microsecond)
	first := room.Consent{At: noon, Room: "lounge", Meeting: "m", UserID: "4711", Given: true,
		Policy: room.CameraNotRecorded, TextVersion: "2026-11", Language: "de"}
	second := room.Consent{At: noon, UserID: "g-äöü", Policy: room.RefuseEntry}
	third := room.Consent{At: noon.Add(time.Second), Language: "en"}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		for _, c := range []room.Consent{first, third, second} {
			if err := s.RecordConsent(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			story string
			since time.Time
			limit int
			want  []room.Consent
		}{
			{"all", time.Time{}, 10, []room.Consent{third, second, first}},
			{"the newest two", time.Time{}, 2, []room.Consent{third, second}},
			{"from an instant on", noon.Add(time.Microsecond), 10, []room.Consent{third}},
			{"that very instant", noon, 10, []room.Consent{third, second, first}},
			{"nonsense", noon, -1, nil},
		} {
			got, err := s.Consents(t.Context(), c.since, c.limit)
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", c.story, err, diff)
			}
		}
	})
}

func TestAuditsComeBackNewestFirst(t *testing.T) {
	noon := evening().UTC().Truncate(time.Microsecond)
	first := room.AuditRow{At: noon, Kind: "entry", Room: "lounge", Order: "ABC12", Position: 1 << 60,
		Outcome: "admitted", Detail: strings.Repeat("lang ", 20_000)}
	second := room.AuditRow{At: noon, Kind: "room"}
	third := room.AuditRow{At: noon.Add(time.Hour), Kind: "entry", Outcome: "used_other_day", Detail: "„Ünïcode“ 🚪"}
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		for _, row := range []room.AuditRow{first, third, second} {
			if err := s.RecordAudit(t.Context(), row); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			story string
			since time.Time
			limit int
			want  []room.AuditRow
		}{
			{"all", time.Time{}, 10, []room.AuditRow{third, second, first}},
			{"the newest", time.Time{}, 1, []room.AuditRow{third}},
			{"from an instant on", noon.Add(time.Minute), 10, []room.AuditRow{third}},
			{"none wanted", noon, 0, nil},
		} {
			got, err := s.Audits(t.Context(), c.since, c.limit)
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", c.story, err, diff)
			}
		}
	})
}

// PostgreSQL refuses both in text. A reason from afar with a NUL in it must not cost the row.
func TestBytesThatAreNoText(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		if err := s.RecordAudit(t.Context(), room.AuditRow{At: evening(), Detail: "a\x00b\xffc"}); err != nil {
			t.Fatal(err)
		}
		rows, err := s.Audits(t.Context(), time.Time{}, 1)
		if err != nil || len(rows) != 1 || rows[0].Detail != "a\uFFFDb\uFFFDc" {
			t.Errorf("got %+v, %v", rows, err)
		}
	})
}

func TestForgetKeepsWhatIsYoung(t *testing.T) {
	now := evening()
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		const old = 1201 // more than two slices
		err := s.Fill(t.Context(), old, day(-31))
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range []time.Time{day(-30), day(0)} { // at the very end of the period: kept
			if err := s.RecordAudit(t.Context(), room.AuditRow{At: at}); err != nil {
				t.Fatal(err)
			}
			if err := s.RecordConsent(t.Context(), room.Consent{At: at}); err != nil {
				t.Fatal(err)
			}
			lease := room.Lease{LeaseKey: room.LeaseKey{UserID: numbered("u", i)}, Until: at.Add(time.Microsecond)}
			if _, _, err := s.TakeLease(t.Context(), lease, at); err != nil {
				t.Fatal(err)
			}
		}

		for _, c := range []struct {
			story  string
			before store.Retention
			want   store.Forgotten
		}{
			{"nothing named", store.Retention{}, store.Forgotten{}},
			{"audit alone", store.Retention{Audit: day(-30)}, store.Forgotten{Audit: old}},
			{"the rest", store.Retention{Audit: day(-30), Consents: day(-30), Leases: now}, store.Forgotten{Consents: old, Leases: old + 1}},
			{"once more", store.Retention{Audit: day(-30), Consents: day(-30), Leases: now}, store.Forgotten{}},
		} {
			gone, err := s.Forget(t.Context(), c.before)
			if err != nil || gone != c.want {
				t.Errorf("%s: %+v, %v, want %+v", c.story, gone, err, c.want)
			}
		}
		audits, err := s.Audits(t.Context(), time.Time{}, 10)
		if err != nil || len(audits) != 2 {
			t.Errorf("%d audit rows are left, %v, want 2", len(audits), err)
		}
	})
}
