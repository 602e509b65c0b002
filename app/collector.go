package main

import "runtime/debug"

const (
	usualGarbage = 100 // percent of what lives, until it is collected: Go's own
	// scanGarbage: of a scan proxy 2 MiB live, whatever the size of the event. With Go's own they are collected whenever
	// 4 MiB have gathered, many times a second at a busy door; docs/performance.md has what that costs.
	scanGarbage = 400
)

// letGarbageGather lets a scan proxy collect less often, unless somebody has set GOGC. undo puts it back.
func letGarbageGather() (undo func()) {
	before := debug.SetGCPercent(scanGarbage)
	if before != usualGarbage {
		debug.SetGCPercent(before)
		return func() {}
	}
	return func() { debug.SetGCPercent(before) }
}
