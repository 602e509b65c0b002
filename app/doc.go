// Package main is einlass itself: the commands, the configuration, and the wiring of everything else.
//
// Start reading at main.go, which names every command, then serve.go and wire.go, the one place where all parts meet.
// A command is a file command_<name>.go. The configuration is one table (options*.go), one typed value (config.go), and
// one way from the first to the second (config_load.go): defaults, file, environment and flags are read, everything that
// is wrong is told at once.
//
// Goroutines start here, signals and exit codes are handled here, and nowhere else. Rules about rooms, pretix, BBB or SQL
// live on the floors below.
package main
