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

// fewHits is up to how many hits are looked up by index and sorted. Where there are more, the first ones are met soon
// enough by walking over all tickets in the order of names.
const fewHits = 4000

// Find returns what a search finds on these lists, in the order of scanproxy.Search. See scanproxy.Finder.
func (m *Mirror) Find(ctx context.Context, text string, selected []scanproxy.Selection, offset, limit int) (
	found []scanproxy.Ticket, err error,
) {
	query := scanproxy.ParseQuery(text)
	if query == (scanproxy.Query{}) || len(selected) == 0 || limit <= 0 {
		return nil, nil
	}
	err = m.read(ctx, func(s *session, _ int64) error {
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
	ids, err := s.hits(ctx, upper)
	if err != nil {
		return nil, err
	}
	if len(ids) > fewHits {
		return s.walkHits(ctx, q, upper, lists, offset, limit)
	}
	hits, err := s.sorted(ctx, upper, ids, lists)
	if err != nil {
		return nil, err
	}
	found, err := s.inOrder(ctx, page(hits, offset, limit))
	return matching(q, found), err
}

// hit is what of a ticket decides about its place in the answer.
type hit struct {
	id, positionID int64
	name           string
}

// sorted returns those of the tickets that the lists cover and that hold the text, in the order of scanproxy.Search and of
// the index positions_by_name.
func (s *session) sorted(ctx context.Context, upper string, ids []any, lists []*scanproxy.List) (hits []hit, err error) {
	type candidate struct {
		hit
		searched, secret, code string
	}
	for _, some := range pieces(ids) {
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

// hits returns the ids of what the indexes find, of some more than fewHits at most.
func (s *session) hits(ctx context.Context, upper string) ([]any, error) {
	const (
		bySecret = `SELECT id FROM positions WHERE secret_start >= $1 AND secret_start < $2 LIMIT $3`
		byCode   = `SELECT id FROM positions WHERE order_code >= $1 AND order_code < $2 LIMIT $3`
		most     = fewHits + 1
	)
	beginning := start(upper, secretStartLength)
	met := map[int64]bool{}
	var ids []any
	for _, by := range []struct {
		query string
		args  []any
	}{
		{s.m.text.ids, []any{s.m.text.pattern(upper), most}},
		{bySecret, []any{beginning, beginning + lastCharacter, most}},
		{byCode, []any{upper, upper + lastCharacter, most}},
	} {
		some, err := all(ctx, s, scanInt, by.query, by.args...)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			if !met[id] {
				met[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// lastCharacter makes an end of a range out of a beginning.
const lastCharacter = "\U0010FFFF"

// walkHits looks at one ticket after the other in the order of names, until it has enough.
func (s *session) walkHits(ctx context.Context, q scanproxy.Query, upper string, lists []*scanproxy.List, offset, limit int) ([]scanproxy.Ticket, error) {
	var l looking
	where := `WHERE (` + l.holds(s.m.text, upper) + `) AND (` + l.coveredBy(lists) + `)
		ORDER BY p.nameless, p.attendee_name, p.positionid, p.id LIMIT ` + l.arg(limit) + ` OFFSET ` + l.arg(offset)
	found, err := findTickets(ctx, s, where, l.args...)
	return matching(q, found), err
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

// holds is scanproxy.Query.Matches, but for secrets whose beginning alone matches.
func (l *looking) holds(text mirrorText, upper string) string {
	condition, pattern, column := text.walked(upper)
	begins := func(name, with string) string {
		name = fmt.Sprintf(column, name)
		return fmt.Sprintf(`%s >= %s AND %s < %s`, name, l.arg(with), name, l.arg(with+lastCharacter))
	}
	return strings.Join([]string{
		strings.Replace(condition, "$n", l.arg(pattern), 1),
		begins("secret_start", start(upper, secretStartLength)),
		begins("order_code", upper),
	}, ` OR `)
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
