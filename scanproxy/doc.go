// Package scanproxy answers the scanners at the door: may this ticket in, here, now?
//
// Start reading at decide.go: the whole decision is one ordered table of named rules over facts, and Decide is a pure
// function. Around it: scan.go (what a scanner asks), facts.go (what we know) and find.go (which ticket the code means),
// questions.go and answer.go (what the crew asks the guest), history.go (who is inside), verdict.go (what we answer and
// what must be written because of it), phrases.go (in which words). search.go and status.go are the two smaller things that
// scanners ask.
//
// door.go is the service around the decision: facts from the local copy, then Decide inside the journal's transaction, and
// no answer before it is durable. journal.go says what the journal owes, uploader.go tells pretix what happened at the
// door, device.go knows the scanners.
//
// The facts come from the local copy of pretix through Lookup, and from the journal as History. Decide is meant to run
// inside the journal's transaction: Facts.Subject says whose history to lock and pass in.
//
// The package owns no SQL and no HTTP. Custom check-in rules are computed by the sub-package rules, signed secrets are
// read by package pretix. Where the Java library and the pretix server disagree, the server is followed; docs/differences.md
// lists what remains different. A source like "check 6.15" is a place in the description of the offline check that this
// package was written from (section 6, row 15), which was itself measured against a running server.
package scanproxy
