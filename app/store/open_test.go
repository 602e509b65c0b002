package store_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

func TestDataOutlivesTheProcess(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		want := putRoom(t, s, lounge())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := storetest.Open(t, url).Room(t.Context(), want.Slug)
		if err != nil || got != want {
			t.Errorf("after reopening: %+v, %v, want %+v", got, err, want)
		}
	})
}

func TestEngineAndVersion(t *testing.T) {
	onBothEngines(t, func(t *testing.T, s *store.Store) {
		if want := t.Name()[strings.LastIndex(t.Name(), "/")+1:]; s.Engine() != want {
			t.Errorf("engine %q, want %q", s.Engine(), want)
		}
		if version, err := s.Version(t.Context()); err != nil || version < 1 {
			t.Errorf("version %d, %v", version, err)
		}
	})
}

func TestMigrateSaysFromWhereToWhere(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		options := store.Options{URL: url}
		have, want, err := store.Status(t.Context(), options)
		if err != nil || have != 0 || want < 1 {
			t.Errorf("new database: have %d, want %d, %v", have, want, err)
		}
		if from, to, err := store.Migrate(t.Context(), options); err != nil || from != 0 || to != want {
			t.Errorf("first: %d to %d, %v, want 0 to %d", from, to, err, want)
		}
		if from, to, err := store.Migrate(t.Context(), options); err != nil || from != want || to != want {
			t.Errorf("second: %d to %d, %v, want nothing to do", from, to, err)
		}
		if have, _, err := store.Status(t.Context(), options); err != nil || have != want {
			t.Errorf("afterwards: have %d, %v, want %d", have, err, want)
		}
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(t.Context(), `INSERT INTO einlass_migrations (version_id, is_applied) VALUES (99, true)`); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = store.Open(t.Context(), store.Options{URL: url})
		if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "version 99") {
			t.Errorf("open: %v, want ErrNewer with both versions", err)
		}
		if _, _, err = store.Migrate(t.Context(), store.Options{URL: url}); !errors.Is(err, store.ErrNewer) {
			t.Errorf("migrate: %v, want ErrNewer", err)
		}
	})
}

func TestClosedStoreAnswersWithErrors(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		_, readErr := s.Room(t.Context(), "lounge")
		_, _, leaseErr := s.TakeLease(t.Context(), room.Lease{Until: evening()}, evening())
		for what, err := range map[string]error{
			"read":  readErr,
			"lease": leaseErr,
			"write": s.RecordAudit(t.Context(), room.AuditRow{At: evening()}),
		} {
			if err == nil || errors.Is(err, room.ErrNotFound) {
				t.Errorf("%s after Close: %v, want a failure", what, err)
			}
		}
	})
}

func TestBadURLsAreExplainedWithoutTheirPassword(t *testing.T) {
	const password = "s3cr3t-pw"
	for _, url := range []string{
		"mysql://root:" + password + "@host/db",
		"postgress://root:" + password + "@host/db",
		"postgres:root:" + password + "@host/db",
		"postgres://root:" + password + "@host:notaport/db",
		"postgres://root:" + password + "%zz@host/db",
		"postgres://root:" + password + "@[::1/db",
		"postgres://root:" + password + "@host/db?sslmode=nonsense",
		"postgres://root:" + password + "@127.0.0.1:1/db?connect_timeout=1",
		"host=localhost password=" + password,
		"sqlite:",
		"sqlite://",
		"/some/path/" + password,
	} {
		_, err := store.Open(t.Context(), store.Options{URL: url})
		if err == nil {
			t.Errorf("%s: no error", url)
			continue
		}
		if strings.Contains(err.Error(), password) {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

func TestLogTellsOfMigrationsOnly(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		var log bytes.Buffer
		options := store.Options{URL: url, Log: slog.New(slog.NewTextHandler(&log, nil))}
		for range 2 {
			s, err := store.Open(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		have, _, err := store.Status(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		told := strings.Count(log.String(), `msg="database migrated"`)
		if told != int(have) || len(lines) != told {
			t.Errorf("log of two starts:\n%s\nwant one line for each of the %d migrations", log.String(), have)
		}
	})
}

func TestSecretIsStampedByTheClock(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), store.Options{URL: url, Now: evening})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		secret(t, s, "cookie-key")
		got, err := s.Query(t.Context(), `SELECT CAST(created_us AS TEXT) FROM settings`)
		want := []string{strconv.FormatInt(evening().UnixMicro(), 10)}
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("stamped %v, %v, want %v", got, err, want)
		}
	})
}
