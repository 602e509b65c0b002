package bbbsim

import (
	"net/http"
	"strings"
	"testing"
)

func TestScalelite(t *testing.T) {
	r := start(t, Options{Balancer: Scalelite})
	r.Start("m1", "Treff", false, "Anke")
	b := r.browser()
	first := r.open(b, r.joinLink("4711", "Zoë"))
	if first.status != http.StatusFound || !strings.Contains(first.location, "/node/bigbluebutton/api/join?") {
		t.Fatalf("no first hop: %d %s", first.status, first.location)
	}
	second := r.open(b, first.location)
	r.open(b, second.location)
	if r.attendees("4711") != 1 {
		t.Error("not inside after two hops")
	}
	gone := r.open(b, r.joinLink("4711", "Zoë", "meetingID", "m2", "errorRedirectUrl", "https://t.example/"))
	wantText(t, "unknown meeting", gone.body, "notFound")
	wantText(t, "hooks", r.call("hooks/list"), "unsupportedRequest")
	_, sum := digest(96, "getMeetings"+testSecret)
	wantText(t, "sha384", r.open(b, r.base+"/bigbluebutton/api/getMeetings?checksum="+sum).body, "checksumError")

	r.SetNodesDown(true)
	wantText(t, "info", r.call("getMeetingInfo", "meetingID", "m1"), "internalError")
	if got := r.open(b, r.joinLink("4711", "Zoë")); got.status != http.StatusInternalServerError {
		t.Errorf("join with the node down: %d", got.status)
	}
}

func TestB3LB(t *testing.T) {
	r := start(t, Options{Balancer: B3LB})
	b := r.browser()
	if got := r.open(b, r.joinLink("4711", "Zoë")); got.status != http.StatusBadRequest || got.body != "" {
		t.Errorf("unknown meeting: %d %q", got.status, got.body)
	}
	if got := r.open(b, r.sign("getMeetings")+"0"); got.status != http.StatusUnauthorized {
		t.Errorf("bad checksum: %d", got.status)
	}
	if got := r.open(b, r.sign("hooks/list")); got.status != http.StatusForbidden {
		t.Errorf("hooks: %d", got.status)
	}
	r.Start("m1", "Treff", false, "Anke")
	hop := r.open(b, r.joinLink("4711", "Zoë"))
	r.open(b, r.open(b, hop.location).location)
	if r.attendees("4711") != 1 {
		t.Error("not inside after two hops")
	}
	r.SetNodesDown(true)
	wantText(t, "create", r.call("create", "name", "Treff", "meetingID", "m3", "record", "false"), "No Node available")
}
