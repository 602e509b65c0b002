package bbbsim

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

func TestErrorRedirectsAreSpelledAsRecorded(t *testing.T) {
	raw, err := os.ReadFile("../testdata/join_error_redirects.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Key      string
		Location string `json:"location_default"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) == 0 {
		t.Fatal("no rows", err)
	}
	for _, row := range rows {
		_, spelled, _ := strings.Cut(row.Location, "errors=")
		message := unescape(between(spelled, "%22message%22:%22", "%22,"))
		if got := errorsParam(row.Key, message); got != spelled {
			t.Errorf("%s\n got %s\nwant %s", row.Key, got, spelled)
		}
	}
}

func between(s, start, end string) string {
	_, s, _ = strings.Cut(s, start)
	s, _, _ = strings.Cut(s, end)
	return s
}

// Where a refused browser is sent: our page, or BBB's own start page.
func TestErrorRedirectURLDependsOnTheRelease(t *testing.T) {
	const ours = "https://treff.example.org/e?c=bbb"
	for _, c := range []struct {
		profile       Profile
		gone, invalid bool // whether errorRedirectUrl is honoured
	}{
		{Legacy25, false, false}, {Ghost26, false, false}, {Online27, true, false}, {V30, true, true},
	} {
		r := start(t, Options{Profile: c.profile})
		gone := r.open(r.browser(), r.joinLink("4711", "Zoë", "errorRedirectUrl", ours))
		invalid := r.open(r.browser(), r.joinLink("4711", "Zoë", "errorRedirectUrl", ours)+"0")
		for story, got := range map[string]struct {
			response
			honoured bool
			key      string
		}{"gone": {gone, c.gone, "invalidMeetingIdentifier"}, "invalid": {invalid, c.invalid, "checksumError"}} {
			want := r.base + "/?errors=["
			if got.honoured {
				want = ours + "&errors=["
			}
			if got.status != http.StatusFound || !strings.HasPrefix(got.location, want) || !strings.Contains(got.location, got.key) {
				t.Errorf("%s %s: %d to %s", c.profile, story, got.status, got.location)
			}
		}
	}
}

func TestJoinRefuses(t *testing.T) {
	for _, c := range []struct {
		story, name, value, want string
	}{
		{"an unknown meeting", "meetingID", "m2", "invalidMeetingIdentifier"},
		{"no meeting", "meetingID", "", "missingParamMeetingID"},
		{"a comma", "meetingID", "m1,m2", "validationError"},
		{"no name", "fullName", "", "missingParamFullName"},
		{"another instance", "createTime", "1", "mismatchCreateTimeParam"},
		{"an odd boolean", "guest", "no", "validationError"},
		{"an odd role", "role", "ADMIN", "validationError"},
	} {
		r := start(t, Options{})
		r.Start("m1", "Treff", false, "Anke")
		browser := r.open(r.browser(), r.joinLink("4711", "Zoë", c.name, c.value))
		if browser.status != http.StatusFound || !strings.Contains(browser.location, c.want) {
			t.Errorf("%s: %d to %s", c.story, browser.status, browser.location)
		}
		program := r.open(r.browser(), r.joinLink("4711", "Zoë", c.name, c.value, "redirect", "false"))
		wantText(t, c.story, program.body, "FAILED", "<messageKey>"+c.want+"<")
		r.wantProblem("refused: " + c.want)
		if len(r.Joined("m1")) != 1 {
			t.Errorf("%s: registered all the same", c.story)
		}
	}
}

func TestJoinWithoutRoleOrPassword(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	got := r.open(r.browser(), r.joinLink("4711", "Zoë", "role", ""))
	wantText(t, "XML in the browser", got.body, "<messageKey>Params required<")
}

func TestAFullRoomCountsPeopleNotSessions(t *testing.T) {
	r := start(t, Options{})
	r.call("create", "name", "Treff", "meetingID", "m1", "record", "false", "maxParticipants", "2")
	r.comeIn(r.joinLink("1", "One"))
	r.comeIn(r.joinLink("2", "Two"))
	r.comeIn(r.joinLink("2", "Two again"))
	wantText(t, "third", r.open(r.browser(), r.joinLink("3", "Three")).location, "maxParticipantsReached")
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"), "<maxUsers>2<")
}

// Leaving guest out is not the same as guest=false.
func TestGuestPolicies(t *testing.T) {
	for _, c := range []struct {
		policy, role, guest, want string
	}{
		{"", "VIEWER", "true", "successfullyJoined"},
		{"ALWAYS_DENY", "VIEWER", "true", "guestDeniedAccess"},
		{"ALWAYS_DENY", "VIEWER", "false", "successfullyJoined"},
		{"ASK_MODERATOR", "VIEWER", "true", "guestWait"},
		{"ASK_MODERATOR", "VIEWER", "false", "successfullyJoined"},
		{"ASK_MODERATOR", "VIEWER", "absent", "guestWait"},
		{"ASK_MODERATOR", "MODERATOR", "absent", "successfullyJoined"},
		{"ALWAYS_ACCEPT_AUTH", "VIEWER", "true", "guestWait"},
		{"ALWAYS_ACCEPT_AUTH", "VIEWER", "false", "successfullyJoined"},
	} {
		r := start(t, Options{})
		create := []string{"name", "Treff", "meetingID", "m1", "record", "false"}
		if c.policy != "" {
			create = append(create, "guestPolicy", c.policy)
		}
		r.call("create", create...)
		params := []string{"fullName", "Zoë", "meetingID", "m1", "role", c.role, "userID", "4711", "redirect", "false"}
		if c.guest != "absent" {
			params = append(params, "guest", c.guest)
		}
		wantText(t, c.policy+" "+c.role+" "+c.guest, r.call("join", params...), "<messageKey>"+c.want+"<")
	}
}

func TestTheLobby(t *testing.T) {
	r := start(t, Options{})
	r.call("create", "name", "Treff", "meetingID", "m1", "record", "false", "guestPolicy", "ASK_MODERATOR")
	host, _ := r.comeIn(r.joinLink("a-1", "Anke", "role", "MODERATOR"))
	hostToken := r.Joined("m1")[0].SessionToken
	guest, lobby := r.comeIn(r.joinLink("4711", "Zoë", "guest", "true"))
	client := r.base + "/html5client/?sessionToken=" + r.Joined("m1")[1].SessionToken
	wantText(t, "lobby", lobby.body, "let you in")
	wantText(t, "not yet", r.open(guest, client).location, "guestWait")
	r.post(host, r.base+"/html5client/admit?sessionToken="+hostToken)
	wantText(t, "admitted", r.open(guest, client).body, "Zoë")
	if r.attendees("4711") != 1 {
		t.Error("admitted, but not in the list")
	}
}

func TestTheSessionBelongsToOneBrowser(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	_, _ = r.comeIn(r.joinLink("4711", "Zoë"))
	client := r.base + "/html5client/?sessionToken=" + r.Joined("m1")[1].SessionToken
	if got := r.open(r.browser(), client); got.status != http.StatusUnauthorized {
		t.Errorf("a foreign browser got %d", got.status)
	}
	if got := r.open(r.browser(), r.base+"/html5client/?sessionToken="); got.status != http.StatusUnauthorized {
		t.Errorf("no token got %d", got.status)
	}
}

func TestButtonsOfTheClientPage(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	b, shown := r.comeIn(r.joinLink("4711", "Zoë", "logoutURL", "https://treff.example.org/bye"))
	wantText(t, "page", shown.body, "Treff", "Zoë", "VIEWER", "Anke", "/html5client/leave?")
	if strings.Contains(shown.body, "/html5client/end?") {
		t.Error("a viewer may not end the meeting")
	}
	token := "?sessionToken=" + r.Joined("m1")[1].SessionToken
	r.post(b, r.base+"/html5client/drop"+token)
	if state := r.Joined("m1")[1].State; state != "dropped" {
		t.Errorf("dropped is %s", state)
	}
	r.open(b, r.base+"/html5client/"+token)
	r.post(b, r.base+"/html5client/end"+token)
	wantText(t, "a viewer cannot end", r.call("isMeetingRunning", "meetingID", "m1"), "<running>true<")
	if got := r.post(b, r.base+"/html5client/leave"+token); got.location != "https://treff.example.org/bye" {
		t.Errorf("leaving leads to %s", got.location)
	}
	if state := r.Joined("m1")[1].State; state != "left" {
		t.Errorf("left is %s", state)
	}
	host, _ := r.comeIn(r.joinLink("a-2", "Bea", "role", "MODERATOR"))
	r.post(host, r.base+"/html5client/end?sessionToken="+r.Joined("m1")[2].SessionToken)
	wantText(t, "ended", r.call("isMeetingRunning", "meetingID", "m1"), "<running>false<")
}
