package store

import (
	"context"
	"strings"
)

// mirrorText is how an engine searches within names and addresses.
type mirrorText struct {
	// condition finds positions p whose text holds what pattern made of it; $n stands in its place.
	condition string
	pattern   func(text string) string
	// walked is the same for looking at one position after the other: column is how to name one without its index.
	walked func(text string) (condition, pattern, column string)
	// put and remove keep the index apart from the table, where there is one.
	put    func(ctx context.Context, s *session, id int64, text string, there bool) error
	remove func(ctx context.Context, s *session, id int64) error
}

// sqliteText looks into an FTS5 table of trigrams.
func sqliteText() mirrorText {
	const (
		put    = `INSERT INTO positions_text (rowid, searched) VALUES ($1, $2)`
		remove = `DELETE FROM positions_text WHERE rowid = $1`
	)
	removed := func(ctx context.Context, s *session, id int64) error {
		_, err := exec(ctx, s, remove, id)
		return err
	}
	return mirrorText{
		condition: `p.id IN (SELECT rowid FROM positions_text WHERE positions_text MATCH $n)`,
		pattern:   func(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }, // a phrase
		walked: func(text string) (condition, pattern, column string) {
			return `instr(p.searched, $n) > 0`, text, `+p.%s`
		},
		put: func(ctx context.Context, s *session, id int64, text string, there bool) error {
			if there {
				if err := removed(ctx, s, id); err != nil {
					return err
				}
			}
			_, err := exec(ctx, s, put, id, text)
			return err
		},
		remove: removed,
	}
}

// postgresText looks into the column, with the help of pg_trgm where it is.
func postgresText() mirrorText {
	special := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	pattern := func(text string) string { return "%" + special.Replace(text) + "%" }
	const condition = `p.searched LIKE $n`
	return mirrorText{
		condition: condition,
		pattern:   pattern,
		walked: func(text string) (string, string, string) {
			return condition, pattern(text), `p.%s`
		},
		put:    func(context.Context, *session, int64, string, bool) error { return nil },
		remove: func(context.Context, *session, int64) error { return nil },
	}
}

// indexText makes the index for searches on PostgreSQL. It needs the extension pg_trgm, which comes with PostgreSQL but may
// not be allowed or installed; a search then looks at every ticket.
func (m *Mirror) indexText(ctx context.Context) {
	for _, statement := range []string{
		`CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public`,
		`CREATE INDEX IF NOT EXISTS positions_by_text ON positions USING gin (searched gin_trgm_ops)`,
	} {
		if _, err := exec(ctx, m.db.writer, statement); err != nil {
			m.db.log.WarnContext(ctx, "search is slow without the PostgreSQL extension pg_trgm", "error", err.Error())
			return
		}
	}
}
