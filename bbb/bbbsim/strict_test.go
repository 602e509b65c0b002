package bbbsim

import (
	"net/http"
	"strings"
	"testing"
)

func TestACarefulClientHearsNoComplaints(t *testing.T) {
	r := start(t, Options{})
	r.call("create", "name", "Treff", "meetingID", "m1", "record", "true", "notifyRecordingIsOn", "true", "meta_room", "a12")
	r.comeIn(r.joinLink("4711", "Zoë O'Neill (DL0TST)", "redirect", "true", "errorRedirectUrl", "https://t.example/e?c=bbb", "userdata-bbb_record_video", "false"))
	r.call("getMeetingInfo", "meetingID", "m1")
	r.call("getMeetings")
	r.call("end", "meetingID", "m1")
	r.wantNoProblems()
}

func TestComplaints(t *testing.T) {
	for want, address := range map[string]func(r *rig) string{
		"bad checksum":                 func(r *rig) string { return r.sign("end", "meetingID", "m1") + "0" },
		"unknown call":                 func(r *rig) string { return r.sign("getEverything") },
		"more than one checksum":       func(r *rig) string { return r.sign("getMeetings") + "&checksum=0" },
		"not form-encoded":             func(r *rig) string { return r.signRaw("create", "name=A%20B&meetingID=m2&record=false") },
		"given twice":                  func(r *rig) string { return r.sign("end", "meetingID", "m1", "meetingID", "m1") },
		"unknown parameter":            func(r *rig) string { return r.sign("getMeetingInfo", "meetingID", "m1", "meetingId", "m1") },
		"meetingID \"m 1\"":            func(r *rig) string { return r.sign("end", "meetingID", "m 1") },
		"must be true or false":        func(r *rig) string { return r.sign("create", "name", "Treff", "meetingID", "m1", "record", "1") },
		"\"attendeePW\" is deprecated": func(r *rig) string { return r.sign("create", "name", "Treff", "meetingID", "m1", "attendeePW", "x") },
		"a name of 1 characters":       func(r *rig) string { return r.sign("create", "name", "T", "meetingID", "m1") },
		"a fullName of 101":            func(r *rig) string { return r.joinLink("1", strings.Repeat("ä", 101)) },
		"control characters":           func(r *rig) string { return r.joinLink("1", "a\x0bb") },
		"breaks the XML":               func(r *rig) string { return r.joinLink("1", "a", "userdata-1 x", "y") },
		"role is missing":              func(r *rig) string { return r.sign("join", "meetingID", "m1", "fullName", "a") },
		"guest is missing":             func(r *rig) string { return r.sign("join", "meetingID", "m1", "fullName", "a") },
		"userID is missing":            func(r *rig) string { return r.sign("join", "meetingID", "m1", "fullName", "a") },
		"createTime is missing":        func(r *rig) string { return r.sign("join", "meetingID", "m1", "fullName", "a") },
	} {
		r := start(t, Options{})
		r.Start("m1", "Treff", false, "Anke")
		r.open(r.browser(), address(r))
		r.wantProblem(want)
		r.ResetProblems()
		r.wantNoProblems()
	}
}

func TestPostsAreWatched(t *testing.T) {
	r := start(t, Options{})
	got := r.post(r.browser(), r.sign("create", "name", "Treff", "meetingID", "m1", "record", "false"))
	wantText(t, "a body without a type", got.body, "unsupportedContentType")
	got = r.post(r.browser(), r.joinLink("1", "a"))
	wantText(t, "join by POST", got.body, "unsupportedRequest")
	r.wantProblem("join: method POST")
}

func TestRequestsAreRecorded(t *testing.T) {
	r := start(t, Options{})
	r.call("getMeetings")
	r.Fault("getMeetingInfo", Fault{Status: 502})
	r.call("getMeetingInfo", "meetingID", "m1")
	r.open(r.browser(), r.sign("end", "meetingID", "m1")+"0")
	r.open(r.browser(), r.base+"/bigbluebutton/api/")
	got := r.Requests()
	if len(got) != 4 || got[0].Call != "getMeetings" || !got[1].Verified || got[2].Verified || got[3].Call != "" || got[0].At != r.now() {
		t.Errorf("%+v", got)
	}
	if r.Calls("getMeetingInfo") != 1 {
		t.Error("a request that met a fault counts")
	}
	r.ResetRequests()
	if len(r.Requests()) != 0 {
		t.Error("not reset")
	}
}

func TestTheVersionNeedsNoChecksum(t *testing.T) {
	r := start(t, Options{Profile: Online27})
	for _, path := range []string{"", "/"} {
		got := r.open(r.browser(), r.base+"/bigbluebutton/api"+path)
		if got.status != http.StatusOK {
			t.Errorf("%q: %d", path, got.status)
		}
		wantText(t, path, got.body, "<version>2.0<", "<bbbVersion>2.7.10<")
	}
}

func TestEnteringWhatDoesNotRunIsATestsMistake(t *testing.T) {
	r := start(t, Options{})
	r.Enter("m1", "1", "a", "VIEWER")
	r.wantProblem("nobody can enter")
}
