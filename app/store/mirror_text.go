package store

import (
	"context"
	"strings"
)

// mirrorText is how an engine searches within names and addresses.
type mirrorText struct {
	// ids finds the ids of positions whose text may hold what is looked up, by index: some more than a few at most.
	ids       string
	arguments func(look *search) []any
	// whole: the index reads all tickets that hold any piece of the text before it finds a first one that holds all.
	whole bool
	// contains is whether a position p holds a text, for looking at one after the other; column names one of p's without
	// its index.
	contains, column string
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
		ids:       `SELECT rowid FROM positions_text WHERE positions_text MATCH $1 LIMIT $2`,
		arguments: func(look *search) []any { return []any{trigrams(look.upper), look.few + 1} },
		contains:  `instr(p.searched, %s) > 0`, column: `+p.%s`,
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

// trigrams asks for the rows that hold pieces of three characters of the text: all of a short text, some eight of a long
// one. Whether they stand in its order is looked at afterwards: to keep that in the index too would make it three times as
// large.
func trigrams(text string) string {
	characters := []rune(text)
	last := max(len(characters)-3, 0)
	var parts []string
	for at, step := 0, 1+last/8; ; at = min(at+step, last) {
		part := string(characters[at:min(at+3, len(characters))])
		parts = append(parts, `"`+strings.ReplaceAll(part, `"`, `""`)+`"`)
		if at == last {
			return strings.Join(parts, " AND ")
		}
	}
}

// postgresText looks into the column, with the help of pg_trgm where it is.
func postgresText() mirrorText {
	special := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	pattern := func(text string) string { return "%" + special.Replace(text) + "%" }
	return mirrorText{
		// The second condition is no LIKE, for which the index would be asked for the whole text again.
		ids:       `SELECT id FROM positions WHERE searched LIKE $1 AND strpos(searched, $2) > 0 LIMIT $3`,
		arguments: func(look *search) []any { return []any{pattern(look.part), look.upper, look.few + 1} },
		whole:     true,
		contains:  `strpos(p.searched, %s) > 0`, column: `(p.%s || '')`,
		put:    func(context.Context, *session, int64, string, bool) error { return nil },
		remove: func(context.Context, *session, int64) error { return nil },
	}
}

// indexTickets makes the index for searches if there is something to find.
func (m *Mirror) indexTickets(ctx context.Context) error {
	n, err := one(ctx, m.db.reader, scanInt, `SELECT count(*) FROM (SELECT 1 FROM positions LIMIT 1) AS ticket`)
	if err == nil && n > 0 {
		m.indexText(ctx)
	}
	return err
}

// indexText makes the index for searches on PostgreSQL, once all orders of an event have come: to keep it up for each of
// them takes longer than all else that is done with an order. It needs the extension pg_trgm, which comes with PostgreSQL but
// may not be allowed or installed; a search then looks at every ticket.
func (m *Mirror) indexText(ctx context.Context) {
	for _, statement := range []string{
		`CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public`,
		// Without fastupdate: what a pull brings would wait in a list that every search reads from end to end.
		`CREATE INDEX IF NOT EXISTS positions_by_text ON positions USING gin (searched gin_trgm_ops) WITH (fastupdate = off)`,
	} {
		if _, err := exec(ctx, m.db.writer, statement); err != nil && ctx.Err() == nil {
			m.db.log.WarnContext(ctx, "search is slow without the PostgreSQL extension pg_trgm", "error", err.Error())
			return
		}
	}
}
