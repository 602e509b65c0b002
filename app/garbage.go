package main

import "runtime/debug"

const (
	defaultGOGC = 100 // percent by which the heap may grow before garbage is collected: Go's own value
	// scanGOGC is that of a scan proxy. Its live heap is some 2 MiB whatever the size of the event, so Go's own value collects
	// at every 4 MiB, many times a second at a busy door. docs/performance.md has what that costs.
	scanGOGC = 400
)

// collectLessOften sets the garbage collector to scanGOGC, unless somebody has set GOGC. undo puts it back.
func collectLessOften() (undo func()) {
	before := debug.SetGCPercent(scanGOGC)
	if before != defaultGOGC {
		debug.SetGCPercent(before)
		return func() {}
	}
	return func() { debug.SetGCPercent(before) }
}
