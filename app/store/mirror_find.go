package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// Find returns what a search finds on these lists, in the order of scanproxy.Search. See scanproxy.Finder.
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
	few, enough := s.m.names.few(), offset+limit
	starting, err := s.starting(ctx, upper, few)
	if err != nil {
		return nil, err
	}
	hits, err := s.firstHits(ctx, upper, starting, lists, few, enough)
	if err != nil {
		return nil, err
	}
	found, err := s.inOrder(ctx, page(hits, offset, limit))
	return matching(q, found), err
}

// planAnew has PostgreSQL plan each query of a search for its own text, and walk over names in an index. A plan for any
// text reads everything, which pays for "anna", and takes a hundred times as long for an order code.
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

// firstHits returns the hits in order: all, or enough of them.
func (s *session) firstHits(ctx context.Context, upper string, starting []int64, lists []*scanproxy.List, few, enough int) ([]hit, error) {
	if len(starting) > few { // very many secrets or orders begin like that
		return s.walkAll(ctx, upper, lists, enough)
	}
	if s.m.text.whole {
		hits, done, err := s.firstBlock(ctx, upper, starting, lists, enough)
		if err != nil || done {
			return hits, err
		}
	}
	ids, err := s.containing(ctx, upper, starting, few)
	if err != nil {
		return nil, err
	}
	if len(ids) <= few {
		return s.sorted(ctx, upper, ids, lists)
	}
	holding, err := s.holding(ctx, upper, starting, true)
	if err != nil {
		return nil, err
	}
	return s.walk(ctx, upper, starting, lists, holding.ranges, enough)
}

// firstBlock looks for enough hits, or all, in the first block where some may be. It is done if these are they.
func (s *session) firstBlock(ctx context.Context, upper string, starting []int64, lists []*scanproxy.List, enough int) (hits []hit, done bool, err error) {
	holding, err := s.holding(ctx, upper, starting, false)
	if err != nil || !holding.known || holding.blocks == 0 {
		return nil, holding.known && err == nil, err
	}
	hits, err = s.walk(ctx, upper, starting, lists, []nameRange{holding.first}, enough)
	return hits, len(hits) >= enough || holding.blocks == 1, err
}

// hit is what of a ticket decides about its place in the answer.
type hit struct {
	id, positionID int64
	name           string
}

// sorted returns those of the tickets that the lists cover and that hold the text, in the order of scanproxy.Search and of
// the index positions_by_name.
func (s *session) sorted(ctx context.Context, upper string, ids []int64, lists []*scanproxy.List) (hits []hit, err error) {
	type candidate struct {
		hit
		searched, secret, code string
	}
	for _, some := range pieces(anyOf(ids)) {
		var l looking
		query := `SELECT p.id, p.positionid, p.attendee_name, p.searched, p.secret, p.order_code FROM positions p
			WHERE p.id IN (` + l.listed(some) + `) AND (` + l.coveredBy(lists) + `)`
		candidates, err := all(ctx, s, func(from row) (c candidate, err error) {
			err = from.Scan(&c.id, &c.positionID, &c.name, &c.searched, &c.secret, &c.code)
			return c, err
		}, query, l.args...)
		if err != nil {
			return nil, err
		}
		for _, c := range candidates {
			if strings.Contains(c.searched, upper) || strings.HasPrefix(strings.ToUpper(c.secret), upper) || strings.HasPrefix(c.code, upper) {
				hits = append(hits, c.hit)
			}
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(number(a.name == ""), number(b.name == "")), cmp.Compare(a.name, b.name),
			cmp.Compare(a.positionID, b.positionID), cmp.Compare(a.id, b.id))
	})
	return hits, nil
}

// inOrder returns the tickets of the hits, in their order.
func (s *session) inOrder(ctx context.Context, hits []hit) ([]scanproxy.Ticket, error) {
	place := map[int64]int{}
	ids := make([]int64, len(hits))
	for i, h := range hits {
		place[h.id], ids[i] = i, h.id
	}
	found, err := s.ticketsByID(ctx, ids)
	slices.SortFunc(found, func(a, b scanproxy.Ticket) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return found, err
}

// starting returns the ids of tickets whose secret or order code begins like the text, of some more than that many at most.
func (s *session) starting(ctx context.Context, upper string, many int) (ids []int64, err error) {
	const (
		bySecret = `SELECT id FROM positions WHERE secret_start >= $1 AND secret_start < $2 LIMIT $3`
		byCode   = `SELECT id FROM positions WHERE order_code >= $1 AND order_code < $2 LIMIT $3`
	)
	var q questions
	beginning := start(upper, secretStartLength)
	ask(&q, &ids, scanInt, bySecret, beginning, beginning+lastCharacter, many+1)
	ask(&q, &ids, scanInt, byCode, upper, upper+lastCharacter, many+1)
	err = s.answer(ctx, q)
	return unique(ids), err
}

// containing returns the ids of tickets whose text may hold this, and those; of some more than that many at most.
func (s *session) containing(ctx context.Context, upper string, those []int64, many int) ([]int64, error) {
	ids, err := all(ctx, s, scanInt, s.m.text.ids, s.m.text.pattern(upper), many+1)
	return unique(ids, those), err
}

// unique returns each id once, ascending.
func unique(lists ...[]int64) []int64 {
	ids := slices.Concat(lists...)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// lastCharacter makes an end of a range out of a beginning.
const lastCharacter = "\U0010FFFF"

// walk looks at one ticket after the other in the order of names, in these ranges, until it has enough. also are hits
// already.
func (s *session) walk(ctx context.Context, upper string, also []int64, lists []*scanproxy.List, ranges []nameRange, enough int) (hits []hit, err error) {
	for _, r := range ranges {
		var l looking
		where := l.within(r) + ` AND (` + l.contains(s.m.text, upper)
		if len(also) > 0 {
			where += ` OR p.id IN (` + l.listed(anyOf(also)) + `)`
		}
		more, err := s.walked(ctx, &l, where+`)`, lists, enough-len(hits))
		if err != nil {
			return nil, err
		}
		if hits = append(hits, more...); len(hits) >= enough {
			break
		}
	}
	return hits, nil
}

// walkAll looks at the beginnings of secrets and order codes, too.
func (s *session) walkAll(ctx context.Context, upper string, lists []*scanproxy.List, enough int) ([]hit, error) {
	var l looking
	return s.walked(ctx, &l, l.holds(s.m.text, upper), lists, enough)
}

func (s *session) walked(ctx context.Context, l *looking, where string, lists []*scanproxy.List, enough int) (hits []hit, err error) {
	query := `SELECT p.id FROM positions p WHERE (` + where + `) AND (` + l.coveredBy(lists) + `)
		ORDER BY p.nameless, p.attendee_name, p.positionid, p.id LIMIT ` + l.arg(enough)
	return all(ctx, s, func(from row) (h hit, err error) {
		err = from.Scan(&h.id)
		return h, err
	}, query, l.args...)
}

func matching(q scanproxy.Query, found []scanproxy.Ticket) (left []scanproxy.Ticket) {
	for _, t := range found {
		if q.Matches(t) {
			left = append(left, t)
		}
	}
	return left
}

func page(found []hit, offset, limit int) []hit {
	start := min(offset, len(found))
	return found[start:min(start+limit, len(found))]
}

// looking collects the arguments of a condition on positions p.
type looking struct{ args []any }

// contains says whether the text is in names or addresses.
func (l *looking) contains(text mirrorText, upper string) string {
	return fmt.Sprintf(text.contains, l.arg(upper))
}

// holds is scanproxy.Query.Matches, but for secrets whose beginning alone matches.
func (l *looking) holds(text mirrorText, upper string) string {
	begins := func(name, with string) string {
		name = fmt.Sprintf(text.column, name)
		return fmt.Sprintf(`%s >= %s AND %s < %s`, name, l.arg(with), name, l.arg(with+lastCharacter))
	}
	return strings.Join([]string{
		l.contains(text, upper), begins("secret_start", start(upper, secretStartLength)), begins("order_code", upper),
	}, ` OR `)
}

// within is nameRange. PostgreSQL would read to the end of the index for a range of two columns.
func (l *looking) within(r nameRange) string {
	from := `p.nameless = ` + l.arg(r.nameless) + ` AND p.attendee_name >= ` + l.arg(r.from)
	if r.open {
		return from
	}
	return from + ` AND p.attendee_name < ` + l.arg(r.before)
}

func (l *looking) coveredBy(lists []*scanproxy.List) string {
	covered := make([]string, len(lists))
	for i, list := range lists {
		covered[i] = l.covers(list)
	}
	return strings.Join(covered, ` OR `)
}

// covers is scanproxy.List.Covers.
func (l *looking) covers(list *scanproxy.List) string {
	parts := []string{`p.event = ` + l.arg(list.Event)}
	if !list.AllProducts {
		items := []string{"-1"} // an empty list is no SQL
		for _, item := range list.Products {
			items = append(items, l.arg(item))
		}
		parts = append(parts, `p.item IN (`+strings.Join(items, ", ")+`)`)
	}
	if list.SubEvent != 0 {
		parts = append(parts, `p.subevent = `+l.arg(list.SubEvent))
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

// listed adds arguments and returns their places.
func (l *looking) listed(values []any) string {
	l.args = append(l.args, values...)
	return numbered(len(l.args)-len(values)+1, len(values))
}

// arg adds an argument and returns its place.
func (l *looking) arg(value any) string {
	l.args = append(l.args, value)
	return "$" + strconv.Itoa(len(l.args))
}
