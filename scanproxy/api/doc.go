// Package api is what scanners speak: the remote calls of a pretixSCAN proxy, and as much of pretix' own API as the apps
// need to believe that they talk to pretix. docs/scanner-api.md is its page for people.
//
// Start reading at server.go: the routes, and what the server needs. check.go is the way of a scan: check_request.go reads
// what the device asks, the door answers, check_answer.go writes it. rows.go serves pretix' objects as they were
// downloaded. refuse.go is the one place that turns errors into what a device sees.
//
// The apps are strict in odd places: a redirect loses a request's body, some status codes make them send a scan again or
// crash, a 404 with JSON is taken for data. A source like "wire 0.5" is a place in the description of the apps' traffic
// that this package was written from (section 0, rule 5).
//
// The package decides nothing about tickets and owns no SQL; app hands it what it needs.
package api
