package bbbsim

import (
	"net/http"
	"strings"
	"testing"
)

func TestControlByHTTP(t *testing.T) {
	r := start(t, Options{})
	b := r.browser()
	for _, action := range []string{
		"start?meetingID=m1&name=Treff&record=true",
		"enter?meetingID=m1&userID=4711&fullName=Zo%C3%AB",
		"crowd?meetingID=m1&n=3",
		"drop?meetingID=m1&userID=c-1",
		"leave?meetingID=m1&userID=c-2",
		"advance?d=5s",
		"fault?call=getMeetings&name=html503&times=1",
		"admit?meetingID=m1",
	} {
		if got := r.post(b, r.base+"/sim/"+action); got.status != http.StatusNoContent {
			t.Errorf("%s: %d %s", action, got.status, got.body)
		}
	}
	if got := r.open(b, r.sign("getMeetings")); got.status != http.StatusServiceUnavailable {
		t.Errorf("fault: %d", got.status)
	}
	wantText(t, "state", r.open(b, r.base+"/sim/state").body, `"MeetingID":"m1"`, `"Running":true`, `"UserID":"4711"`, `"State":"dropped"`)
	wantText(t, "requests", r.open(b, r.base+"/sim/requests").body, `"Call":"getMeetings"`)
	wantText(t, "joined", r.open(b, r.base+"/sim/joined?meetingID=m1").body, `"FullName":"Zoë"`)
	wantText(t, "dashboard", r.open(b, r.base+"/sim/").body, "Treff", "Zoë", "/sim/end")
	if got := r.post(b, r.base+"/sim/end?meetingID=m1&back=1"); got.location != "/sim/" {
		t.Errorf("back leads to %q", got.location)
	}
	wantText(t, "ended", r.call("isMeetingRunning", "meetingID", "m1"), "<running>false<")
	wantText(t, "start page", r.open(b, r.base+"/?errors=[]").body, "Joining failed")
}

func TestControlRefusesNonsense(t *testing.T) {
	r := start(t, Options{})
	for _, action := range []string{"nope", "crowd?n=x", "advance?d=x", "fault?name=nope", "fault?name=reset&times=x"} {
		if got := r.post(r.browser(), r.base+"/sim/"+action); got.status != http.StatusBadRequest || strings.TrimSpace(got.body) == "" {
			t.Errorf("%s: %d %s", action, got.status, got.body)
		}
	}
	if got := r.open(r.browser(), r.base+"/sim/nope"); got.status != http.StatusNotFound {
		t.Errorf("unknown state: %d", got.status)
	}
}
