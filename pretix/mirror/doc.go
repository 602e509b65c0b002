// Package mirror is the local copy of pretix: it keeps it up to date, and it is the one way to read its configuration:
// events, dates, check-in lists, questions, products and defaults of meta data.
//
// A ReadThrough reads configuration. It asks pretix when somebody wants to know and remembers the answer for a minute; what
// one key goes through is in entry.go. A Puller copies everything, orders too, into a database round by round, for scanners
// that must be answered without internet: start at Resources, the table of what is copied, then Puller.Round. How the
// three kinds of lists are fetched stands in sync_list.go and sync_walk.go, what a failure means in sync_failure.go. Where
// both work for one organizer, what the Puller brings counts for the ReadThrough as if it had asked: synced.go.
//
// The package owns no SQL: the database is a Keeper, in app/store, which also answers what is asked of orders. What readers
// hand out is shared: treat it as read only.
package mirror
