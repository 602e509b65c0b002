package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

func TestTheCopyIsPrivateAndOpenedOnce(t *testing.T) {
	url := storetest.SQLiteURL(t)
	m := openMirror(t, url, nil)
	openFair(t, m)
	_, err := store.OpenMirror(t.Context(), store.MirrorOptions{Options: store.Options{URL: url}})
	if !errors.Is(err, store.ErrInUse) {
		t.Errorf("a second process: got %v", err)
	}
	storetest.Open(t, url) // the journal's database lies beside it
	files, err := filepath.Glob(filepath.Join(strings.TrimPrefix(url, "sqlite:"), "mirror.db*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != fs.FileMode(0o600) {
			t.Errorf("%s: mode %o, want 600", name, got)
		}
	}
}

func TestTheCopySurvivesARestart(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		m := openMirror(t, url, nil)
		openFair(t, m)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, nil))))
		before := generation(t, m)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		again := openMirror(t, url, nil)
		if got := generation(t, again); got != before {
			t.Errorf("generation %d, want %d", got, before)
		}
		if found := bySecret(t, again, "secret-1-1"); len(found) != 1 {
			t.Errorf("%d tickets, want 1", len(found))
		}
	})
}

// Files are kept byte by byte: a badge's background is no text.
func TestFilesAreKeptAsTheyAre(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		const address = "https://pretix.example/media/badge.PDF?x=1"
		f := mirror.File{Name: mirror.FileName(address), Address: address, ContentType: "application/pdf", Data: []byte("%PDF\x00\xff\xfe\r\n")}
		if !strings.HasSuffix(f.Name, ".pdf") {
			t.Errorf("name %s", f.Name)
		}
		if there, err := m.HasFile(t.Context(), f.Name); err != nil || there {
			t.Errorf("there too early: %v, %v", there, err)
		}
		if err := m.PutFile(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		data, kind, err := m.File(t.Context(), f.Name)
		if err != nil || kind != f.ContentType || cmp.Diff(f.Data, data) != "" {
			t.Errorf("got %q, %s, %v", data, kind, err)
		}
		if _, _, err := m.File(t.Context(), "../../etc/passwd"); !errors.Is(err, store.ErrNoFile) {
			t.Errorf("got %v", err)
		}
	})
}

// Every row of configuration that pretix deletes is gone, and every failure of a list leaves what was there.
func TestStatesTellHowEachListIsDoing(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		openFair(t, m)
		key := mirror.Key{Resource: mirror.Items, Event: "fair"}
		broken := mirror.Failure{Class: mirror.Broken, Detail: "pretix items: unavailable (500)", At: doorsOpen, RetryAt: doorsOpen.Add(5e9), Failures: 3}
		if err := m.Failed(t.Context(), key, broken); err != nil {
			t.Fatal(err)
		}
		states, err := m.States(t.Context())
		if err != nil || len(states) != 4 {
			t.Fatalf("%d states, %v; want 4", len(states), err)
		}
		got, err := m.State(t.Context(), key)
		if err != nil || got.Rows != 2 || !got.Ready() || !got.Succeeded.Equal(doorsOpen) {
			t.Errorf("got %+v, %v", got, err)
		}
		if diff := cmp.Diff(broken, got.Failure); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		apply(t, m, mirror.Batch{Key: key, Rows: raws(t, fields{"id": 2}), Complete: true, Done: true})
		if got, err = m.State(t.Context(), key); err != nil || got.Rows != 1 || got.Class != "" || got.Failures != 0 {
			t.Errorf("after it works again: %+v, %v", got, err)
		}
	})
}

// After a restart without internet nobody waits until all tickets have been looked at.
func TestASearchIsPreparedAfterARestart(t *testing.T) {
	atBothURLs(t, func(t *testing.T, url string) {
		m := openMirror(t, url, nil)
		at := openFair(t, m)
		apply(t, m, orders(t, anOrder(1, aPosition(1, 1, fields{"attendee_name": "Erika"}))))
		must(t, m.Close())
		m = openMirror(t, url, nil)
		if m.SearchIsPrepared() {
			t.Error("opening the copy looked at all tickets: scanners wait for it")
		}
		must(t, m.PrepareSearch(t.Context()))
		found, err := m.Find(t.Context(), "Erika", []scanproxy.Selection{at}, 0, 50)
		if err != nil || len(found) != 1 || !m.SearchIsPrepared() {
			t.Errorf("%d tickets, %v; prepared %t", len(found), err, m.SearchIsPrepared())
		}
	})
}

// The first synchronisation finds a search that was prepared when there was nobody yet.
func TestASearchIsPreparedWithTheFirstOrders(t *testing.T) {
	onBothMirrors(t, func(t *testing.T, m *store.Mirror) {
		const size = 5
		m.SearchInSteps(0, size)
		openFair(t, m)
		must(t, m.PrepareSearch(t.Context()))
		var sold []any
		for n := range 3 * size {
			sold = append(sold, anOrder(n, aPosition(n, 1, nil)))
		}
		batch := orders(t, sold...)
		batch.Done = true
		apply(t, m, batch)
		if !m.SearchIsPrepared() {
			t.Error("whoever searches first waits until all tickets have been looked at")
		}
	})
}
