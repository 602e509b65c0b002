// Package recorded reads what the offline check is held against: cases (testdata/check) and recordings of a real pretix
// (testdata/truth), those in the tree and those that a variable of the environment names.
//
// Only tests import it. It refuses what it does not understand: a key that were skipped would make a case say less than
// its author meant. Start with Cases and Scenarios.
package recorded
