package main

import (
	"os"
	"testing"

	"github.com/einlass/einlass/app/store/storetest"
)

// postgres is the server of this test binary, for measurements on both engines.
var postgres storetest.Postgres

// TestMain runs the tests, or plays the crowd of a measurement: people who wait must not share the memory and the
// processor time of the program that is measured, so they are a process of their own.
func TestMain(m *testing.M) {
	if os.Getenv(crowdVariable) != "" {
		os.Exit(crowdMain(os.Stdin, os.Stdout))
	}
	os.Exit(postgres.Main(m))
}
