// Package cast is a small club for demos, tests and pictures: a simulated pretix with a series of seminars, a simulated
// BBB with a room that runs, and one ticket for every story that can happen at the door.
//
// Start reading at Stories. The package starts no server: it hands out handlers' owners (Pretix, BBB), and furnishes a
// registry with rooms. Everything is at the same place relative to the clock it is given.
package cast
