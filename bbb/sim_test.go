package bbb_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/einlass/einlass/bbb"
	"github.com/einlass/einlass/bbb/bbbsim"
)

// strict starts a simulator; a test that leaves complaints behind fails.
func strict(t *testing.T, opts bbbsim.Options) (*bbbsim.Server, string) {
	t.Helper()
	opts.Secret = secret
	sim := bbbsim.New(opts)
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		for _, problem := range sim.Problems() {
			t.Errorf("the simulator complains: %s", problem)
		}
	})
	return sim, server.URL
}

// follow goes where a browser would, up to the last page.
func follow(t *testing.T, link bbb.JoinURL) *http.Response {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	resp, err := browser.Get(link.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

func TestFromCreateToEnd(t *testing.T) {
	for _, algorithm := range []bbb.Hash{bbb.SHA1, bbb.SHA256, bbb.SHA384, bbb.SHA512} {
		sim, base := strict(t, bbbsim.Options{})
		c, err := bbb.New(bbb.Config{BaseURL: base, Secret: secret, Hash: algorithm})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		created, err := c.Create(ctx, bbb.Create{
			Name: "Funkbetrieb & Q&A", MeetingID: "treff-a12", Record: true, NotifyRecordingIsOn: true, MuteOnStart: true,
			HideUserList: true, GuestPolicy: "ASK_MODERATOR", MaxParticipants: 50, DurationMinutes: 90,
			Welcome: "<b>Hallo</b>", LogoutURL: "https://t.example/bye?x=1&y=2", Meta: []bbb.Param{{Name: "Room", Value: "a12"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		join := bbb.Join{MeetingID: "treff-a12", CreateTime: created.CreateTime, FullName: "Anke", UserID: "a-1", Role: bbb.Moderator}
		follow(t, link(t, c, join))
		m, err := c.MeetingInfo(ctx, "treff-a12")
		if err != nil {
			t.Fatal(err)
		}
		if !m.Open(true) || m.Present("a-1") != 1 || m.CreateTime != created.CreateTime || m.InternalMeetingID != created.InternalMeetingID || m.Metadata["room"] != "a12" {
			t.Errorf("%s: %+v", algorithm, m)
		}
		if err := c.End(ctx, "treff-a12"); err != nil {
			t.Fatal(err)
		}
		if m, err = c.MeetingInfo(ctx, "treff-a12"); err == nil && m.Open(false) {
			t.Errorf("%s: open after its end", algorithm)
		}
		sim.Advance(time.Minute)
		_, err = c.MeetingInfo(ctx, "treff-a12")
		wantClass(t, "gone", err, bbb.NotRunning)
	}
}

func link(t *testing.T, c *bbb.Client, j bbb.Join) bbb.JoinURL {
	t.Helper()
	u, err := c.JoinURL(j)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Every name that the recorded replies hold, and worse, goes in and comes back.
func TestNamesSurviveTheRoundTrip(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	c := client(t, base)
	sim.Start("treff-a12", "Treff", false, "Anke")
	m, err := c.MeetingInfo(t.Context(), "treff-a12")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"Star* Tilde~ Plus+Slash/Hash#", "a%2Ab%00", "\x00 tab\there \u202e", "&amp;", "]]>", "' OR 1=1 --", "%%CONFNAME%%", "a:b;c,d=e?f"}
	for _, a := range recordedAttendees(t) {
		names = append(names, a.FullName)
	}
	for _, name := range names {
		follow(t, link(t, c, bbb.Join{MeetingID: "treff-a12", CreateTime: m.CreateTime, FullName: name, UserID: "4711"}))
		now, err := c.MeetingInfo(t.Context(), "treff-a12")
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		last := now.Attendees[len(now.Attendees)-1]
		if last.FullName != bbb.CleanName(name) || last.UserID != "4711" || last.Role != bbb.Viewer {
			t.Errorf("%q came back as %+v", name, last)
		}
	}
}

func recordedAttendees(t *testing.T) []bbb.Attendee {
	t.Helper()
	reply, err := bbb.Parse([]byte(file(t, "info_many_special.xml")))
	if err != nil || len(reply.Meeting.Attendees) == 0 {
		t.Fatal("no attendees", err)
	}
	return reply.Meeting.Attendees
}

func TestConsentReachesTheRoom(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	c := client(t, base)
	sim.Start("treff-a12", "Treff", true, "Anke")
	m, err := c.MeetingInfo(t.Context(), "treff-a12")
	if err != nil || !m.Recording {
		t.Fatalf("%+v, %v", m, err)
	}
	follow(t, link(t, c, bbb.Join{
		MeetingID: "treff-a12", CreateTime: m.CreateTime, FullName: "Zoë", UserID: "4711",
		UserData: []bbb.Param{{Name: "bbb_record_video", Value: "false"}},
	}))
	got := sim.Joined("treff-a12")[1]
	if got.UserData["bbb_record_video"] != "false" || got.Role != "VIEWER" || got.Guest != "false" {
		t.Errorf("%+v", got)
	}
}

// Whatever goes wrong on the way, nobody is taken for absent.
func TestNoFaultLooksLikeAnEmptyRoom(t *testing.T) {
	for _, name := range []string{
		"html500", "html502", "html503", "html401", "html403", "html429", "html200", "empty", "reset", "lost-reply",
		"wrong-root", "truncated", "two-documents", "control-character",
	} {
		sim, base := strict(t, bbbsim.Options{})
		sim.Start("treff-a12", "Treff", false, "Anke")
		sim.Enter("treff-a12", "4711", "Zoë", "VIEWER")
		fault, ok := bbbsim.NamedFault(name)
		if !ok {
			t.Fatal(name)
		}
		fault.Times = 1
		sim.Fault("getMeetingInfo", fault)
		c := client(t, base)
		_, err := c.MeetingInfo(t.Context(), "treff-a12")
		wantClass(t, name, err, bbb.Unavailable)
		if m, err := c.MeetingInfo(t.Context(), "treff-a12"); err != nil || m.Present("4711") != 1 {
			t.Errorf("%s: does not recover: %+v, %v", name, m, err)
		}
	}
}

func TestAByteOrderMarkIsHarmless(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	sim.Start("treff-a12", "Treff", false, "Anke")
	fault, _ := bbbsim.NamedFault("bom")
	sim.Fault("getMeetingInfo", fault)
	if m, err := client(t, base).MeetingInfo(t.Context(), "treff-a12"); err != nil || !m.Open(true) {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestAStalledServerIsGivenUp(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	sim.Start("treff-a12", "Treff", false, "Anke")
	sim.Fault("getMeetingInfo", bbbsim.Fault{Stall: true})
	c, err := bbb.New(bbb.Config{BaseURL: base, Secret: secret, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "stall", err, bbb.Unavailable)
}

func TestALostCreateMayBeRepeated(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	sim.Fault("create", bbbsim.Fault{LoseReply: true, Times: 1})
	c := client(t, base)
	meeting := bbb.Create{Name: "Treff", MeetingID: "treff-a12"}
	_, err := c.Create(t.Context(), meeting)
	wantClass(t, "lost", err, bbb.Unavailable)
	created, err := c.Create(t.Context(), meeting)
	if err != nil || !created.Duplicate {
		t.Errorf("%+v, %v", created, err)
	}
	if n := sim.Calls("create"); n != 2 {
		t.Errorf("%d creates for two calls", n)
	}
}

// BBB refuses a link by sending the browser to our page.
func TestRefusedLinksComeBackWithAKey(t *testing.T) {
	sim := bbbsim.New(bbbsim.Options{Secret: secret})
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	var landed url.URL
	ours := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { landed = *r.URL }))
	defer ours.Close()
	c := client(t, server.URL)
	sim.Start("treff-a12", "Treff", false, "Anke")
	m, err := c.MeetingInfo(t.Context(), "treff-a12")
	if err != nil {
		t.Fatal(err)
	}
	join := bbb.Join{MeetingID: "treff-a12", CreateTime: m.CreateTime, FullName: "Zoë", UserID: "4711", ErrorRedirectURL: ours.URL + "/e?c=bbb"}
	stale := link(t, c, join)
	for want, change := range map[string]func(){
		bbb.KeyForciblyEnded:      func() { sim.EndMeeting("treff-a12") },
		bbb.KeyInvalidMeeting:     func() { sim.EndMeeting("treff-a12"); sim.Advance(time.Minute) },
		bbb.KeyCreateTimeMismatch: func() { sim.Start("treff-a12", "Treff", false, "Anke") },
	} {
		sim.EndMeeting("treff-a12")
		change()
		follow(t, stale)
		if key, ok := bbb.RedirectError(landed.RawQuery); key != want || !ok {
			t.Errorf("landed on %s: key %q, want %q", landed.String(), key, want)
		}
	}
}

func TestASecretThatWasRotatedIsAnAlarm(t *testing.T) {
	sim := bbbsim.New(bbbsim.Options{Secret: "another"})
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	_, err := client(t, server.URL).MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "rotated", err, bbb.Misconfigured)
}

func TestBalancersInTheirBadMoments(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{Balancer: bbbsim.Scalelite})
	sim.Start("treff-a12", "Treff", false, "Anke")
	sim.SetNodesDown(true)
	_, err := client(t, base).MeetingInfo(t.Context(), "treff-a12")
	wantClass(t, "scalelite", err, bbb.Unavailable)

	sim, base = strict(t, bbbsim.Options{Balancer: bbbsim.B3LB})
	sim.SetNodesDown(true)
	_, err = client(t, base).Create(t.Context(), bbb.Create{Name: "Treff", MeetingID: "treff-a12"})
	wantClass(t, "b3lb", err, bbb.Unavailable)
}

func TestACrowdOfThousandsIsRead(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	sim.Start("treff-a12", "Treff", false, "Anke")
	sim.Crowd("treff-a12", 4000)
	m, err := client(t, base).MeetingInfo(t.Context(), "treff-a12")
	if err != nil || len(m.Attendees) != 4001 || m.Present("c-4000") != 1 {
		t.Errorf("%d attendees, %v", len(m.Attendees), err)
	}
}

func TestErrorsCanBeToldApart(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	_, err := client(t, base).MeetingInfo(t.Context(), "treff-a12")
	failed, ok := errors.AsType[*bbb.Error](err)
	if !ok || failed.Class != bbb.NotRunning || failed.Error() != "bbb getMeetingInfo: not running, key notFound" {
		t.Errorf("%v", err)
	}
	if sim.Calls("getMeetingInfo") != 1 {
		t.Error("a refusal was repeated")
	}
}

// The simulator's replies have the fields of the recorded ones.
func TestSimulatorAndRecordingAgreeOnTheFields(t *testing.T) {
	sim, base := strict(t, bbbsim.Options{})
	sim.Start("treff-a12", "Treff", false, "Anke")
	if _, err := client(t, base).MeetingInfo(t.Context(), "treff-a12"); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(base + "/bigbluebutton/api/getMeetingInfo?" + sim.Requests()[0].RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	ours, recorded := elements(t, resp.Body), elements(t, mustOpen(t, "testdata/replies/info_1_moderator.xml"))
	delete(recorded, "treff-room")
	delete(recorded, "endcallbackurl")
	a, _ := json.Marshal(ours)
	b, _ := json.Marshal(recorded)
	if string(a) != string(b) {
		t.Errorf("\n     sim %s\nrecorded %s", a, b)
	}
}

func mustOpen(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
