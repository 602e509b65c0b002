package main

import (
	"runtime/debug"
	"testing"
)

func TestGarbageGathersUnlessSomebodyHasSetHowMuch(t *testing.T) {
	before := debug.SetGCPercent(defaultGOGC)
	defer debug.SetGCPercent(before)
	for _, c := range []struct {
		story             string
		set, while, after int
	}{
		{"nobody has", defaultGOGC, scanGOGC, defaultGOGC},
		{"somebody has little memory", 50, 50, 50},
		{"somebody has switched it off", -1, -1, -1},
	} {
		debug.SetGCPercent(c.set)
		undo := collectLessOften()
		while := debug.SetGCPercent(c.set)
		debug.SetGCPercent(while)
		undo()
		if after := debug.SetGCPercent(c.set); while != c.while || after != c.after {
			t.Errorf("%s: %d, then %d, want %d, then %d", c.story, while, after, c.while, c.after)
		}
	}
}
