package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// ErrInUse is what Open answers when another process holds the SQLite directory.
var ErrInUse = errors.New("the data directory is in use by another einlass process")

// ErrNewer is what Open answers when the database was left by a newer program.
var ErrNewer = errors.New("the database is newer than this program")

// Extended result codes of SQLite. Source: https://www.sqlite.org/rescode.html
const (
	sqliteForeignKey = 787
	sqlitePrimaryKey = 1555
	sqliteUnique     = 2067
)

// Error codes of PostgreSQL, class 23. Source: its manual, appendix A.
const (
	postgresForeignKey = "23503"
	postgresUnique     = "23505"
)

// isUnique says whether a row was refused because another one has the same key.
func isUnique(err error) bool {
	return hasCode(err, postgresUnique, sqliteUnique, sqlitePrimaryKey)
}

// isForeignKey says whether a row was refused because the row it belongs to is not there.
func isForeignKey(err error) bool {
	return hasCode(err, postgresForeignKey, sqliteForeignKey)
}

func hasCode(err error, postgres string, lite ...int) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == postgres
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		for _, code := range lite {
			if e.Code() == code {
				return true
			}
		}
	}
	return false
}
