package room

import (
	"time"

	"github.com/einlass/einlass/bbb"
)

// Kind is what the bridge answers to a person at the door.
type Kind int

// The answers. Every Admission is exactly one of them.
const (
	Refuse  Kind = iota // Why says for what reason
	Wait                // the room view; it goes on by itself
	Choose              // the order holds several people for the same date: who is it?
	Confirm             // the way is free; the person sends the form
	Admit               // Join leads into the room
)

// Reason names a refusal. It is the key of the page's words; its Code is what is read out on the phone.
type Reason string

// All refusals, by the subject of their code. docs/errors.md says what a person sees and what the operator does.
const (
	LinkMissing Reason = "link_missing" // 101
	LinkBroken  Reason = "link_broken"  // 102
	LinkForged  Reason = "link_forged"  // 103
	LinkExpired Reason = "link_expired" // 104
	LinkForeign Reason = "link_foreign" // 105

	OrderUnknown     Reason = "order_unknown"     // 201
	OrderPending     Reason = "order_pending"     // 202
	OrderCanceled    Reason = "order_canceled"    // 203
	OrderExpired     Reason = "order_expired"     // 204
	OrderUnapproved  Reason = "order_unapproved"  // 205
	OrderTestMode    Reason = "order_testmode"    // 206
	PositionUnknown  Reason = "position_unknown"  // 207
	PositionCanceled Reason = "position_canceled" // 208
	Blocked          Reason = "blocked"           // 209
	NotYetValid      Reason = "not_yet_valid"     // 210
	NoLongerValid    Reason = "no_longer_valid"   // 211
	WrongProduct     Reason = "wrong_product"     // 212
	NoDate           Reason = "no_date"           // 213
	TicketUnknown    Reason = "ticket_unknown"    // 214

	UsedOtherDay Reason = "used_other_day" // 301
	DateOver     Reason = "date_over"      // 302

	RoomMissing     Reason = "room_missing"     // 401: the date names no room
	RoomForeign     Reason = "room_foreign"     // 402: the date's link is not ours
	RoomUnknown     Reason = "room_unknown"     // 403
	AlreadyInside   Reason = "already_inside"   // 404
	LoginUnderWay   Reason = "login_under_way"  // 405
	ConsentRequired Reason = "consent_required" // 406
	RoomEnded       Reason = "room_ended"       // 407
	RoomFull        Reason = "room_full"        // 408
	RoomRejected    Reason = "room_rejected"    // 409
	CodeWrong       Reason = "code_wrong"       // 410
	TicketNeeded    Reason = "ticket_needed"    // 411

	UsedToday      Reason = "used_today"      // 501
	RulesRefused   Reason = "rules_refused"   // 502
	Revoked        Reason = "revoked"         // 503
	CheckinRefused Reason = "checkin_refused" // 504

	PretixDown    Reason = "pretix_down"    // 601
	RoomDown      Reason = "room_down"      // 602
	Misconfigured Reason = "misconfigured"  // 603
	Internal      Reason = "internal"       // 604
	TooManyTries  Reason = "too_many_tries" // 605
)

// codes numbers the reasons. A number is never given to another reason.
var codes = map[Reason]int{
	LinkMissing: 101, LinkBroken: 102, LinkForged: 103, LinkExpired: 104, LinkForeign: 105,
	OrderUnknown: 201, OrderPending: 202, OrderCanceled: 203, OrderExpired: 204, OrderUnapproved: 205, OrderTestMode: 206,
	PositionUnknown: 207, PositionCanceled: 208, Blocked: 209, NotYetValid: 210, NoLongerValid: 211, WrongProduct: 212,
	NoDate: 213, TicketUnknown: 214,
	UsedOtherDay: 301, DateOver: 302,
	RoomMissing: 401, RoomForeign: 402, RoomUnknown: 403, AlreadyInside: 404, LoginUnderWay: 405, ConsentRequired: 406,
	RoomEnded: 407, RoomFull: 408, RoomRejected: 409, CodeWrong: 410, TicketNeeded: 411,
	UsedToday: 501, RulesRefused: 502, Revoked: 503, CheckinRefused: 504,
	PretixDown: 601, RoomDown: 602, Misconfigured: 603, Internal: 604, TooManyTries: 605,
}

// Code returns the stable three-digit number of a reason, 0 for none.
func (r Reason) Code() int { return codes[r] }

// Reasons returns every reason with a code.
func Reasons() []Reason {
	all := make([]Reason, 0, len(codes))
	for r := range codes {
		all = append(all, r)
	}
	return all
}

// WaitFor says what a waiting person waits for.
type WaitFor string

// What a wait ends with. The page of each goes on by itself.
const (
	WaitForDoors WaitFor = "doors" // the date is ahead: doors open at Admission.Doors
	WaitForRoom  WaitFor = "room"  // the room is closed
	WaitForSlot  WaitFor = "slot"  // the room is open and lets a crowd in one by one
	WaitForShop  WaitFor = "shop"  // pretix is busy (429, 503)
)

// Person is one position of an order that the holder may choose: the name, nothing more.
type Person struct {
	Position int64  // pretix position id
	Number   int    // positionid within the order, for those without a name
	Name     string // may be empty
}

// ShownDate is a date as the room view lists it.
type ShownDate struct {
	Title string
	From  time.Time // in the event's time zone
	To    time.Time // zero: no end
}

// Admission is the answer to one visit. The fields that a Kind does not need are zero.
type Admission struct {
	Kind Kind

	// Refuse
	Why         Reason
	Day         time.Time     // UsedOtherDay: the day of the first entry, in the event's time zone
	Retry       time.Duration // AlreadyInside, LoginUnderWay, PretixDown, RoomDown: when a new try makes sense, else 0
	SameBrowser bool          // AlreadyInside: the last login was from this very browser
	Explanation string        // pretix' own words to the holder, may be empty
	ShopURL     string        // where to go on: the event's shop at pretix, may be empty

	// Wait, and wherever a room is known
	For    WaitFor
	Room   Room
	Date   ShownDate // the date of the ticket, zero if none
	Doors  time.Time // from when the room admits holders of this ticket; NotYetValid: from when the ticket is valid
	Closes time.Time // until when it does; NoLongerValid: until when the ticket was valid

	// Choose
	People []Person

	// Confirm
	AskName bool // the booking holds no name; set for Wait, too
	Notice  bool // no consent and the meeting is (Wait: may be) recordable: the consequence of Room.Recording is read first

	// Admit
	Join bbb.JoinURL

	pass Pass
}

// Pass returns what a waiting browser may show later in place of the token: ids, no secrets, no names.
func (a Admission) Pass() Pass { return a.pass }
