package bbbsim

import (
	"strings"
	"testing"
	"time"
)

func TestNotCreated(t *testing.T) {
	r := start(t, Options{})
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"), "FAILED", "<messageKey>notFound<")
	wantText(t, "running", r.call("isMeetingRunning", "meetingID", "m1"), "SUCCESS", "<running>false<")
	wantText(t, "list", r.call("getMeetings"), "<meetings/>", "noMeetings")
	wantText(t, "end", r.call("end", "meetingID", "m1"), "notFound")
	r.wantNoProblems()
}

func TestCreatedWithoutAModerator(t *testing.T) {
	r := start(t, Options{})
	wantText(t, "create", r.call("create", "name", "Antennenbau für <Einsteiger>", "meetingID", "m1", "record", "true", "meta_Room", "a&b"),
		"SUCCESS", "<createTime>1795543200000<", "<messageKey></messageKey>")
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"),
		"<running>false<", "<recording>true<", "<hasUserJoined>false<", "<attendees>\n</attendees>",
		"Antennenbau für &lt;Einsteiger&gt;", "<room>a&amp;b</room>")
	r.wantNoProblems()
}

func TestRunning(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"),
		"<running>true<", "<moderatorCount>1<", "<participantCount>1<", "<role>MODERATOR<", "<fullName>Anke<")
	wantText(t, "list", r.call("getMeetings"), "<meeting><meetingName>Treff<")
	r.Start("m1", "Treff", false, "Anke")
	if n := r.attendees("a-host"); n != 1 {
		t.Errorf("starting twice makes %d hosts", n)
	}
}

func TestCreatingTwiceKeepsTheFirst(t *testing.T) {
	r := start(t, Options{})
	first := r.createTimeOf(r.call("create", "name", "One", "meetingID", "m1", "record", "false"))
	r.Advance(time.Second)
	again := r.call("create", "name", "Two", "meetingID", "m1", "record", "true")
	wantText(t, "again", again, "SUCCESS", "duplicateWarning", first)
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"), "<meetingName>One<", "<recording>false<")
}

func (r *rig) createTimeOf(body string) string {
	_, rest, _ := strings.Cut(body, "<createTime>")
	value, _, _ := strings.Cut(rest, "<")
	return value
}

// The gap that a gate has to close itself: two clicks within a second, and the
// list shows neither.
func TestTwoClicksAreInvisibleUntilTheClientConnects(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	one, two := r.browser(), r.browser()
	first, second := r.open(one, r.joinLink("4711", "Zoë")), r.open(two, r.joinLink("4711", "Zoë"))
	if n := r.attendees("4711"); n != 0 {
		t.Errorf("%d in the list before the client page", n)
	}
	r.open(one, first.location)
	r.open(two, second.location)
	if n := r.attendees("4711"); n != 2 {
		t.Errorf("%d in the list", n)
	}
	r.wantNoProblems()
}

func TestALinkScannerRegistersAndIsForgotten(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	b := r.browser()
	got := r.open(b, r.joinLink("4711", "Zoë"))
	states := func() string {
		joined := r.Joined("m1")
		return joined[len(joined)-1].State
	}
	if states() != "registered" {
		t.Errorf("state %s", states())
	}
	r.Advance(59 * time.Second)
	if states() != "registered" {
		t.Errorf("after 59 s: %s", states())
	}
	r.Advance(time.Second)
	if states() != "gone" {
		t.Errorf("after 60 s: %s", states())
	}
	wantText(t, "late", r.open(b, got.location).body, "session is over")
}

func TestTheFourthSessionThrowsOutTheFirst(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	firstBrowser, _ := r.comeIn(r.joinLink("4711", "Zoë"))
	for range 3 {
		r.comeIn(r.joinLink("4711", "Zoë"))
	}
	if n := r.attendees("4711"); n != 3 {
		t.Errorf("%d sessions", n)
	}
	token := r.Joined("m1")[1].SessionToken
	wantText(t, "first browser", r.open(firstBrowser, r.base+"/html5client/?sessionToken="+token).body, "same login")
}

func TestTakeover(t *testing.T) {
	r := start(t, Options{MaxUserConcurrentAccesses: 1})
	r.Start("m1", "Treff", false, "Anke")
	r.comeIn(r.joinLink("4711", "Zoë"))
	// Even a scanner that only fetches the link ejects the person inside.
	r.open(r.browser(), r.joinLink("4711", "Zoë"))
	if n := r.attendees("4711"); n != 0 {
		t.Errorf("%d still inside", n)
	}
	if state := r.Joined("m1")[1].State; state != "ejected" {
		t.Errorf("the first is %s", state)
	}
}

func TestWhoSaidGoodbyeDoesNotCountAsASession(t *testing.T) {
	for leave, want := range map[bool]string{true: "left", false: "ejected"} {
		r := start(t, Options{MaxUserConcurrentAccesses: 1})
		r.Start("m1", "Treff", false, "Anke")
		r.Enter("m1", "4711", "Zoë", "VIEWER")
		if leave {
			r.Leave("m1", "4711")
		} else {
			r.Drop("m1", "4711")
		}
		r.comeIn(r.joinLink("4711", "Zoë"))
		if state := r.Joined("m1")[1].State; state != want {
			t.Errorf("clean goodbye %v: %s, want %s", leave, state, want)
		}
	}
}

// How long a crashed or departed person is listed.
func TestLeaversStayListed(t *testing.T) {
	for _, c := range []struct {
		profile Profile
		drop    bool
		listed  []time.Duration // still there
		gone    time.Duration
	}{
		{Legacy25, false, []time.Duration{5 * time.Second, 74 * time.Second}, 75 * time.Second},
		{Legacy25, true, []time.Duration{5 * time.Second, 30 * time.Second, 89 * time.Second}, 90 * time.Second},
		{Ghost26, true, []time.Duration{5 * time.Second, 89 * time.Second}, 90 * time.Second},
		{Online27, false, []time.Duration{5 * time.Second}, 10 * time.Second},
		{V30, false, []time.Duration{9 * time.Second}, 10 * time.Second},
		{V30, true, []time.Duration{5 * time.Second, 29 * time.Second}, 30 * time.Second},
	} {
		r := start(t, Options{Profile: c.profile})
		r.Start("m1", "Treff", false, "Anke")
		r.Enter("m1", "4711", "Zoë", "viewer")
		if c.drop {
			r.Drop("m1", "4711")
		} else {
			r.Leave("m1", "4711")
		}
		passed := time.Duration(0)
		for _, at := range append(c.listed, c.gone) {
			r.Advance(at - passed)
			passed = at
			want := 1
			if at == c.gone {
				want = 0
			}
			if n := r.attendees("4711"); n != want {
				t.Errorf("%s, dropped %v, after %s: listed %d times", c.profile, c.drop, at, n)
			}
		}
	}
}

func TestGhostsAreListedButNotCounted(t *testing.T) {
	for profile, want := range map[Profile]string{
		Legacy25: "<participantCount>2<", Ghost26: "<participantCount>1<", V30: "<participantCount>1<",
	} {
		r := start(t, Options{Profile: profile})
		r.Start("m1", "Treff", false, "Anke")
		r.Enter("m1", "4711", "Zoë", "VIEWER")
		r.Leave("m1", "4711")
		r.Advance(12 * time.Second)
		wantText(t, string(profile), r.call("getMeetingInfo", "meetingID", "m1"), want)
	}
}

func TestAnEmptiedMeetingStillRunsAndCountsItsModerator(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	r.Leave("m1", "a-host")
	r.Advance(11 * time.Second)
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"),
		"<running>true<", "<participantCount>0<", "<moderatorCount>1<", "<attendees>\n</attendees>")
}

func TestLingerIsExact(t *testing.T) {
	for _, profile := range []Profile{Legacy25, V30} {
		r := start(t, Options{Profile: profile, Linger: 120 * time.Second})
		r.Start("m1", "Treff", false, "Anke")
		r.Enter("m1", "4711", "Zoë", "VIEWER")
		r.Drop("m1", "4711")
		r.Advance(119 * time.Second)
		if r.attendees("4711") != 1 {
			t.Errorf("%s: gone too early", profile)
		}
		r.Advance(time.Second)
		if r.attendees("4711") != 0 {
			t.Errorf("%s: stays too long", profile)
		}
	}
}

func TestReloadingWithinTheGraceBringsBack(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	b, _ := r.comeIn(r.joinLink("4711", "Zoë"))
	client := r.base + "/html5client/?sessionToken=" + r.Joined("m1")[1].SessionToken
	r.Leave("m1", "4711")
	r.Advance(9 * time.Second)
	r.open(b, client)
	r.Advance(5 * time.Minute)
	if r.attendees("4711") != 1 {
		t.Error("the reload did not count")
	}
	r.Leave("m1", "4711")
	r.Advance(10 * time.Second)
	wantText(t, "too late", r.open(b, client).body, "session is over")
}

func TestLifeOfAMeeting(t *testing.T) {
	r := start(t, Options{})
	r.CreateMeeting("m1", "Treff", false)
	r.Advance(5*time.Minute - time.Second)
	wantText(t, "nobody yet", r.call("getMeetingInfo", "meetingID", "m1"), "SUCCESS")
	r.Advance(10 * time.Second)
	wantText(t, "nobody came", r.call("getMeetingInfo", "meetingID", "m1"), "notFound")

	r.Start("m1", "Treff", false, "Anke")
	r.Advance(time.Hour)
	r.Leave("m1", "a-host")
	r.Advance(69 * time.Second)
	wantText(t, "everybody left", r.call("getMeetingInfo", "meetingID", "m1"), "<hasBeenForciblyEnded>false<")
	r.Advance(10 * time.Second)
	wantText(t, "a minute later", r.call("getMeetingInfo", "meetingID", "m1"), "notFound")

	r.Start("m1", "Treff", false, "Anke")
	wantText(t, "end", r.call("end", "meetingID", "m1"), "sentEndMeetingRequest")
	wantText(t, "just ended", r.call("getMeetingInfo", "meetingID", "m1"), "<hasBeenForciblyEnded>true<", "<running>false<", "<attendees>\n</attendees>")
	r.Advance(5 * time.Second)
	wantText(t, "forgotten", r.call("getMeetingInfo", "meetingID", "m1"), "notFound")
}

func TestANewInstanceHasANewCreateTime(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	old := r.joinLink("4711", "Zoë")
	r.EndMeeting("m1")
	wantText(t, "ended", r.open(r.browser(), old).location, "meetingForciblyEnded")
	r.Start("m1", "Treff", false, "Anke") // the clock stands still
	wantText(t, "old link", r.open(r.browser(), old).location, "mismatchCreateTimeParam")
	r.comeIn(r.joinLink("4711", "Zoë"))
	r.wantProblem("refused: mismatchCreateTimeParam")
}

func TestJoinedTellsConsentAndName(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", true, "Anke")
	name := `<script>alert("x")</script> & O'Neill 李雷 📡 שלום`
	_, shown := r.comeIn(r.joinLink("4711", name, "userdata-bbb_record_video", "false"))
	got := r.Joined("m1")[1]
	if got.FullName != name || got.UserData["bbb_record_video"] != "false" || got.Guest != "false" || !got.ByLink || got.State != "inside" {
		t.Errorf("%+v", got)
	}
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"), "<customdata><bbb_record_video>false<", "&lt;script&gt;", "李雷 📡 שלום")
	if strings.Contains(shown.body, "<script>") {
		t.Errorf("the page runs a name: %s", shown.body)
	}
	r.wantNoProblems()
}

// BBB keeps userdata per userID: the last join decides for every session.
func TestTheLastJoinsConsentCounts(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", true, "Anke")
	r.comeIn(r.joinLink("4711", "Zoë", "userdata-bbb_record_video", "false"))
	r.comeIn(r.joinLink("4711", "Zoë"))
	if info := r.call("getMeetingInfo", "meetingID", "m1"); strings.Contains(info, "customdata") {
		t.Errorf("still there: %s", info)
	}
}

func TestHeartbeatNoticesAClosedTab(t *testing.T) {
	r := start(t, Options{Heartbeat: 20 * time.Second})
	r.Start("m1", "Treff", false, "Anke")
	r.comeIn(r.joinLink("4711", "Zoë"))
	r.Advance(20 * time.Second)
	r.Advance(10 * time.Second)
	if r.attendees("4711") != 0 || r.attendees("a-host") != 1 {
		t.Error("only the closed tab should be gone")
	}
}
