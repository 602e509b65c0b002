package bbbsim

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestFaultsReplaceOrBendTheReply(t *testing.T) {
	for name, want := range map[string]string{
		"html502":           "<h1>502</h1>",
		"html200":           "<h1>200</h1>",
		"checksum-error":    "<messageKey>checksumError<",
		"not-found":         "<messageKey>notFound<",
		"wrong-root":        "<html>",
		"bom":               "\ufeff<response>",
		"two-documents":     "</response><response>",
		"control-character": "\x0b</",
		"empty":             " ",
	} {
		r := start(t, Options{})
		r.Start("m1", "Treff", false, "Anke")
		if err := r.simFault("getMeetingInfo", name, "1"); err != nil {
			t.Fatal(err)
		}
		wantText(t, name, r.call("getMeetingInfo", "meetingID", "m1"), want)
		wantText(t, name+" once", r.call("getMeetingInfo", "meetingID", "m1"), "<running>true<")
	}
}

func TestTruncated(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	whole := r.call("getMeetingInfo", "meetingID", "m1")
	r.Fault("*", mustFault(t, "truncated"))
	if cut := r.call("getMeetingInfo", "meetingID", "m1"); !strings.HasPrefix(whole, cut) || len(cut) >= len(whole) {
		t.Errorf("%s", cut)
	}
	r.ClearFaults()
	if r.call("getMeetingInfo", "meetingID", "m1") != whole {
		t.Error("not healthy again")
	}
}

func TestFlapping(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	r.Fault("getMeetingInfo", mustFault(t, "flapping"))
	for range 2 {
		wantText(t, "odd", r.call("getMeetingInfo", "meetingID", "m1"), "SUCCESS")
		wantText(t, "even", r.call("getMeetingInfo", "meetingID", "m1"), "notFound")
	}
}

func TestStaleRunning(t *testing.T) {
	r := start(t, Options{})
	r.CreateMeeting("m1", "Treff", false)
	r.Fault("isMeetingRunning", mustFault(t, "stale-running"))
	wantText(t, "stale", r.call("isMeetingRunning", "meetingID", "m1"), "<running>true<")
}

func TestALostReplyHasHadItsEffect(t *testing.T) {
	r := start(t, Options{})
	r.Fault("create", Fault{LoseReply: true, Times: 1})
	create := r.sign("create", "name", "Treff", "meetingID", "m1", "record", "false")
	if _, err := r.browser().Get(create); err == nil {
		t.Error("the reply arrived")
	}
	wantText(t, "again", r.open(r.browser(), create).body, "duplicateWarning")
}

func TestAResetHasHadNone(t *testing.T) {
	r := start(t, Options{})
	r.Fault("create", Fault{Reset: true, Times: 1})
	create := r.sign("create", "name", "Treff", "meetingID", "m1", "record", "false")
	if _, err := r.browser().Get(create); err == nil {
		t.Error("an answer arrived")
	}
	wantText(t, "again", r.open(r.browser(), create).body, "<messageKey></messageKey>")
}

// The meeting ends between the gate's check and the join.
func TestEndBetweenCheckAndJoin(t *testing.T) {
	r := start(t, Options{})
	r.Start("m1", "Treff", false, "Anke")
	link := r.joinLink("4711", "Zoë")
	r.Fault("getMeetingInfo", Fault{After: func() { r.EndMeeting("m1") }, Times: 1})
	wantText(t, "check", r.call("getMeetingInfo", "meetingID", "m1"), "<running>true<")
	wantText(t, "join", r.open(r.browser(), link).location, "meetingForciblyEnded")
}

func TestStallAndDelayEndWithThePatienceOfTheClient(t *testing.T) {
	for story, f := range map[string]Fault{"stall": {Stall: true}, "delay": {Delay: time.Hour}} {
		r := start(t, Options{})
		arrived := make(chan struct{})
		f.Before = func() { close(arrived) }
		r.Fault("getMeetings", f)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.sign("getMeetings"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := r.browser().Do(req); err == nil {
			resp.Body.Close()
			if story == "delay" {
				t.Errorf("%s: answered", story)
			}
		}
		cancel()
	}
}

func TestUnknownFaultsAreRefused(t *testing.T) {
	for _, name := range []string{"", "html", "html99", "html502x", "nope"} {
		if _, ok := NamedFault(name); ok {
			t.Errorf("%q is known", name)
		}
	}
}

func mustFault(t *testing.T, name string) Fault {
	t.Helper()
	f, ok := NamedFault(name)
	if !ok {
		t.Fatal(name)
	}
	return f
}
