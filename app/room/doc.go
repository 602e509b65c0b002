// Package room holds the rules of the bridge: rooms, their dates, and who may enter which room when and as what.
//
// Start reading at Bridge.Look (what a fetched ticket link shows) and Bridge.Enter (what the button behind it does).
// Both walk through a list of steps (steps_ticket.go, steps_room.go, steps_entry.go), each of which looks at one thing.
// What can be decided from facts alone is a pure function: candidates and nearest (which position of the order, choose.go),
// WindowOf and Day (is it the right date, window.go), joinFor (what is signed for BBB, person.go).
// Every answer is an Admission: Admit, Confirm, Choose, Wait or Refuse with a Reason. A refusal is a value; an error
// means that nobody could tell.
//
// The package owns no HTTP, no SQL and no HTML: app/web shows what is decided here, app/store keeps it.
package room
