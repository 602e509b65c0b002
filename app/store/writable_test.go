package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

func TestWritable(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		o := store.Options{URL: url}
		for range 2 { // the first time leaves nothing that hinders the second
			if err := store.Writable(t.Context(), o); err != nil {
				t.Error(err)
			}
		}
		if have, want, err := store.MirrorStatus(t.Context(), o); have != 0 || want < 1 || err != nil {
			t.Errorf("copy at version %d of %d, %v; want 0", have, want, err)
		}
		openMirror(t, url, nil)
		if strings.HasPrefix(url, "sqlite:") {
			return // it is open, so nobody else can look
		}
		if have, want, err := store.MirrorStatus(t.Context(), o); have != want || err != nil {
			t.Errorf("copy at version %d of %d, %v", have, want, err)
		}
	})
}

func TestNotWritable(t *testing.T) {
	lite := storetest.SQLiteURL(t)
	storetest.Open(t, lite)
	if err := store.Writable(t.Context(), store.Options{URL: lite}); err == nil {
		t.Error("a database that another process holds is writable")
	}
	folder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Writable(t.Context(), store.Options{URL: fmt.Sprint("sqlite:", folder)}); err == nil {
		t.Error("a file is no folder")
	}
	readOnly := postgres.URL(t) + "&default_transaction_read_only=on"
	if err := store.Writable(t.Context(), store.Options{URL: readOnly}); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("a read-only server: %v", err)
	}
}
