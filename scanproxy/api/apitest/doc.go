// Package apitest replays the traffic of scanner apps against whatever answers them: a handler in a test, or the whole
// program. Start reading at replay.go; exchange.go is the format of the files, kinds.go what they say about answers,
// world.go the shop that they are about.
package apitest
