package migrations

import "embed"

// Folders of FS, one for each engine.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"

	// The local copy of pretix, which has a file or schema of its own.
	SQLiteMirror   = SQLite + "/mirror"
	PostgresMirror = Postgres + "/mirror"
)

//go:embed sqlite/*.sql sqlite/mirror/*.sql postgres/*.sql postgres/mirror/*.sql
var files embed.FS

// FS returns the SQL files, named <folder>/<number>_<what>.sql, in goose's format.
func FS() embed.FS { return files }
