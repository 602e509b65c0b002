package bbb

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// expectation is one row of testdata/manifest.json; an absent field is not
// compared.
type expectation struct {
	Parse      string
	ReturnCode string
	MessageKey *string
	Errors     []string

	Version, BBBVersion *string

	MeetingID, InternalMeetingID        *string
	CreateTime                          *int64
	Running, HasUserJoined              *bool
	HasBeenForciblyEnded                *bool
	ParticipantCount, ModeratorCount    *int
	MaxUsers, Breakouts                 *int
	UserIDs, FullNames, Meetings, Hooks []string
	GuestStatus                         *string
	SessionToken                        *string `json:"session_token"`
	Recordings                          *int
	HookID                              *string
}

func TestEveryManifestRowParsesAsItSays(t *testing.T) {
	raw, err := os.ReadFile("testdata/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Files map[string]expectation }
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	replies, err := os.ReadDir("testdata/replies")
	if err != nil {
		t.Fatal(err)
	}
	if len(replies) != len(manifest.Files) {
		t.Errorf("%d reply files, %d rows", len(replies), len(manifest.Files))
	}
	for name, want := range manifest.Files {
		t.Run(name, func(t *testing.T) { compareReply(t, name, want) })
	}
}

func compareReply(t *testing.T, name string, want expectation) {
	body, err := os.ReadFile(filepath.Join("testdata/replies", name))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(body)
	if (err != nil) != (want.Parse == "error") {
		t.Fatalf("error is %v, manifest says %q", err, want.Parse)
	}
	if err != nil {
		return
	}
	same(t, "returncode", got.ReturnCode, &want.ReturnCode)
	same(t, "messageKey", got.MessageKey, want.MessageKey)
	same(t, "version", got.Version, want.Version)
	same(t, "bbbVersion", got.BBBVersion, want.BBBVersion)
	same(t, "meetingID", got.Meeting.MeetingID, want.MeetingID)
	same(t, "internalMeetingID", got.Meeting.InternalMeetingID, want.InternalMeetingID)
	same(t, "createTime", got.Meeting.CreateTime, want.CreateTime)
	same(t, "running", got.Meeting.Running, want.Running)
	same(t, "hasUserJoined", got.Meeting.HasUserJoined, want.HasUserJoined)
	same(t, "hasBeenForciblyEnded", got.Meeting.HasBeenForciblyEnded, want.HasBeenForciblyEnded)
	same(t, "participantCount", got.Meeting.ParticipantCount, want.ParticipantCount)
	same(t, "moderatorCount", got.Meeting.ModeratorCount, want.ModeratorCount)
	same(t, "maxUsers", got.Meeting.MaxUsers, want.MaxUsers)
	same(t, "breakouts", got.Meeting.Breakouts, want.Breakouts)
	same(t, "guestStatus", got.GuestStatus, want.GuestStatus)
	same(t, "session_token", string(got.SessionToken), want.SessionToken)
	same(t, "recordings", got.Recordings, want.Recordings)
	same(t, "hookID", got.HookID, want.HookID)

	var users, names, meetings, keys []string
	for _, a := range got.Meeting.Attendees {
		users, names = append(users, a.UserID), append(names, a.FullName)
	}
	for _, m := range got.Meetings {
		meetings = append(meetings, m.MeetingID)
	}
	for _, e := range got.Errors {
		keys = append(keys, e.Key)
	}
	sameList(t, "userIDs", users, want.UserIDs)
	sameList(t, "fullNames", names, want.FullNames)
	sameList(t, "meetings", meetings, want.Meetings)
	sameList(t, "errors", keys, want.Errors)
	sameList(t, "hooks", got.HookIDs, want.Hooks)
}

func same[T comparable](t *testing.T, field string, got T, want *T) {
	t.Helper()
	if want != nil && got != *want {
		t.Errorf("%s = %v, want %v", field, got, *want)
	}
}

func sameList(t *testing.T, field string, got, want []string) {
	t.Helper()
	if want != nil && !slices.Equal(got, want) {
		t.Errorf("%s = %q, want %q", field, got, want)
	}
}

// What the manifest does not list but the room decides by.
func TestInfoCarriesWhatARoomDecidesBy(t *testing.T) {
	body, err := os.ReadFile("testdata/replies/info_2.xml")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	m := got.Meeting
	if m.Name != "Antennenbau für Einsteiger" || !m.Recording || m.StartTime != 1795456804021 {
		t.Errorf("meeting read as %+v", m)
	}
	if m.Metadata["treff-room"] != "a12" {
		t.Errorf("metadata read as %v", m.Metadata)
	}
	host, guest := m.Attendees[0], m.Attendees[1]
	if host.Role != Moderator || !host.Presenter || !host.HasVideo {
		t.Errorf("moderator read as %+v", host)
	}
	if guest.Role != Viewer || guest.FullName != "Zoë O'Neill (DL0TST)" || guest.CustomData["bbb_record_video"] != "false" {
		t.Errorf("guest read as %+v", guest)
	}
}
