// Package bbb speaks the BigBlueButton API: it signs calls, reads the XML
// replies and builds join links.
//
// It owns BBB's vocabulary (Meeting, Attendee, Role, message keys), the
// checksum and its escaping rules, the classification of everything that can
// go wrong, and the types that keep the shared secret and join links out of
// logs. It does not decide who may enter, keeps no state about people and
// never follows a join link itself.
//
// One rule shapes the package: a reply that cannot be read completely is an
// error of class Unavailable, never an empty attendee list.
//
// Start reading at Client in client.go, then join.go (the link) and parse.go
// (the replies). The package bbbsim is the strict fake that the tests run
// against; it shares no code with this one.
package bbb
