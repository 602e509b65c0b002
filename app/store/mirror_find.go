package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// fewHits is up to how many hits are collected and sorted. More are met soon enough by walking in the order of names.
const fewHits = 2000

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
	const (
		some  = `SELECT count(*) FROM (SELECT 1 FROM positions p WHERE %s LIMIT %d) hits`
		order = ` ORDER BY p.nameless, p.attendee_name, p.positionid, p.id`
	)
	look := newLooking(s.m.text, upper, lists, false)
	hits, err := one(ctx, s, scanInt, fmt.Sprintf(some, look.where, fewHits+1), look.args...)
	if err != nil {
		return nil, err
	}
	if hits > fewHits {
		look = newLooking(s.m.text, upper, lists, true)
	} else if len(upper) > secretStartLength {
		// The database compares the beginnings of secrets only, so some may have to be left out before pages are counted.
		found, err := findTickets(ctx, s, `WHERE `+look.where+order, look.args...)
		return page(matching(q, found), offset, limit), err
	}
	where := `WHERE ` + look.where + order + ` LIMIT ` + look.arg(limit) + ` OFFSET ` + look.arg(offset)
	found, err := findTickets(ctx, s, where, look.args...)
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

func page(found []scanproxy.Ticket, offset, limit int) []scanproxy.Ticket {
	start := min(offset, len(found))
	return found[start:min(start+limit, len(found))]
}

// looking is a search as SQL.
type looking struct {
	where string
	args  []any
}

// newLooking makes the condition on positions p: by index, or for a walk over all of them, where an index would be in
// the way.
func newLooking(text mirrorText, upper string, lists []*scanproxy.List, walk bool) looking {
	condition, pattern, column := text.condition, text.pattern(upper), "p.%s"
	if walk {
		condition, pattern, column = text.walked(upper)
	}
	var l looking
	begins := func(name, with string) string {
		column := fmt.Sprintf(column, name)
		return fmt.Sprintf(`%s >= %s AND %s < %s`, column, l.arg(with), column, l.arg(with+"\U0010FFFF"))
	}
	parts := []string{
		strings.Replace(condition, "$n", l.arg(pattern), 1),
		begins("secret_start", start(upper, secretStartLength)),
		begins("order_code", upper),
	}
	var covered []string
	for _, list := range lists {
		covered = append(covered, l.covers(list))
	}
	l.where = `(` + strings.Join(parts, ` OR `) + `) AND (` + strings.Join(covered, ` OR `) + `)`
	return l
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

// arg adds an argument and returns its place.
func (l *looking) arg(value any) string {
	l.args = append(l.args, value)
	return "$" + strconv.Itoa(len(l.args))
}
