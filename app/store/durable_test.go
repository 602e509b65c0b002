package store

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"
)

func TestOnlyDurableSettingsPass(t *testing.T) {
	for _, c := range []struct {
		story   string
		pragmas []string
		durable bool
	}{
		{"as the store sets them", []string{"journal_mode(WAL)", "synchronous(FULL)"}, true},
		{"commits wait for no disk", []string{"journal_mode(WAL)", "synchronous(NORMAL)"}, false},
		{"no write-ahead log", []string{"journal_mode(DELETE)", "synchronous(FULL)"}, false},
	} {
		path := filepath.Join(t.TempDir(), "x.db")
		db, err := sql.Open("sqlite", dsn(path, url.Values{"_pragma": c.pragmas}))
		if err != nil {
			t.Fatal(err)
		}
		if err := checkDurable(t.Context(), db); (err == nil) != c.durable {
			t.Errorf("%s: %v", c.story, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestWriterDSNIsDurable(t *testing.T) {
	db, err := sql.Open("sqlite", writerDSN(filepath.Join(t.TempDir(), "x.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := checkDurable(t.Context(), db); err != nil {
		t.Error(err)
	}
}
