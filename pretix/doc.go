// Package pretix is the ticket shop as we see it: the vocabulary of its REST API, a client for the calls that we make,
// and the ticket link, the signed token with which a ticket holder comes from pretix to us.
//
// Start reading at order.go and event.go (what pretix tells), then redeem.go (the one thing that we ask it to do), then
// call.go (how one exchange is sent, classified and decoded). Everything that fails is an *Error with a Class; what pretix
// refuses for a reason of its own (a used ticket, an unpaid order) is a value, see Redeemed. The link stands apart: link.go.
//
// The package does not cache (pretix/mirror does), does not decide who may enter (app/room, scanproxy) and writes no log.
// Ticket secrets, tokens and order pages have types of their own that print as "…".
//
// Facts about pretix are those of version 2026.8.0, seen on a real server; testdata/exchanges holds the recordings.
package pretix
