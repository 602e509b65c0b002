package main

import (
	"context"
	"fmt"

	"github.com/einlass/einlass/app/store"
)

// migrate brings the database up to date, which serve does at its start as well.
func migrate(ctx context.Context, env environment, args []string) error {
	own := newFlags("migrate")
	statusOnly := own.Bool("status", false, "only tell the version of the database and what it would be brought to")
	l, err := configure(env, own, args, 0)
	if err != nil {
		return err
	}
	if *statusOnly {
		return migrationStatus(ctx, env, l.Config)
	}
	from, to, err := store.Migrate(ctx, l.storeOptions(env))
	if err != nil {
		return err
	}
	if from == to {
		_, err = fmt.Fprintf(env.Stdout, "%s: already at version %d\n", l.Database, to)
		return err
	}
	_, err = fmt.Fprintf(env.Stdout, "%s: brought from version %d to %d\n", l.Database, from, to)
	return err
}

func migrationStatus(ctx context.Context, env environment, c Config) error {
	have, want, err := store.Status(ctx, c.storeOptions(env))
	if err != nil {
		return err
	}
	var what string
	switch {
	case have == want:
		what = "up to date"
	case have < want:
		what = fmt.Sprintf("this program brings it to version %d: einlass migrate, or the next start of serve", want)
	default:
		what = fmt.Sprintf("newer than this program, which knows version %d", want)
	}
	_, err = fmt.Fprintf(env.Stdout, "%s: at version %d, %s\n", c.Database, have, what)
	return err
}

// storeOptions says to app/store where the database is.
func (c Config) storeOptions(env environment) store.Options {
	return store.Options{URL: c.Database.Reveal(), Log: c.Log.logger(env.Stderr), Now: env.Now}
}
