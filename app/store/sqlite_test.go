package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

// childVariable makes the test binary a second process that holds the directory it names.
const childVariable = "EINLASS_STORE_TEST_CHILD"

// child opens the directory, keeps a room there, says so, and holds it until it is killed or its input ends.
func child(directory string) int {
	s, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + directory})
	if err != nil {
		fmt.Println("refused:", err)
		return 1
	}
	if _, err := s.PutRoom(context.Background(), lounge()); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("open")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0 // without Close, as a crash would
}

func TestSecondProcessIsRefusedUntilTheFirstIsGone(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "data")
	first := exec.Command(os.Args[0])
	first.Env = append(os.Environ(), childVariable+"="+directory)
	input, err := first.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = input.Close() })
	if line, err := bufio.NewReader(output).ReadString('\n'); line != "open\n" {
		t.Fatalf("first process: %q, %v", line, err)
	}

	_, err = store.Open(t.Context(), store.Options{URL: "sqlite:" + directory})
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), strconv.Itoa(first.Process.Pid)) {
		t.Errorf("second process: %v, want ErrInUse with process %d", err, first.Process.Pid)
	}

	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // it was killed: that is its error
	if _, err := storetest.Open(t, "sqlite:"+directory).Room(t.Context(), lounge().Slug); err != nil {
		t.Errorf("after the first was killed: %v, want the room that it had stored", err)
	}
}

func TestSecondOpenInOneProcessIsRefused(t *testing.T) {
	url := storetest.SQLiteURL(t)
	first := storetest.Open(t, url)
	for name, use := range map[string]func() error{
		"open":    func() error { _, err := store.Open(t.Context(), store.Options{URL: url}); return err },
		"migrate": func() error { _, _, err := store.Migrate(t.Context(), store.Options{URL: url}); return err },
	} {
		if err := use(); !errors.Is(err, store.ErrInUse) {
			t.Errorf("%s: %v, want ErrInUse", name, err)
		}
	}
	putRoom(t, first, lounge())
}

func TestFilesBelongToTheirOwnerAlone(t *testing.T) {
	for _, c := range []struct {
		story string
		umask int
	}{
		{"a careless umask", 0o000},
		{"a umask that takes everything", 0o777 &^ 0o700},
	} {
		t.Run(c.story, func(t *testing.T) {
			before := syscall.Umask(c.umask)
			defer syscall.Umask(before)
			directory := filepath.Join(t.TempDir(), "data")
			s := storetest.Open(t, "sqlite:"+directory)
			putRoom(t, s, lounge())

			if mode := modeOf(t, directory); mode != 0o700 {
				t.Errorf("directory: %o, want 700", mode)
			}
			for _, name := range []string{"einlass.db", "einlass.db-wal", "einlass.db-shm", "einlass.lock"} {
				if mode := modeOf(t, filepath.Join(directory, name)); mode != 0o600 {
					t.Errorf("%s: %o, want 600", name, mode)
				}
			}
		})
	}
}

func TestFilesThatWereOpenToOthersAreClosed(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"einlass.db", "einlass.lock"} {
		if err := os.WriteFile(filepath.Join(directory, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	storetest.Open(t, "sqlite:"+directory)
	for _, name := range []string{"einlass.db", "einlass.db-wal", "einlass.db-shm", "einlass.lock"} {
		if mode := modeOf(t, filepath.Join(directory, name)); mode != 0o600 {
			t.Errorf("%s: %o, want 600", name, mode)
		}
	}
}

func TestDirectoriesWithOddNames(t *testing.T) {
	for _, name := range []string{"mit Leerzeichen", "what?", "a#b", "100%25", "ä&ö=ü", "+plus", "file:x"} {
		directory := filepath.Join(t.TempDir(), name)
		putRoom(t, storetest.Open(t, "sqlite:"+directory), lounge())
		if _, err := os.Stat(filepath.Join(directory, "einlass.db")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	if _, err := s.Query(t.Context(), `DELETE FROM rooms RETURNING slug`); err == nil {
		t.Error("a reader could write")
	}
}

func TestWrongTypesAreRefused(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	const wrong = `INSERT INTO leases (meeting, user_id, browser, since_us, until_us) VALUES ('m', 'u', 'b', 0, 'hello')`
	if err := s.Exec(t.Context(), wrong); err == nil || !strings.Contains(err.Error(), "cannot store TEXT") {
		t.Errorf("text as an instant: %v, want SQLite's refusal", err)
	}
}

func TestFullDiskIsAnErrorAndPasses(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	putRoom(t, s, lounge())
	if err := s.Exec(t.Context(), `PRAGMA max_page_count = 1`); err != nil { // SQLite makes that: as large as it is now
		t.Fatal(err)
	}
	big := room.AuditRow{At: evening(), Detail: strings.Repeat("x", 1<<20)}
	err := s.RecordAudit(t.Context(), big)
	if err == nil || !strings.Contains(err.Error(), "full") || !strings.Contains(err.Error(), "record audit row") {
		t.Errorf("on a full disk: %v, want SQLite's words and ours", err)
	}
	if _, err := s.Room(t.Context(), lounge().Slug); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}
	if err := s.Exec(t.Context(), `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if err := s.RecordAudit(t.Context(), big); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestFileThatIsNoDatabase(t *testing.T) {
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "einlass.db"), []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + directory}); err == nil {
		t.Error("opened a file that is no database")
	}
	// The refusal has let go of the directory.
	if err := os.Remove(filepath.Join(directory, "einlass.db")); err != nil {
		t.Fatal(err)
	}
	storetest.Open(t, "sqlite:"+directory)
}

func TestDirectoryThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + file + "/data"}); err == nil {
		t.Error("opened a directory below a file")
	}
}

func modeOf(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}
