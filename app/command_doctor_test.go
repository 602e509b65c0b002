package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/store"
	"github.com/einlass/einlass/bbb/bbbsim"
	"github.com/einlass/einlass/pretix/pretixsim"
)

const (
	clinicToken  = "clinic-team-token-clinic-team-token-clinic-team-token-clinic-000"
	clinicSecret = "clinic-bbb-secret"
)

// clinic is everything around einlass, in good health: change it, then call the doctor.
type clinic struct {
	shop   *pretixsim.Server
	answer http.Handler // at base_url
	skew   time.Duration
	list   int
}

func newClinic() *clinic {
	s := pretixsim.New(pretixsim.Options{})
	s.AddOrganizer(pretixsim.Organizer{Slug: "fjord", Name: "Fjord", MetaProperties: []string{"Teilnehmerlink"}})
	s.AddTeam(pretixsim.Team{Token: clinicToken, Rights: []string{pretixsim.OrdersRead, pretixsim.OrdersCheckin}})
	s.AddTeam(pretixsim.Team{Token: "only-reads", Rights: []string{pretixsim.OrdersRead}})
	s.AddTeam(pretixsim.Team{Token: "sees-nothing", Events: []string{}})
	s.AddEvent(pretixsim.Event{Slug: "kurse", Name: pretixsim.German("Kurse"), HasSubEvents: true})
	s.AddEvent(pretixsim.Event{Slug: "fest", Name: pretixsim.German("Fest")})
	s.AddItem("kurse", pretixsim.Item{Name: pretixsim.German("Teilnahme")})
	s.AddQuestion("kurse", pretixsim.Question{Identifier: "RUFZEICHEN", Question: pretixsim.German("Rufzeichen")})
	s.AddQuestion("kurse", pretixsim.Question{Identifier: "VIDEOCONSENT", Question: pretixsim.German("Aufnahme")})
	c := &clinic{shop: s, answer: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	c.list = s.AddList("kurse", pretixsim.List{Name: "Online"})
	return c
}

// visit calls the doctor in these surroundings, with further variables.
func (c *clinic) visit(t *testing.T, environ ...string) (report string, code int) {
	t.Helper()
	shop := httptest.NewServer(c.clock(c.shop.Handler()))
	defer shop.Close()
	rooms := httptest.NewServer(bbbsim.New(bbbsim.Options{Secret: clinicSecret}).Handler())
	defer rooms.Close()
	einlass := httptest.NewServer(c.answer)
	defer einlass.Close()

	term := newTerminal(t)
	term.env.Now = time.Now // Date headers are of today
	term.env.Environ = lastOfEach(append(append(term.env.Environ,
		"EINLASS_PRETIX_URL="+shop.URL, "EINLASS_PRETIX_TOKEN="+clinicToken, "EINLASS_PRETIX_ORGANIZER=fjord",
		"EINLASS_PRETIX_EVENT=kurse", "EINLASS_JWT_SECRET=0123456789abcdef", "EINLASS_BBB_URL="+rooms.URL,
		"EINLASS_BBB_SECRET="+clinicSecret, "EINLASS_BASE_URL="+einlass.URL,
		"EINLASS_LISTEN="+strings.TrimPrefix(einlass.URL, "http://"),
	), environ...))
	code = run(t.Context(), term.env, []string{"doctor"})
	return term.out.String(), code
}

// clock lets pretix' clock go wrong.
func (c *clinic) clock(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(c.skew).UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}

func TestDoctor(t *testing.T) {
	cases := []struct {
		story   string
		change  func(*clinic)
		environ []string
		code    int
		want    []string
	}{
		{"all is well", nil, nil, exitOK, []string{
			"✓ configuration: ", "! database: SQLite, synchronous=FULL, at version 0", "✓ base_url: ", "✓ pretix: its clock and ours agree",
			"✓ pretix: version", "✓ pretix: meta data property Teilnehmerlink", "✓ pretix: event kurse is a series",
			"is checked in on list", "the token may check in", "✓ bbb: answers, and accepts secret and hash",
		}},
		{"an option is wrong", nil, []string{"EINLASS_DOORS=30"}, exitFailure, []string{"✗ configuration: EINLASS_DOORS (environment): ", "→ EINLASS_DOORS=45m", "✓ bbb: answers"}},
		{"an option is missing", nil, []string{"EINLASS_BBB_SECRET="}, exitFailure, []string{"✗ configuration: bbb_secret (not set)", "✓ pretix: version"}},
		{"the token is unknown", nil, []string{"EINLASS_PRETIX_TOKEN=nobody-knows-me"}, exitFailure, []string{"✗ pretix: ", "→ make a new token"}},
		{"the token sees no event", nil, []string{"EINLASS_PRETIX_TOKEN=sees-nothing"}, exitFailure, []string{"✗ pretix: event kurse: ", "→ give the token's team access"}},
		{"the token only reads", nil, []string{"EINLASS_PRETIX_TOKEN=only-reads"}, exitFailure, []string{"✗ pretix: list", "the token may not check in", "→ give the token's team the right"}},
		{"the event is misspelt", nil, []string{"EINLASS_PRETIX_EVENT=kurze"}, exitFailure, []string{"✗ pretix: event kurze"}},
		{"the event has no dates", nil, []string{"EINLASS_PRETIX_EVENT=fest"}, exitFailure, []string{"fest is a single event without dates"}},
		{"the property does not exist", nil, []string{"EINLASS_META_PROPERTY=Raum"}, exitFailure, []string{"✗ pretix: the organizer has no meta data property Raum"}},
		{"a question does not exist", nil, []string{"EINLASS_QUESTION_CALLSIGN=CALL"}, exitOK, []string{"! pretix: event kurse has no question CALL"}},
		{"two lists would do", func(c *clinic) { c.shop.AddList("kurse", pretixsim.List{Name: "Saal"}) }, nil, exitFailure, []string{"✗ pretix: event kurse, product", "checkin_list names it"}},
		{"two lists, one named", func(c *clinic) { c.shop.AddList("kurse", pretixsim.List{Name: "Saal"}) }, []string{"EINLASS_CHECKIN_LIST=Saal"}, exitOK, []string{"(Saal)"}},
		{"the list lets in again", func(c *clinic) { c.shop.AddList("kurse", pretixsim.List{Name: "Mehrfach", AllowMultipleEntries: true}) },
			[]string{"EINLASS_CHECKIN_LIST=Mehrfach"}, exitOK, []string{"! pretix: list", "allows multiple entries"}},
		{"pretix' clock is a bit late", func(c *clinic) { c.skew = -10 * time.Second }, nil, exitOK, []string{"! pretix: its clock and ours are ", "jwt_leeway still covers that"}},
		{"pretix' clock is wrong", func(c *clinic) { c.skew = time.Hour }, nil, exitFailure, []string{"✗ pretix: its clock and ours are ", "→ set the clocks"}},
		{"pretix is down", nil, []string{"EINLASS_PRETIX_URL=http://127.0.0.1:1"}, exitFailure, []string{"✗ pretix: http://127.0.0.1:1 cannot be reached", "✓ bbb: answers"}},
		{"BBB is down", nil, []string{"EINLASS_BBB_URL=http://127.0.0.1:1"}, exitFailure, []string{"✗ bbb: http://127.0.0.1:1 cannot be reached"}},
		{"BBB's secret is wrong", nil, []string{"EINLASS_BBB_SECRET=guessed"}, exitFailure, []string{"✗ bbb: ", "→ set bbb_secret"}},
		{"the host belongs to another program", func(c *clinic) { c.answer = elsewhere() }, nil, exitFailure, []string{"✗ base_url: ", "answers 404"}},
		{"serve does not run", nil, []string{"EINLASS_LISTEN=127.0.0.1:1"}, exitOK, []string{"! base_url: not checked"}},
	}
	for _, c := range cases {
		t.Run(c.story, func(t *testing.T) {
			surroundings := newClinic()
			if c.change != nil {
				c.change(surroundings)
			}
			report, code := surroundings.visit(t, c.environ...)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			contains(t, report, c.want...)
			for _, hidden := range []string{clinicToken, clinicSecret, "0123456789abcdef", "nobody-knows-me", "guessed"} {
				if strings.Contains(report, hidden) {
					t.Errorf("a secret is shown")
				}
			}
			if t.Failed() {
				t.Log(report)
			}
			if len(surroundings.shop.Checkins("kurse")) > 0 {
				t.Error("the doctor has checked somebody in")
			}
		})
	}
}

// elsewhere answers the health check of this machine, and to nothing else as einlass would.
func elsewhere() http.Handler {
	first := true
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !first {
			http.NotFound(w, r)
		}
		first = false
	})
}

func TestDoctorBesideServe(t *testing.T) {
	term := newTerminal(t)
	withStore(t, term.env, func(context.Context, *store.Store) error {
		out, _ := term.types(exitFailure, "doctor")
		contains(t, out, "✓ database: in use by a running einlass", "✗ configuration: pretix_url (not set)")
		return nil
	})
}

func TestDoctorTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	d := &checkup{out: io.Discard, now: time.Now}
	if _, ok := d.reach(t.Context(), "pretix", server.URL, ""); ok || d.failed != 1 {
		t.Error("a certificate that nobody vouches for was accepted")
	}
}
