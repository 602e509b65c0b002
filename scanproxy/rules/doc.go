// Package rules computes the custom rules of a pretix check-in list: small JSON-logic expressions such as
//
//	{"<": [{"var": "entries_today"}, 3]}
//
// Start reading at parse.go (JSON becomes an immutable Rule, with limits on size and depth), then eval.go (arguments
// first, operator second), then compare.go (what equal and smaller mean at pretix, which is not what they mean in
// JavaScript) and checkin.go (the variables and operators that exist only at a check-in). moment.go knows the three kinds
// of times, explain.go names the reason of a refusal. daytext.go reads dates and times as pretix does; the answers of
// questions use it too.
//
// A Rule holds no state and may be used by many scans at once; the operators are handed in with each call. The package
// does not know tickets, lists or devices: package scanproxy does.
package rules
