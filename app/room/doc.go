// Package room holds the rules of the bridge: rooms, their dates, and who may enter which room when and as what.
//
// Start reading at Bridge.Look (what a fetched ticket link shows) and Bridge.Enter (what the button behind it does).
// Both gather facts from pretix and BBB and hand them to small pure functions: choose (which position of the order),
// window (is it the right date), presence (is the ticket in the room already), and admitted (what was signed for BBB).
// Every answer is an Admission: Admit, Confirm, Choose, Wait or Refuse with a Reason. A refusal is a value; an error
// means that nobody could tell.
//
// The package owns no HTTP, no SQL and no HTML: app/web shows what is decided here, app/store keeps it.
package room
