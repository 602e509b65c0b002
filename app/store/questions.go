package store

import "context"

// questions are queries that are asked together: in one round trip on PostgreSQL, one after the other on SQLite. Each sees
// what was committed before it.
type questions []question

type question struct {
	query string
	args  []any
	take  func(row) error
}

// ask adds a query whose rows are appended to a slice.
func ask[T any](q *questions, to *[]T, scan func(row) (T, error), query string, args ...any) {
	*q = append(*q, question{query, args, func(from row) error {
		value, err := scan(from)
		*to = append(*to, value)
		return err
	}})
}

// pipeline returns them on their way to PostgreSQL, behind a statement with settings for them alone, if there is one.
func (q questions) pipeline(settings string) *pipeline {
	var p pipeline
	if settings != "" {
		p.add(settings)
	}
	for _, one := range q {
		p.read(one.query, one.args, one.take)
	}
	return &p
}

// answer asks a database.
func (s *Store) answer(ctx context.Context, q questions) error {
	if s.shared() {
		return q.pipeline("").send(ctx, s.pool)
	}
	return inTurn(ctx, s.reader, q)
}

// answer asks the copy.
func (s *session) answer(ctx context.Context, q questions) error {
	if g, glances := s.querier.(*glance); glances {
		return g.answer(ctx, q)
	}
	return inTurn(ctx, s, q)
}

func inTurn(ctx context.Context, from querier, q questions) error {
	for _, one := range q {
		taken := func(r row) (struct{}, error) { return struct{}{}, one.take(r) }
		if _, err := all(ctx, from, taken, one.query, one.args...); err != nil {
			return err
		}
	}
	return nil
}
