package store

import (
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/einlass/einlass/migrations"
)

// dialect is what truly differs between the engines once they are connected.
type dialect struct {
	name       string // as Engine returns it
	goose      goose.Dialect
	migrations string // folder of migrations.FS

	// migrationLock keeps other processes away while migrations run. Nil: nobody else can be there.
	migrationLock func() (lock.SessionLocker, error)
}

func sqliteDialect() dialect {
	return dialect{name: "sqlite", goose: goose.DialectSQLite3, migrations: migrations.SQLite}
}

func postgresDialect() dialect {
	return dialect{
		name:       "postgres",
		goose:      goose.DialectPostgres,
		migrations: migrations.Postgres,
		migrationLock: func() (lock.SessionLocker, error) {
			// Ask every second, for five minutes: as long as the slowest migration may take another process.
			return lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		},
	}
}
