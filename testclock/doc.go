// Package testclock is the clock of tests: it stands still until the test lets time pass.
//
// Only tests import it. What a test puts together (a bridge, a scan proxy, a simulated pretix) reads one Clock through
// the method Now, so that all of it lives in the same second:
//
//	clock := testclock.At(time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC))
//	shop := pretixsim.New(pretixsim.Options{Now: clock.Now})
//	clock.Pass(5 * time.Minute)
//
// It wakes nobody: code that waits (timers, sleeps, tickers) is tested in a bubble of testing/synctest instead.
package testclock
