// Package mirror is the one way to read the configuration of pretix: events, dates, check-in lists, questions, products
// and defaults of meta data. Orders and positions do not come through here; they are always read fresh.
//
// Start reading at Reader, what callers see, and ReadThrough, which fulfils it: it asks pretix once for whoever wants the
// same thing at the same time, keeps the answer for a minute, and while pretix fails serves what it last knew. What
// one key goes through is in entry.go.
//
// What is handed out is shared: treat it as read only.
package mirror
