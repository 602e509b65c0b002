package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

func TestTwoStartAtTheSameTime(t *testing.T) {
	url := postgres.URL(t)
	const starters = 4
	stores := make([]*store.Store, starters)
	answers := inParallel(starters, func(i int) (err error) {
		stores[i], err = store.Open(t.Context(), store.Options{URL: url})
		return err
	})
	if err := errors.Join(answers...); err != nil {
		t.Fatal(err)
	}
	for i, s := range stores {
		if _, err := s.Rooms(t.Context()); err != nil {
			t.Errorf("starter %d: %v", i, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPostgresThatForgetsIsRefused(t *testing.T) {
	url := postgres.URL(t)
	_, err := store.Open(t.Context(), store.Options{URL: url + "&synchronous_commit=off"})
	if err == nil || !strings.Contains(err.Error(), "synchronous_commit") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestOneOfManyBrowsersWinsTheLeaseFromTwoProcesses(t *testing.T) {
	const browsers, rounds = 50, 20
	url := postgres.URL(t)
	contend(t, []*store.Store{storetest.Open(t, url), storetest.Open(t, url)}, browsers, rounds)
}

func TestTwoProcessesAgreeOnASecret(t *testing.T) {
	url := postgres.URL(t)
	stores := []*store.Store{storetest.Open(t, url), storetest.Open(t, url)}
	const askers = 20
	values := make([][]byte, askers)
	answers := inParallel(askers, func(i int) (err error) {
		values[i], err = stores[i%2].Secret(t.Context(), "cookie-key", 32)
		return err
	})
	if err := errors.Join(answers...); err != nil {
		t.Fatal(err)
	}
	for i, value := range values {
		if !bytes.Equal(value, values[0]) {
			t.Errorf("asker %d got another secret", i)
		}
	}
}

func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	const (
		ofSQLite = `SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk THEN ' NOT NULL' ELSE '' END
			FROM sqlite_schema m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name <> 'einlass_migrations' ORDER BY 1`
		ofPostgres = `SELECT table_name || '.' || column_name || ' ' || CASE data_type
				WHEN 'bigint' THEN 'INTEGER' WHEN 'boolean' THEN 'INTEGER' WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB'
				ELSE data_type END || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
			FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name <> 'einlass_migrations' ORDER BY 1`
	)
	columns := func(url, query string) []string {
		found, err := storetest.Open(t, url).Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	sqlite := columns(storetest.SQLiteURL(t), ofSQLite)
	if len(sqlite) < 40 {
		t.Errorf("only %d columns found", len(sqlite))
	}
	if diff := cmp.Diff(sqlite, columns(postgres.URL(t), ofPostgres)); diff != "" {
		t.Errorf("columns differ (-sqlite +postgres):\n%s", diff)
	}
}

func TestPoolOfOneConnection(t *testing.T) {
	s := storetest.Open(t, postgres.URL(t)+"&pool_max_conns=1")
	putRoom(t, s, lounge())
	if rooms, err := s.Rooms(t.Context()); err != nil || len(rooms) != 1 {
		t.Errorf("rooms: %v, %v, want one", rooms, err)
	}
}
