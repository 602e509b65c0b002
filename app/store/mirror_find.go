package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// Find returns what a search finds on these lists, in the order of scanproxy.Search. See scanproxy.Finder, and decision 0018
// for how: few hits are looked up by indexes and sorted; for many, tickets are looked at in the order of names until there
// are enough, and blocks of names that cannot hold the text are passed over.
func (m *Mirror) Find(ctx context.Context, text string, selected []scanproxy.Selection, offset, limit int) (
	found []scanproxy.Ticket, err error,
) {
	query := scanproxy.ParseQuery(text)
	if query == (scanproxy.Query{}) || len(selected) == 0 || limit <= 0 {
		return nil, nil
	}
	err = m.quick(ctx, func(s *session, _ int64) error {
		var lists []*scanproxy.List
		for _, at := range selected {
			list, err := s.list(ctx, at)
			if err != nil {
				return err
			}
			if list != nil {
				lists = append(lists, list)
			}
		}
		found, err = s.find(ctx, query, strings.ToUpper(text), lists, max(offset, 0), limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find tickets: %w", err)
	}
	return found, nil
}

func (s *session) find(ctx context.Context, q scanproxy.Query, upper string, lists []*scanproxy.List, offset, limit int) ([]scanproxy.Ticket, error) {
	if len(lists) == 0 {
		return nil, nil
	}
	if err := s.planAnew(ctx); err != nil {
		return nil, err
	}
	look := s.search(upper, lists, offset+limit)
	if err := s.askIndexes(ctx, look); err != nil {
		return nil, err
	}
	if ids := unique(look.starting, look.containing); look.indexed && len(ids) <= min(look.few, look.enough) {
		found, err := s.ticketsByID(ctx, ids)
		found = slices.DeleteFunc(found, func(t scanproxy.Ticket) bool { return !q.Matches(t) || !covered(lists, t) })
		slices.SortFunc(found, scanproxy.SearchOrder)
		return page(found, offset, limit), err
	}
	ids, err := s.firstHits(ctx, look)
	if err != nil {
		return nil, err
	}
	found, err := s.inOrder(ctx, page(ids, offset, limit))
	return slices.DeleteFunc(found, func(t scanproxy.Ticket) bool { return !q.Matches(t) }), err
}

// search is what is looked for, how, and what the indexes have found so far.
type search struct {
	upper       string // the text
	lists       []*scanproxy.List
	few, enough int    // up to how many tickets are looked up and sorted; how many hits are wanted
	part        string // of the text: the index of pieces is asked for it
	indexed     bool   // that index is asked at once

	starting   []int64 // tickets whose secret or order code begins like the text; if more than few, not all of them
	containing []int64 // tickets that may hold the text; if more than few, not all of them
}

func (s *session) search(upper string, lists []*scanproxy.List, enough int) *search {
	look := &search{upper: upper, lists: lists, enough: enough}
	var atMost int
	look.few, look.part, atMost = s.m.names.rarest(upper)
	look.indexed = !s.m.text.whole || atMost <= worthwhile*look.few
	return look
}

// worthwhile is how many times more than a few tickets may hold a text for an index to be asked that reads all of them.
const worthwhile = 4

// askIndexes asks for what begins like the text, and, unless that may take long, for what holds it.
func (s *session) askIndexes(ctx context.Context, look *search) error {
	const (
		bySecret = `SELECT id FROM positions WHERE secret_start >= $1 AND secret_start < $2 LIMIT $3`
		byCode   = `SELECT id FROM positions WHERE order_code >= $1 AND order_code < $2 LIMIT $3`
	)
	var q questions
	beginning := start(look.upper, secretStartLength)
	ask(&q, &look.starting, scanInt, bySecret, beginning, beginning+lastCharacter, look.few+1)
	ask(&q, &look.starting, scanInt, byCode, look.upper, look.upper+lastCharacter, look.few+1)
	if look.indexed {
		s.askContaining(&q, look)
	}
	return s.answer(ctx, q)
}

func (s *session) askContaining(q *questions, look *search) {
	ask(q, &look.containing, scanInt, s.m.text.ids, s.m.text.arguments(look)...)
}

// planAnew makes PostgreSQL plan each query of a search for the text that is looked for, and read names from an index. A
// plan for just any text reads every ticket: good for "anna", and a hundred times too slow for an order code.
func (s *session) planAnew(ctx context.Context) error {
	const query = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_sort', 'off', true),
		set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`
	if !s.m.shared() {
		return nil
	}
	if g, glances := s.querier.(*glance); glances {
		g.settings = query
		return nil
	}
	_, err := exec(ctx, s, query)
	return err
}

// firstHits returns the ids of the hits in order: all, or enough of them.
func (s *session) firstHits(ctx context.Context, look *search) ([]int64, error) {
	if len(look.starting) > look.few { // very many secrets or orders begin like that
		return s.walkAll(ctx, look)
	}
	if !look.indexed {
		hits, done, err := s.firstBlock(ctx, look)
		if err != nil || done {
			return hits, err
		}
		var q questions
		s.askContaining(&q, look)
		if err := s.answer(ctx, q); err != nil {
			return nil, err
		}
	}
	if ids := unique(look.starting, look.containing); len(ids) <= look.few {
		return s.sorted(ctx, look, ids)
	}
	holding, err := s.holding(ctx, look.upper, look.starting, true)
	if err != nil {
		return nil, err
	}
	return s.walk(ctx, look, holding.ranges)
}

// firstBlock looks for enough hits, or all, in the first block where some may be. It is done if these are they.
func (s *session) firstBlock(ctx context.Context, look *search) (hits []int64, done bool, err error) {
	holding, err := s.holding(ctx, look.upper, look.starting, false)
	if err != nil || !holding.known || holding.blocks == 0 {
		return nil, holding.known && err == nil, err
	}
	hits, err = s.walk(ctx, look, []nameRange{holding.first})
	return hits, len(hits) >= look.enough || holding.blocks == 1, err
}

// sorted returns those of the tickets that the lists cover and that hold the text, in the order of a search, which is that
// of the index positions_by_name.
func (s *session) sorted(ctx context.Context, look *search, ids []int64) (hits []int64, err error) {
	type candidate struct {
		scanproxy.Ticket
		searched, secret, code string
	}
	var found []scanproxy.Ticket
	for _, some := range pieces(anyOf(ids)) {
		var c condition
		query := `SELECT p.id, p.positionid, p.attendee_name, p.searched, p.secret, p.order_code FROM positions p
			WHERE p.id IN (` + c.listed(some) + `) AND (` + c.coveredBy(look.lists) + `)`
		candidates, err := all(ctx, s, func(from row) (c candidate, err error) {
			err = from.Scan(&c.ID, &c.PositionID, &c.AttendeeName, &c.searched, &c.secret, &c.code)
			return c, err
		}, query, c.args...)
		if err != nil {
			return nil, err
		}
		for _, c := range candidates {
			if strings.Contains(c.searched, look.upper) || strings.HasPrefix(strings.ToUpper(c.secret), look.upper) || strings.HasPrefix(c.code, look.upper) {
				found = append(found, c.Ticket)
			}
		}
	}
	slices.SortFunc(found, scanproxy.SearchOrder)
	for _, t := range found {
		hits = append(hits, t.ID)
	}
	return hits, nil
}

// inOrder returns the tickets with these ids, in this order.
func (s *session) inOrder(ctx context.Context, ids []int64) ([]scanproxy.Ticket, error) {
	place := map[int64]int{}
	for i, id := range ids {
		place[id] = i
	}
	found, err := s.ticketsByID(ctx, ids)
	slices.SortFunc(found, func(a, b scanproxy.Ticket) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return found, err
}

// lastCharacter, added to a text, is behind all texts that begin with it: the end of a range in an index.
const lastCharacter = "\U0010FFFF"

// walk looks at one ticket after the other in the order of names, in these ranges, until it has enough.
func (s *session) walk(ctx context.Context, look *search, ranges []nameRange) (hits []int64, err error) {
	for _, r := range ranges {
		var c condition
		where := c.within(r) + ` AND (` + c.contains(s.m.text, look.upper)
		if len(look.starting) > 0 {
			where += ` OR p.id IN (` + c.listed(anyOf(look.starting)) + `)`
		}
		more, err := s.walked(ctx, look, &c, where+`)`, look.enough-len(hits))
		if err != nil {
			return nil, err
		}
		if hits = append(hits, more...); len(hits) >= look.enough {
			break
		}
	}
	return hits, nil
}

// walkAll is walk over all tickets, for texts with which very many secrets or order codes begin: it compares those too.
func (s *session) walkAll(ctx context.Context, look *search) ([]int64, error) {
	var c condition
	return s.walked(ctx, look, &c, c.holds(s.m.text, look.upper), look.enough)
}

// walked returns the first tickets that meet where and that the lists cover, in the order of names, enough at most.
func (s *session) walked(ctx context.Context, look *search, c *condition, where string, enough int) ([]int64, error) {
	query := `SELECT p.id FROM positions p WHERE (` + where + `) AND (` + c.coveredBy(look.lists) + `)
		ORDER BY p.nameless, p.attendee_name, p.positionid, p.id LIMIT ` + c.arg(enough)
	return all(ctx, s, scanInt, query, c.args...)
}

func covered(lists []*scanproxy.List, t scanproxy.Ticket) bool {
	return slices.ContainsFunc(lists, func(l *scanproxy.List) bool { return l.Covers(t) })
}

func page[T any](found []T, offset, limit int) []T {
	start := min(offset, len(found))
	return found[start:min(start+limit, len(found))]
}
