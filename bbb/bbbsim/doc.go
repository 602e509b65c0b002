// Package bbbsim is a strict fake BigBlueButton: an http.Handler for tests and
// for the demo, with a clock that the test turns.
//
// It owns the behaviour that a ticket gate has to live with: checksums over
// the raw query, joins that register by mere fetching, attendee lists that are
// blind for the first seconds and keep ghosts afterwards, errors as redirects,
// balancers in between, and faults on demand. It complains (Problems) about
// everything a real server would take silently and a careful client avoids.
// It does not transport audio or video, and shares no code with the client: a
// fake that shares the client's structs shares its spelling mistakes.
//
// Start reading at Server in server.go; presence.go has the timers, join.go
// the way in, control.go what tests call.
package bbbsim
