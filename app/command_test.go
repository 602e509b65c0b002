package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/app/store"
)

// terminal runs commands one after the other on one database, as a person would.
type terminal struct {
	t   *testing.T
	env environment
	out bytes.Buffer
	err bytes.Buffer
}

func newTerminal(t *testing.T, environ ...string) *terminal {
	t.Helper()
	term := &terminal{t: t}
	term.env = environment{
		Stdout: &term.out, Stderr: &term.err,
		Environ: append(environ, "EINLASS_DATABASE=sqlite:"+t.TempDir(), "EINLASS_LOG_LEVEL=error"),
		Now:     func() time.Time { return time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC) },
	}
	return term
}

// types runs a command and returns what it wrote; code is the exit code it must end with.
func (term *terminal) types(code int, args ...string) (out, err string) {
	term.t.Helper()
	term.out.Reset()
	term.err.Reset()
	if got := run(term.t.Context(), term.env, args); got != code {
		term.t.Fatalf("einlass %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, term.out.String(), term.err.String())
	}
	return term.out.String(), term.err.String()
}

// says runs a command that must work and say all of that.
func (term *terminal) says(args []string, wants ...string) {
	term.t.Helper()
	out, _ := term.types(exitOK, args...)
	contains(term.t, out, wants...)
}

// refuses runs a command that must fail with that exit code and say why.
func (term *terminal) refuses(code int, args []string, wants ...string) {
	term.t.Helper()
	_, err := term.types(code, args...)
	contains(term.t, err, wants...)
}

func contains(t *testing.T, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func words(line string) []string { return strings.Fields(line) }

func TestRun(t *testing.T) {
	term := newTerminal(t)
	term.refuses(exitUsage, nil, "einlass serve", "a command is missing")
	term.refuses(exitUsage, words("sevre"), `there is no command "sevre"; did you mean "serve"?`)
	term.refuses(exitUsage, words("xyzzy"), "there are serve, demo, migrate")
	term.says(words("help"), "einlass doctor")
	term.says(words("--help"), "einlass doctor")
	term.says(words("version"), "einlass ", "go1", "sqlite, postgres")
	term.says(words("help migrate"), "--status")
	term.says(words("migrate --help"), "--status")
	term.says(words("help serve"), "--print-config")
	term.says(words("help admin"), "room add <slug>")
	term.says(words("help admin room add"), "--meeting-id=<meetingID>")
	term.refuses(exitUsage, words("migrate now"), "takes flags only")
	term.refuses(exitUsage, words("serve"), "pretix_url (not set)")
	term.refuses(exitUsage, words("serve --date-window off"), "--date-window=off", "pretix_url (not set)")
	out, _ := term.types(exitOK, "help", "options")
	for _, o := range allOptions() {
		contains(t, out, asFlag(o.key)+", "+inEnvironment(o.key))
	}
}

func TestMigrate(t *testing.T) {
	term := newTerminal(t)
	term.says(words("migrate --status"), "at version 0, this program brings it to version")
	term.says(words("migrate"), "brought from version 0 to")
	term.says(words("migrate"), "already at version")
	term.says(words("migrate --status"), "up to date")
	term.refuses(exitUsage, words("migrate --statos"), "did you mean --status?")
}

func TestAdminRooms(t *testing.T) {
	term := newTerminal(t, "EINLASS_BASE_URL=https://einlass.example")
	term.says(words("admin room list"), "none")
	term.refuses(exitFailure, words("admin room show morse"), "there is no room yet")
	term.refuses(exitUsage, words("admin room add Morse --access=code"), "there are 4 mistakes", "<slug>", "--name", "--meeting-id", "--code")
	term.says([]string{"admin", "room", "add", "morse", "--name", "Morse für alle", "--meeting-id=m-1"}, "https://einlass.example/r/morse")
	term.refuses(exitFailure, words("admin room add morse --name=x --meeting-id=m-2"), `there is a room "morse" already`)
	term.says(words("admin room list"), "SLUG", "morse", "Morse für alle", "camera-not-recorded")
	term.refuses(exitUsage, words("admin room set morse"), "nothing to change")
	term.says(words("admin room set morse --access=code --code=7388 --wait-for-moderator"), "is changed")
	term.says(words("admin room show morse"), "7388", "wait-for-moderator  true", "Morse für alle")
	term.refuses(exitUsage, words("admin room set morse --recording=never"), "--recording")
	term.says(words("admin room set morse --access=open --wait-for-moderator=off"), "is changed")

	out, _ := term.types(exitOK, words("admin room list --json")...)
	var rows []roomRow
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatal(err)
	}
	want := []roomRow{{Slug: "morse", Name: "Morse für alle", MeetingID: "m-1", Access: "open", Recording: "camera-not-recorded"}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("room list --json (-want +got)\n%s", diff)
	}

	term.refuses(exitFailure, words("admin room show mrose"), `did you mean "morse"?`)
	term.refuses(exitUsage, words("admin room shwo morse"), `did you mean "room show"?`)
	term.refuses(exitUsage, words("admin room show"), "a word is missing")
	term.refuses(exitUsage, words("admin room"), "there is no admin command")
	term.says(words("admin room remove morse"), "removed")
	term.refuses(exitFailure, words("admin room remove morse"), "there is no room yet")
}

func TestAdminDates(t *testing.T) {
	term := newTerminal(t)
	term.types(exitOK, words("admin room add morse --name=Morse --meeting-id=m-1")...)
	term.says([]string{"admin", "date", "add", "morse", "--from=2026-12-01 19:00", "--duration=90m", "--title=Punkt und Strich"},
		"date 1 of room morse is added: 2026-12-01 19:00 CET to 2026-12-01 20:30 CET")
	term.says([]string{"admin", "date", "add", "morse", "--from=2026-07-01T19:00:00+02:00", "--to=01.07.2026 20:00", "--event=kurse", "--subevent=7"},
		"2026-07-01 19:00 CEST to 2026-07-01 20:00 CEST")

	out, _ := term.types(exitOK, words("admin date list morse")...)
	contains(t, out, "Punkt und Strich")
	if strings.Contains(out, "kurse/7") {
		t.Errorf("a past date is listed without --all:\n%s", out)
	}
	term.says(words("admin date list morse --all"), "Punkt und Strich", "kurse/7")
	term.says(words("admin date list morse --json"), `"from": "2026-12-01T19:00:00+01:00"`)

	for _, c := range []struct {
		story string
		flags []string
		want  string
	}{
		{"no times", nil, "--from"},
		{"no end", []string{"--from=2026-12-01 19:00"}, "--to"},
		{"two ends", []string{"--from=2026-12-01 19:00", "--to=2026-12-01 20:00", "--duration=1h"}, "--to"},
		{"only a day", []string{"--from=2026-12-01", "--duration=1h"}, "is not a day and time"},
		{"an hour that the clocks skip", []string{"--from=2027-03-28 02:30", "--duration=1h"}, "clocks go forward"},
		{"no unit", []string{"--from=2026-12-01 19:00", "--duration=2"}, "has no unit"},
		{"ends before it begins", []string{"--from=2026-12-01 19:00", "--to=2026-12-01 18:00"}, "must be after the beginning"},
		{"event alone", []string{"--from=2026-12-01 19:00", "--duration=1h", "--event=kurse"}, "--subevent"},
	} {
		_, err := term.types(exitUsage, append(words("admin date add morse"), c.flags...)...)
		if !strings.Contains(err, c.want) {
			t.Errorf("%s: %q is missing in %s", c.story, c.want, err)
		}
	}

	term.refuses(exitUsage, words("admin room remove morse"), "has dates to come (1)", "--yes")
	term.says(words("admin date remove 1"), "date 1 is removed")
	term.refuses(exitFailure, words("admin date remove 1"), "there is no date 1")
	term.refuses(exitUsage, words("admin date remove one"), "is not the id of a date")
	term.says(words("admin room remove morse"), "removed")
}

func TestAdminRecords(t *testing.T) {
	term := newTerminal(t)
	term.says(words("admin audit list"), "none")
	term.says(words("admin consent list"), "none")
	fill(t, term.env)
	term.says(words("admin audit list"), "2026-11-24 18:59:00 CET", "ABC12", "used_other_day")
	term.says(words("admin audit list --json --limit=1"), `"order": "ABC12"`, `"position": 42`)
	term.says(words("admin audit list --since=30s"), "none")
	term.says(words("admin consent list"), "2026-11", "listen-only")
	term.says(words("admin consent list --json"), `"given": false`)
	term.refuses(exitUsage, words("admin audit list --since=yesterday"), "--since", "is not a duration")
	term.refuses(exitUsage, words("admin audit list --limit=0"), "--limit")
}

func fill(t *testing.T, env environment) {
	t.Helper()
	withStore(t, env, func(ctx context.Context, s *store.Store) error {
		at := env.Now().Add(-time.Minute)
		return errors.Join(
			s.RecordAudit(ctx, room.AuditRow{At: at, Kind: "entry", Room: "morse", Order: "ABC12", Position: 42, Outcome: "used_other_day"}),
			s.RecordConsent(ctx, room.Consent{At: at, Room: "morse", UserID: "42", Policy: room.ListenOnly, TextVersion: "2026-11", Language: "de"}),
		)
	})
}

// withStore holds the database open while f runs.
func withStore(t *testing.T, env environment, f func(context.Context, *store.Store) error) {
	t.Helper()
	s, err := store.Open(t.Context(), load(env, nil, newFlags("test")).storeOptions(env))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f(t.Context(), s), s.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestDatabaseInUse(t *testing.T) {
	term := newTerminal(t)
	withStore(t, term.env, func(context.Context, *store.Store) error {
		term.refuses(exitFailure, words("admin room list"), "in use by another einlass process")
		term.refuses(exitFailure, words("migrate"), "in use by another einlass process")
		return nil
	})
}

func TestHealth(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			status = http.StatusNotFound
		}
		w.WriteHeader(status)
	}))
	address := strings.TrimPrefix(server.URL, "http://")
	term := newTerminal(t, "EINLASS_LISTEN="+address)
	term.says(words("health"), "well: http://"+address+"/healthz")
	status = http.StatusServiceUnavailable
	term.refuses(exitFailure, words("health"), "not well", "503 Service Unavailable")
	server.Close()
	term.refuses(exitFailure, words("health"), "not well", "connection refused")
	term.refuses(exitFailure, words("health --listen=nowhere"), "not well", "is not an address with a port")
	term.refuses(exitFailure, words("health --listen=127.0.0.1:0"), "port 0")
}

func TestHealthOfWhatIsConfigured(t *testing.T) {
	well := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer well.Close()
	address := strings.TrimPrefix(well.URL, "http://")
	scanning := newTerminal(t, "EINLASS_SCAN_URL=http://192.168.1.5:7000", "EINLASS_SCAN_LISTEN="+address, "EINLASS_LISTEN=127.0.0.1:1")
	scanning.says(words("health"), "well: http://"+address+"/healthz")
	both := newTerminal(t, append(complete()[:8], "EINLASS_SCAN_URL=http://192.168.1.5:7000", "EINLASS_SCAN_LISTEN=127.0.0.1:1", "EINLASS_LISTEN="+address)...)
	both.refuses(exitFailure, words("health"), "not well: http://127.0.0.1:1/healthz")
}

func TestReachable(t *testing.T) {
	for listen, want := range map[string]string{
		"0.0.0.0:8080": "127.0.0.1:8080", ":8080": "127.0.0.1:8080", "[::]:8080": "[::1]:8080",
		"192.0.2.1:80": "192.0.2.1:80", "localhost:80": "localhost:80",
	} {
		if got, err := reachable(listen); got != want || err != nil {
			t.Errorf("reachable(%q) = %q, %v; want %q", listen, got, err, want)
		}
	}
}
