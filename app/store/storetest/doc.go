// Package storetest gives tests a database: a SQLite directory that goes away with the test, or a fresh database on a
// PostgreSQL server that goes away with the test binary.
//
// Only tests import it. The server is the one that EINLASS_TEST_POSTGRES names (a URL of a user who may create
// databases), else a private one from the machine's own PostgreSQL binaries, on a socket in a temporary folder.
// Where there are none, the test is skipped, and fails if CI=true.
//
// Start reading at Postgres.URL. In the package under test:
//
//	var postgres storetest.Postgres
//
//	func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }
package storetest
