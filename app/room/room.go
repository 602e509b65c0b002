package room

import (
	"errors"
	"time"
)

// ErrNotFound is what a Store answers for a room, date or row that it does not hold.
var ErrNotFound = errors.New("not found")

// ErrSlugTaken is what a Store answers when two rooms would have the same participant link.
var ErrSlugTaken = errors.New("slug is taken by another room")

// Access says what a person needs to enter a room.
type Access string

// The three kinds of access. AccessTicket is the default: only a pretix ticket link opens the room.
const (
	AccessTicket Access = "ticket"
	AccessOpen   Access = "open" // name, callsign and consent are asked on the page
	AccessCode   Access = "code" // as AccessOpen, and the room's access code
)

// RecordingPolicy says what happens to a person who did not consent to being recorded, while the meeting is recordable.
type RecordingPolicy string

// What BBB can do for one person: keep the webcam out of the recording, or take camera and microphone away. Voice,
// name and chat of everybody else's room stay in the recording, so the strictest room refuses.
const (
	CameraNotRecorded RecordingPolicy = "camera-not-recorded"
	ListenOnly        RecordingPolicy = "listen-only"
	RefuseEntry       RecordingPolicy = "refuse"
)

// Room is one BBB room and what it takes to enter it.
type Room struct {
	ID          int64
	Slug        string // last part of the participant link <base URL>/r/<slug>; [a-z0-9-], 2 to 64 characters
	Name        string // shown to participants, 1 to 200 characters
	Description string // plain text, may be empty
	ShopURL     string // where tickets are to be had; empty: the event's shop

	MeetingID        string // BBB meetingID, [A-Za-z0-9_-], 2 to 64 characters
	WaitForModerator bool   // open only while a moderator is inside
	Access           Access
	Code             string          // the access code, when Access is AccessCode
	Recording        RecordingPolicy // for persons without consent
}

// Date is one scheduled date of a room. A date that stands at pretix too names its SubEvent.
type Date struct {
	ID       int64
	RoomID   int64
	Title    string // may be empty: then the room's name serves
	From     time.Time
	To       time.Time
	Event    string // slug of the pretix event series, empty while the date is not at pretix
	SubEvent int64  // pretix SubEvent id, 0 while the date is not at pretix
}

// LeaseKey names what only one browser may hold at a time: one person in one instance of a meeting.
type LeaseKey struct {
	Meeting string // BBB internalMeetingID: a room that is started again is a new key
	UserID  string // BBB userID as signed into the join URL
}

// Lease closes the gap between our redirect and the moment BBB lists the attendee. BBB forgets a registration that
// never connected after 60 s, so a lease lives as long.
type Lease struct {
	LeaseKey
	Browser string    // id from the browser's signed cookie
	Since   time.Time // when that browser took it; prolonging keeps it
	Until   time.Time // first instant at which another browser may take it
}

// Consent is the record of what a person was shown and chose before entry.
type Consent struct {
	At          time.Time
	Room        string          // slug
	Meeting     string          // BBB internalMeetingID
	UserID      string          // BBB userID: the pretix position id, or g-<random>
	Given       bool            // consent to being recorded
	Policy      RecordingPolicy // what the room does without consent
	TextVersion string          // version of the notice that was shown, e.g. "2026-11"
	Language    string          // language of the notice, "de" or "en"
}

// AuditRow is one decision about one person, kept for the operator. It holds no name, no secret and no join URL.
type AuditRow struct {
	At       time.Time
	Kind     string // "entry", "room", "date", …
	Room     string // slug, may be empty
	Order    string // pretix order code, may be empty
	Position int64  // pretix position id, 0 if none
	Outcome  string // "admitted", or the Reason of a refusal
	Detail   string // free text of ours, e.g. the pretix reason
}
