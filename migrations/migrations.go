package migrations

import "embed"

// Folders of FS, one for each engine.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// FS returns the SQL files, named <engine>/<number>_<what>.sql, in goose's format.
func FS() embed.FS { return files }
