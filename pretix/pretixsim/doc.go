// Package pretixsim is a strict fake pretix for tests and the demo: an http.Handler that answers like the REST API
// of pretix 2026.8, with the same status codes, error shapes, paging and oddities.
//
// It owns the behaviour of the endpoints that a ticket-to-room bridge needs (orders, positions, dates, quotas, items,
// questions, check-in lists, check-ins, redeem and annul), and those that a scanning device reads: its own life, settings,
// reusable media, badges and their texts, revoked and blocked secrets. It does not own a shop, mails or payments, and signed
// secrets are text to it: what it cannot answer truthfully it answers with HTTP 500 and a line in Problems.
// It imports nothing of the program it tests; a fake that shares the client's types would share its spelling mistakes.
//
// Build a world with New and the Add functions (world.go, build.go, seed.go), serve Handler, change the world with the setters
// (change.go), look back with Requests, Checkins and Problems. Start reading at server.go, then routes.go; the heart
// is redeem.go. replay_test.go holds the package to exchanges recorded from a real pretix.
package pretixsim
