package store

import (
	"context"
	"database/sql"
	"time"
)

// What the tests outside do that the program must not.

// Exec runs a statement past all rules.
func (s *Store) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := exec(ctx, s.writer, statement, args...)
	return err
}

// Query returns the first column of the result as text.
func (s *Store) Query(ctx context.Context, query string, args ...any) ([]string, error) {
	return all(ctx, s.reader, func(from row) (text string, err error) {
		err = from.Scan(&text)
		return text, err
	}, query, args...)
}

// Fill adds n consents, audit rows and leases of that instant at once.
func (s *Store) Fill(ctx context.Context, n int, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, query := range []string{
			`INSERT INTO consents (at_us, room, meeting, user_id, given, policy, text_version, language)
				SELECT CAST($2 AS BIGINT), '', '', '', true, '', '', '' FROM n`,
			`INSERT INTO audit (at_us, kind, room, order_code, position, outcome, detail)
				SELECT CAST($2 AS BIGINT), '', '', '', 0, '', '' FROM n`,
			`INSERT INTO leases (until_us, since_us, meeting, user_id, browser) SELECT CAST($2 AS BIGINT), 0, '', 'old-' || n.i, '' FROM n`,
		} {
			const count = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) `
			if _, err := exec(ctx, tx, count+query, n, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// SearchInSteps makes more than that many hits be looked for in blocks of that many tickets.
func (m *Mirror) SearchInSteps(fewHits, size int) { m.names.fewHits, m.names.size = fewHits, size }

// RarestPart is what an index is asked for, and how many of the texts may hold all of it at most.
func RarestPart(texts []string, common int, text string) (part string, atMost int) {
	var c pieceCounts
	for _, t := range texts {
		c.add(t)
	}
	return c.rarest(text, common)
}

// SearchIsPrepared says whether no search has to look at all tickets first.
func (m *Mirror) SearchIsPrepared() bool {
	return m.names.blocks != nil && m.names.more <= m.names.count+m.names.size
}
