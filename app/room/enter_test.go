package room_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb/bbbsim"
	"github.com/einlass/einlass/pretix/pretixsim"
)

func TestEveryStoryIsAnsweredAtTheDoor(t *testing.T) {
	h := newHouse(t)
	for story, want := range map[string]string{
		"running": "admit", "valid-if-pending": "admit", "two-dates": "admit", "awkward": "admit",
		"no-consent": "confirm", "nameless": "confirm", "two-people": "choose",
		"closed": "wait room", "tomorrow": "wait doors",
		"inside": "refuse already_inside", "used-yesterday": "refuse used_other_day", "past": "refuse date_over",
		"unpaid": "refuse order_pending", "canceled": "refuse order_canceled", "expired": "refuse order_expired",
		"unapproved": "refuse order_unapproved", "testmode": "refuse order_testmode",
		"position-canceled": "refuse position_canceled", "blocked": "refuse blocked",
		"not-yet-valid": "refuse not_yet_valid", "no-longer-valid": "refuse no_longer_valid",
		"foreign-room": "refuse room_foreign", "no-room": "refuse room_missing",
		"link-expired": "refuse link_expired", "link-tampered": "refuse link_forged",
	} {
		before := h.checkins(story)
		answered(t, story, h.enter(story), want)
		if wrote := h.checkins(story) - before; (wrote == 1) != (want == "admit") {
			t.Errorf("%s: answered %q and wrote %d check-ins", story, want, wrote)
		}
	}
	complains(t, h)
}

// complains fails if a real pretix or BBB would have had something to say about our requests.
func complains(t *testing.T, h *house) {
	t.Helper()
	for _, p := range append(h.Pretix.Problems(), h.BBB.Problems()...) {
		t.Errorf("a simulator complains: %s", p)
	}
}

func TestRefusalsNameTheirFacts(t *testing.T) {
	h := newHouse(t)
	for story, has := range map[string]func(room.Admission) bool{
		"not-yet-valid":   func(a room.Admission) bool { return a.Doors.Equal(eightInTheEvening.Add(48 * time.Hour)) },
		"no-longer-valid": func(a room.Admission) bool { return a.Closes.Equal(eightInTheEvening.Add(-24 * time.Hour)) },
		"past":            func(a room.Admission) bool { return a.Date.From.Equal(eightInTheEvening.Add(-24 * time.Hour)) },
		"link-expired":    func(a room.Admission) bool { return a.ShopURL != "" },
		"link-tampered":   func(a room.Admission) bool { return a.ShopURL == "" },
	} {
		if a := h.look(story); !has(a) {
			t.Errorf("%s: the refusal lacks its facts: %+v", story, a)
		}
	}
}

func TestALookChangesNothing(t *testing.T) {
	h := newHouse(t)
	for _, s := range h.Stories() {
		if s.Token == "" {
			continue
		}
		before := len(h.Pretix.Checkins(cast.Event))
		joined := len(h.BBB.Joined(cast.Running))
		h.look(s.Key)
		if len(h.Pretix.Checkins(cast.Event)) != before || len(h.BBB.Joined(cast.Running)) != joined {
			t.Errorf("%s: a look left traces", s.Key)
		}
	}
	if n := h.Pretix.Calls(http.MethodPost, "checkinrpc/redeem"); n != 0 {
		t.Errorf("a look redeemed %d times", n)
	}
}

func TestWhatIsSignedForTheRoom(t *testing.T) {
	h := newHouse(t)
	noConsent := h.visit("no-consent")
	noConsent.Seen = "v1"
	nameless := h.visit("nameless")
	nameless.Name = "  Nina\tNeu\x00 "
	for _, c := range []struct {
		visit     room.Visit
		name      string
		recording string // userdata-bbb_record_video
	}{
		{h.visit("running"), "Erika Musterfrau (DL1ABC)", ""},
		{noConsent, "Max Mustermann (DK2XY)", "false"},
		{nameless, "Nina Neu", ""},
		{h.visit("awkward"), `Jürgen Groß-Østergård 🎙 <b>"x"</b> (DL/OE1ÄÖ/P)`, ""},
	} {
		a := h.enterAs(c.visit)
		answered(t, c.name, a, "admit")
		q := queryOf(t, a)
		for name, want := range map[string]string{
			"fullName": c.name, "role": "VIEWER", "guest": "false", "errorRedirectUrl": base + "/back",
			"userdata-bbb_record_video": c.recording, "meetingID": cast.Running,
		} {
			if got := q.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, name, got, want)
			}
		}
		if q.Get("createTime") == "" || q.Get("userID") == "" {
			t.Errorf("%s: createTime %q and userID %q must be there", c.name, q.Get("createTime"), q.Get("userID"))
		}
	}
	consents, err := h.store.Consents(t.Context(), time.Time{}, 10)
	must(t, err)
	if len(consents) != 4 || consents[0].TextVersion != "v1" || consents[0].At.IsZero() {
		t.Errorf("kept consents are %+v, want four with version and time", consents)
	}
}

func queryOf(t *testing.T, a room.Admission) url.Values {
	t.Helper()
	u, err := url.Parse(a.Join.Reveal())
	must(t, err)
	return u.Query()
}

func TestTheJoinURLLeadsIntoTheRoom(t *testing.T) {
	h := newHouse(t)
	a := h.enter("running")
	jar, err := cookiejar.New(nil) // BBB binds a session to the browser
	must(t, err)
	browser := &http.Client{Jar: jar}
	answer, err := browser.Get(a.Join.Reveal())
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("the room answered %d", answer.StatusCode)
	}
	answered(t, "again, while inside", h.enter("running"), "refuse already_inside")
	complains(t, h)
}

func TestTheSameDayAgainAndNoOther(t *testing.T) {
	h := newHouse(t)
	answered(t, "first", h.enter("running"), "admit")
	h.clock.Pass(30 * time.Minute)
	answered(t, "the same evening", h.enter("running"), "admit")
	if n := h.checkins("running"); n != 1 {
		t.Errorf("pretix has %d check-ins, want the one", n)
	}
	h.clock.Pass(24 * time.Hour)
	h.Rules.DateWindow = false
	a := h.enter("running")
	answered(t, "the next evening", a, "refuse used_other_day")
	if got := a.Day.Format(time.DateOnly); got != "2026-12-01" {
		t.Errorf("the refusal names %s, want the day of the first entry", got)
	}
}

func TestMidnightLocksNobodyOut(t *testing.T) {
	h := newHouseAt(t, time.Date(2026, 12, 1, 23, 0, 0, 0, berlin()))
	answered(t, "at eleven", h.enter("running"), "admit")
	h.clock.Set(time.Date(2026, 12, 2, 0, 20, 0, 0, berlin()))
	h.BBB.Start(cast.Running, "Amateurfunk für Einsteiger", true, "Anke")
	answered(t, "after midnight, while the date runs", h.enter("running"), "admit")
	if n := h.checkins("running"); n != 1 {
		t.Errorf("pretix has %d check-ins, want the one of the date's own day", n)
	}
}

func TestUsedTodayBySomebodyWithAScanner(t *testing.T) {
	h := newHouse(t)
	h.Pretix.AddCheckin(pretixsim.Checkin{Position: int(h.Story("running").Position), List: int(h.List)})
	answered(t, "running", h.enter("running"), "refuse used_today")
}

func TestWithoutBBBNobodyIsCheckedIn(t *testing.T) {
	for name, fault := range map[string]bbbsim.Fault{
		"down": {Status: 502}, "reset": {Reset: true}, "not XML": {Body: "<html>busy</html>", ContentType: "text/html"},
		"checksum refused": {Body: "<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey></response>"},
	} {
		h := newHouse(t)
		h.BBB.Fault("getMeetingInfo", fault)
		a := h.enter("running")
		if a.Kind != room.Refuse || h.Pretix.Calls(http.MethodPost, "checkinrpc/redeem") != 0 {
			t.Errorf("%s: answered %v and redeemed %d times", name, a.Kind, h.Pretix.Calls(http.MethodPost, "checkinrpc/redeem"))
		}
		h.BBB.ClearFaults()
		h.clock.Pass(time.Minute)
		answered(t, name+", over", h.enter("running"), "admit")
	}
}

func TestWithoutPretixNobodyJoins(t *testing.T) {
	for name, c := range map[string]struct {
		where string
		fault pretixsim.Fault
		want  string
	}{
		"down at the order":     {"GET orders", pretixsim.Fault{Status: 502}, "refuse pretix_down"},
		"down at the check-in":  {"POST checkinrpc/redeem", pretixsim.Fault{Status: 502}, "refuse pretix_down"},
		"reset at the check-in": {"POST checkinrpc/redeem", pretixsim.Fault{Reset: true}, "refuse pretix_down"},
		"busy at the order":     {"GET orders", pretixsim.Fault{Status: 429, RetryAfter: "7"}, "wait shop"},
		"busy at the check-in":  {"POST checkinrpc/redeem", pretixsim.Fault{Status: 503, RetryAfter: "7"}, "wait shop"},
		"token withdrawn":       {"POST checkinrpc/redeem", pretixsim.Fault{Status: 401, Body: `{"detail":"Invalid token."}`, ContentType: "application/json"}, "refuse misconfigured"},
	} {
		h := newHouse(t)
		h.Pretix.Fault(c.where, c.fault)
		answered(t, name, h.enter("running"), c.want)
		h.Pretix.ClearFaults()
		h.clock.Pass(2 * time.Minute)
		answered(t, name+", over", h.enter("running"), "admit")
	}
}

func TestALostAnswerIsAskedForOnce(t *testing.T) {
	h := newHouse(t)
	h.Pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Reset: true, AfterEffect: true, Times: 1})
	answered(t, "running", h.enter("running"), "admit")
	if calls, stored := h.Pretix.Calls(http.MethodPost, "checkinrpc/redeem"), h.checkins("running"); calls != 2 || stored != 1 {
		t.Errorf("asked %d times and stored %d, want 2 and 1", calls, stored)
	}
}

func TestAfterTwoLostAnswersOnlyTheSameBrowserMayTry(t *testing.T) {
	h := newHouse(t)
	h.Pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Reset: true, AfterEffect: true, Times: 2})
	answered(t, "both answers lost", h.enter("running"), "refuse pretix_down")
	h.clock.Pass(15 * time.Second)
	other := h.visit("running")
	other.Browser = "tablet"
	answered(t, "another browser", h.enterAs(other), "refuse login_under_way")
	answered(t, "the same browser", h.enter("running"), "admit")
}

func TestOneOfTwoBrowsersGoesIn(t *testing.T) {
	h := newHouse(t)
	answered(t, "phone", h.enter("running"), "admit")
	tablet := h.visit("running")
	tablet.Browser = "tablet"
	a := h.enterAs(tablet)
	answered(t, "tablet at once", a, "refuse login_under_way")
	if a.Retry != time.Minute {
		t.Errorf("the tablet is told to wait %v, want the lease of a minute", a.Retry)
	}
	answered(t, "phone clicks twice", h.enter("running"), "admit")
	h.clock.Pass(61 * time.Second)
	answered(t, "tablet after the lease", h.enterAs(tablet), "admit")
}

func TestARefusalFreesTheLease(t *testing.T) {
	h := newHouse(t)
	h.Pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{
		Status: 400, ContentType: "application/json", Times: 1,
		Body: `{"status":"error","reason":"rules","reason_explanation":"Erst ab 21 Uhr","position":null,"list":null}`,
	})
	a := h.enter("running")
	answered(t, "phone", a, "refuse rules_refused")
	if a.Explanation != "Erst ab 21 Uhr" {
		t.Errorf("pretix' explanation is lost: %q", a.Explanation)
	}
	tablet := h.visit("running")
	tablet.Browser = "tablet"
	answered(t, "tablet", h.enterAs(tablet), "admit")
}

func TestARefusalLeavesTheLeaseOfAnEarlierClick(t *testing.T) {
	h := newHouse(t)
	answered(t, "first click", h.enter("running"), "admit")
	h.clock.Pass(time.Second)
	h.Pretix.Fault("POST checkinrpc/redeem", pretixsim.Fault{Status: 429, Times: 1})
	answered(t, "second click", h.enter("running"), "wait shop")
	h.clock.Pass(10 * time.Second)
	tablet := h.visit("running")
	tablet.Browser = "tablet"
	answered(t, "tablet, while the first click connects", h.enterAs(tablet), "refuse login_under_way")
}

func TestWhoIsItOfTwo(t *testing.T) {
	h := newHouse(t)
	a := h.enter("two-people")
	answered(t, "two people", a, "choose")
	if len(a.People) != 2 || a.People[0].Name != "Anton Paar" || a.People[1].Name != "Berta Paar" {
		t.Fatalf("the choice is %+v", a.People)
	}
	v := h.visit("two-people")
	v.Position = a.People[1].Position
	admitted := h.enterAs(v)
	answered(t, "Berta", admitted, "admit")
	if got := queryOf(t, admitted).Get("fullName"); got != "Berta Paar (DO9BP)" {
		t.Errorf("in the room it is %q", got)
	}
	v.Position = h.Story("running").Position
	answered(t, "somebody else's position", h.enterAs(v), "refuse position_unknown")
}

func TestARoomThatRefusesToRecordTheUnwilling(t *testing.T) {
	h := newHouse(t)
	for policy, want := range map[room.RecordingPolicy]string{
		room.RefuseEntry: "refuse consent_required", room.ListenOnly: "admit", room.CameraNotRecorded: "admit",
	} {
		r, err := h.store.Room(t.Context(), cast.Running)
		must(t, err)
		r.Recording = policy
		_, err = h.store.PutRoom(t.Context(), r)
		must(t, err)
		v := h.visit("no-consent")
		v.Seen = v.Notice
		a := h.enterAs(v)
		answered(t, string(policy), a, want)
		if a.Kind == room.Admit && (queryOf(t, a).Get("userdata-bbb_force_listen_only") == "true") != (policy == room.ListenOnly) {
			t.Errorf("%s: listen-only is wrong in the join", policy)
		}
	}
}

func TestGuests(t *testing.T) {
	h := newHouse(t)
	enter := func(g room.Guest) room.Admission {
		a, err := h.EnterRoom(context.Background(), g)
		h.noteError(err)
		return a
	}
	guest := room.Guest{Room: cast.Open, Name: "Gerda Gast", Callsign: "dl9gg", Language: "en", Browser: "phone"}
	a := enter(guest)
	answered(t, "open room", a, "admit")
	q := queryOf(t, a)
	if id := q.Get("userID"); len(id) < 10 || id[:2] != "g-" || q.Get("fullName") != "Gerda Gast (DL9GG)" {
		t.Errorf("joined as %q with id %q", q.Get("fullName"), id)
	}
	answered(t, "without a name", enter(room.Guest{Room: cast.Open}), "confirm")
	answered(t, "ticket room", enter(room.Guest{Room: cast.Running, Name: "x"}), "refuse ticket_needed")
	answered(t, "no such room", enter(room.Guest{Room: "nowhere", Name: "x"}), "refuse room_unknown")

	coded := room.Guest{Room: cast.Coded, Name: "Gerda Gast", Consent: "no"}
	answered(t, "no code", enter(coded), "refuse code_wrong")
	coded.Code = " " + cast.AccessCode + " "
	a = enter(coded)
	answered(t, "code", a, "admit")
	if q := queryOf(t, a); q.Get("userdata-bbb_record_video") != "false" || q.Get("userdata-bbb_force_listen_only") != "true" {
		t.Errorf("a listen-only guest joins with %v", q)
	}
	coded.Consent = ""
	answered(t, "recordable, and no word on consent", enter(coded), "confirm")
}
