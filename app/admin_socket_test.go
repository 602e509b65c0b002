package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/app/store/storetest"
)

// holder holds a database as serve does and takes admin commands, until the test ends or stop.
type holder struct {
	*program
	path string // of the socket
	stop func() // returns when no command runs any more
}

// newHolder takes the terminal's database. commands: nil for those of the program.
func newHolder(t *testing.T, term *terminal, commands []adminCommand) *holder {
	t.Helper()
	database := load(term.env, nil, newFlags("test")).Database
	h := &holder{program: &program{
		Config: Config{Database: database}, Store: storetest.Open(t, database.Reveal()),
		Log: slog.New(slog.DiscardHandler), now: term.env.Now,
	}}
	var err error
	if h.path, err = adminSocketPath(database); err != nil {
		t.Fatal(err)
	}
	socket := h.openAdminSocket(t.Context())
	if socket == nil {
		t.Fatal("there is no socket")
	}
	if commands != nil {
		socket.commands = commands
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); socket.run(ctx) }()
	h.stop = func() { cancel(); <-ended }
	t.Cleanup(h.stop)
	return h
}

func TestAdminWhileServing(t *testing.T) {
	h := openHouse(t, houseOptions{})
	answer, err := http.Get(h.base() + "/healthz") // who is seen to serve can be asked
	if err != nil {
		t.Fatal(err)
	}
	must(t, answer.Body.Close())
	term := newTerminal(t)
	term.env.Environ = append(term.env.Environ, "EINLASS_DATABASE=sqlite:"+h.folder, "EINLASS_BASE_URL=https://einlass.example")
	term.env.Environ = term.env.Environ[1:] // the terminal's own folder
	term.says([]string{"admin", "room", "add", "neu", "--name=Neuer Raum", "--meeting-id=m-9"}, "https://einlass.example/r/neu")
	term.says(words("admin room list"), "Neuer Raum", "einsteiger")
	if r, err := h.program.Store.Room(t.Context(), "neu"); err != nil || r.Name != "Neuer Raum" {
		t.Errorf("serve has room %+v, %v", r, err)
	}
}

// What a command leaves at the terminal does not depend on who does it.
func TestAdminIsTheSameEitherWay(t *testing.T) {
	environ := []string{"EINLASS_BASE_URL=https://einlass.example", "EINLASS_TIMEZONE=America/New_York"}
	alone, served := newTerminal(t, environ...), newTerminal(t, environ...)
	for _, term := range []*terminal{alone, served} {
		fill(t, term.env)
	}
	newHolder(t, served, nil)
	for _, args := range [][]string{
		words("admin room list --json"),
		{"admin", "room", "add", "morse", "--name", "Morse für <alle>", "--meeting-id=m-1", "--description=zwei\nZeilen, --json"},
		words("admin room add morse --name=x --meeting-id=m-2"),
		words("admin room add Morse --access=code"),
		words("admin room set morse --wait-for-moderator --access code --code=7388"),
		words("admin room set morse"),
		words("admin room list"),
		words("admin room list --json"),
		words("admin room list --json --timezone Europe/Berlin"),
		words("admin room show morse"),
		words("admin room show mrose"),
		words("admin room show -- --json"),
		{"admin", "date", "add", "morse", "--from=2026-12-01 19:00", "--duration=90m"},
		{"admin", "date", "add", "morse", "--from=2027-03-14 02:30", "--duration=1h"}, // skipped in New York only
		words("admin date list morse --json"),
		words("admin date list morse --json --timezone=Europe/Berlin"),
		words("admin date remove seven"),
		words("admin room remove morse"),
		words("admin audit list --json --since=2h"),
		words("admin consent list --json --limit 1"),
		words("admin audit list --limit=0"),
		words("admin audit list --help"),
		words("admin room remove morse --yes"),
		words("admin room list --json"),
	} {
		want, got := leaves(t, alone, args), leaves(t, served, args)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-alone +served)\n%s", args, diff)
		}
	}
}

// left is what a command leaves behind.
type left struct {
	Out, Err string
	Code     int
}

func leaves(t *testing.T, term *terminal, args []string) left {
	t.Helper()
	term.out.Reset()
	term.err.Reset()
	code := run(t.Context(), term.env, args)
	return left{term.out.String(), term.err.String(), code}
}

func TestAdminSocketIsForTheOwnerAlone(t *testing.T) {
	h := newHolder(t, newTerminal(t), nil)
	file, err := os.Lstat(h.path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := file.Mode(), fs.ModeSocket|0o600; got != want {
		t.Errorf("mode %v, want %v", got, want)
	}
}

func TestAdminSocketOfAKilledProcessIsReplaced(t *testing.T) {
	term := newTerminal(t)
	path := socketOf(t, term)
	newHolder(t, term, nil).stop()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("stopped, the process leaves its socket: %v", err)
	}

	term = newTerminal(t)
	killed := listenOn(t, socketOf(t, term))
	killed.SetUnlinkOnClose(false)
	must(t, killed.Close())
	newHolder(t, term, nil)
	term.says(words("admin room list"), "none")
}

func socketOf(t *testing.T, term *terminal) string {
	t.Helper()
	path, err := adminSocketPath(load(term.env, nil, newFlags("test")).Database)
	must(t, err)
	return path
}

func listenOn(t *testing.T, path string) *net.UnixListener {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestAdminSocketTakesNothingButAdminCommands(t *testing.T) {
	term := newTerminal(t)
	h := newHolder(t, term, nil)
	secret := filepath.Join(t.TempDir(), "secret.yaml")
	must(t, os.WriteFile(secret, []byte("password: hunter2\n"), 0o600))
	for story, c := range map[string]struct{ line, want string }{
		"another command":  {`{"command":"serve","timezone":"UTC"}`, `does not know the admin command \"serve\"`},
		"no zone":          {`{"command":"room list"}`, `names no time zone`},
		"a file to read":   {`{"command":"room list","timezone":"UTC","args":["--config=` + secret + `"]}`, `takes no flag \"config\"`},
		"a flag of two":    {`{"command":"room list","timezone":"UTC","args":["--config","` + secret + `"]}`, `takes no flag \"config\"`},
		"a word too many":  {`{"command":"room list","timezone":"UTC","args":["--","morse"]}`, `takes flags only`},
		"no text of ours":  {`GET / HTTP/1.1`, ``},
		"nothing":          {``, ``},
		"too long":         {strings.Repeat("x", adminRequestLimit+1), ``},
		"too long in JSON": {`{"command":"` + strings.Repeat("x", adminRequestLimit) + `"}`, ``},
	} {
		answer := askedRaw(t, h.path, c.line+"\n")
		if !strings.Contains(answer, c.want) || (answer == "") != (c.want == "") {
			t.Errorf("%s: answered %q, want %q in it", story, answer, c.want)
		}
		if strings.Contains(answer, "hunter2") {
			t.Errorf("%s: the answer quotes a file", story)
		}
	}
	term.says(words("admin room list"), "none") // and goes on
	long := "--description=" + strings.Repeat("x", adminRequestLimit)
	term.refuses(exitUsage, []string{"admin", "room", "add", "morse", long}, "too long")
	term.refuses(exitUsage, []string{"admin", "room", "add", "morse", "--name=\xff"}, "no text")
}

// askedRaw says anything at all and returns what comes back, which is nothing if the connection is cut.
func askedRaw(t *testing.T, path, line string) (answer string) {
	t.Helper()
	conn, err := net.Dial("unix", path)
	must(t, err)
	defer conn.Close()
	_, _ = io.WriteString(conn, line) // may be cut off in the middle
	got, _ := io.ReadAll(conn)
	return string(got)
}

func TestServeStopsWhileAnAdminCommandRuns(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	slow := adminCommand{name: "room list", prepare: func(*flag.FlagSet) task {
		return func(ctx context.Context, d adminEnv, _ []string) error {
			close(begun)
			<-goOn
			_, err := d.store.PutRoom(ctx, room.Room{Slug: "spaet", Name: "Spät", MeetingID: "m-1", Access: room.AccessOpen, Recording: room.ListenOnly})
			return errors.Join(err, ctx.Err(), writeJSON(d.out, "done"))
		}
	}}
	term := newTerminal(t)
	h := newHolder(t, term, []adminCommand{slow})

	answered, stopped := make(chan left), make(chan struct{})
	go func() { answered <- leaves(t, term, words("admin room list")) }()
	<-begun
	silent, err := net.Dial("unix", h.path) // waits for its turn, and is not waited for
	must(t, err)
	defer silent.Close()
	go func() { defer close(stopped); h.stop() }()
	for _, err = os.Lstat(h.path); err == nil; _, err = os.Lstat(h.path) {
		time.Sleep(time.Millisecond) // until nobody new is let in
	}
	select {
	case <-stopped:
		t.Fatal("serve stopped before the command was done")
	default:
	}
	close(goOn)
	if got, want := <-answered, (left{Out: "\"done\"\n"}); got != want {
		t.Errorf("left %+v, want %+v", got, want)
	}
	<-stopped
}

func TestAdminOfADatabaseThatIsHeldInSilence(t *testing.T) {
	term := newTerminal(t)
	withStore(t, term.env, func(context.Context, *store.Store) error {
		term.refuses(exitFailure, words("admin room list"), "in use by another einlass process", "cannot be asked", "admin.sock")
		return nil
	})

	deep := newTerminal(t)
	deep.env.Environ = []string{"EINLASS_DATABASE=sqlite:" + filepath.Join(t.TempDir(), strings.Repeat("tief", 30))}
	withStore(t, deep.env, func(ctx context.Context, s *store.Store) error {
		deep.refuses(exitFailure, words("admin room list"), "in use by another einlass process", "a shorter directory helps")
		var log lockedBuffer
		p := &program{
			Config: Config{Database: load(deep.env, nil, newFlags("test")).Database}, Store: s,
			Log: slog.New(slog.NewTextHandler(&log, nil)), now: time.Now,
		}
		p.openAdminSocket(ctx).run(ctx) // returns at once
		contains(t, log.String(), "admin commands not possible while einlass serves", "a shorter directory helps")
		return nil
	})

	onPostgres := &program{Config: Config{Database: "postgres://einlass@db.example/einlass"}}
	if onPostgres.openAdminSocket(t.Context()) != nil {
		t.Error("a socket beside PostgreSQL, which everybody can use at once")
	}
}

// Of what a person has configured, nothing secret goes to the process that serves.
func TestAdminSendsNoConfiguration(t *testing.T) {
	const secret = "s3cr3t-s3cr3t-s3cr3t"
	term := newTerminal(t, "EINLASS_JWT_SECRET="+secret, "EINLASS_PRETIX_TOKEN="+secret)
	withStore(t, term.env, func(context.Context, *store.Store) error {
		listener := listenOn(t, socketOf(t, term))
		heard := make(chan string, 1)
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				heard <- err.Error()
				return
			}
			line, _ := bufio.NewReader(conn).ReadString('\n')
			heard <- line
			_ = conn.Close() // killed before it answers
		}()
		term.refuses(exitFailure, words("admin room set morse --bbb-secret "+secret+" --wait-for-moderator=off --name=--x"),
			"not known", "look before you repeat it")
		want := `{"command":"room set","args":["--wait-for-moderator=off","--name=--x","--","morse"],"timezone":"Europe/Berlin","base_urls":null}` + "\n"
		if got := <-heard; got != want {
			t.Errorf("sent %swant %s", got, want)
		}
		return nil
	})
}
