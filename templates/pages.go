package templates

import "time"

// CSP is the Content-Security-Policy under which every page works: nothing inline, nothing foreign. It leaves
// form-action out on purpose: browsers apply form-action to the redirect that answers a form as well, and that
// redirect leads to BigBlueButton.
const CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// Link is a link of the language switch.
type Link struct {
	Text    string // in its own language: "Deutsch"
	Href    string
	Lang    string // BCP 47, "de"
	Current bool
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// Form is where the page's button leads. The method is always POST.
type Form struct {
	Action string
	Hidden []Field
}

// Live tells the page where it hears that it goes on. Both empty: the page is static.
//
// Both answer {"state":"wait|go|changed","for":"doors|room|slot|shop|presence","after_ms":0,"retry_s":0}: Events as
// the data of server-sent events, Poll as a JSON document. Events is expected to say the state at once and then at least
// every 25 s, changed or not: a page that hears nothing for 40 s polls, since some proxies hold events back.
type Live struct{ Events, Poll string }

// Frame is what every page has around its content.
type Frame struct {
	Lang    string // of the page, one of Languages
	Langs   []Link // the language switch
	Club    string // who invites
	Imprint string // URL, may be empty
	Privacy string // URL, may be empty
	Support string // URL, mail address, phone number or plain text, may be empty

	Refresh    int    // seconds until a browser without JavaScript asks again, 0: never
	RefreshURL string // what it asks for then, and what a page that has changed loads; empty: its own address
}

// Date is a date as people read it. Times are shown in the zone they carry.
type Date struct {
	Title string
	From  time.Time
	To    time.Time // zero: open end
}

// RoomView is the usual view of a room.
type RoomView struct {
	Name        string
	Description string // plain text, line breaks are kept
	Shop        string // URL, may be empty
	Next        []Date // the next dates, at most three
}

// Home is the page at the root, for people who typed the address.
type Home struct{ Frame }

// Refusal says why somebody cannot enter, and what to do now.
type Refusal struct {
	Frame
	Code        int    // shown as error number, 0: none
	Reason      string // key of the words; without words of its own a reason gets those of "internal"
	Room        string // name of the room, may be empty
	Day         time.Time
	Date        Date
	Doors       time.Time // from when the ticket opens the room, may be zero
	Until       time.Time // until when, may be zero
	Retry       int       // seconds until a new try makes sense, shown as a countdown, 0: none
	SameBrowser bool      // already_inside: the ticket is in the room from this very browser
	Explanation string    // pretix' own words, may be empty
	Shop        string    // URL, may be empty
	Form        *Form     // the button "try again"; sent by itself when Live says go
	Live        Live
}

// Wait is the room view of somebody who may enter, but not yet.
type Wait struct {
	Frame
	RoomView
	For     string    // doors, room, slot or shop
	Date    Date      // the date of the ticket, zero if none
	Doors   time.Time // zero: unknown
	Notice  string    // camera-not-recorded, listen-only or empty: the recording notice to read meanwhile
	AskName bool
	Form    Form
	Auto    bool // the form is sent by itself when Live says go
	Live    Live
}

// Person is one of the people an order holds a ticket for.
type Person struct {
	ID     string // value of the field "position"
	Number int    // of the ticket within the order, shown where there is no name
	Name   string // may be empty
}

// Enter is the page before the door of an open room. It posts the fields position (with People), name (with AskName)
// and seen (with Notice: the value of NoticeVersion).
type Enter struct {
	Frame
	RoomView
	Date      Date
	People    []Person // more than one: the holder says who it is
	AskName   bool
	Name      string // what was typed last time
	NameError string // empty, missing, long or invalid
	Notice    string // camera-not-recorded, listen-only or empty
	Auto      bool   // nothing to read or choose: the form is sent by itself
	Form      Form
	Live      Live
}

// RoomPage is the page of a participant link. Rooms with access open or code post the fields name, callsign, code,
// consent (yes or no) and, when recordable, seen (the value of NoticeVersion).
type RoomPage struct {
	Frame
	RoomView
	Access     string // ticket, open or code
	Open       bool   // the room is open now
	Recordable bool   // the meeting may be recorded: consent is asked
	Policy     string // without consent: camera-not-recorded, listen-only or refuse
	Form       Form
	Name       string // what was typed last time
	Callsign   string
	Consent    string // yes, no or empty
	CodeError  string // empty, missing or wrong
	NameError  string // empty, missing, long or invalid
	Live       Live
}
