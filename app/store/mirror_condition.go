package store

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/einlass/einlass/scanproxy"
)

// condition collects the arguments of a condition on positions p.
type condition struct{ args []any }

// contains says whether the text is in names or addresses.
func (c *condition) contains(text mirrorText, upper string) string {
	return fmt.Sprintf(text.contains, c.arg(upper))
}

// holds is scanproxy.Query.Matches, but for secrets whose beginning alone matches.
func (c *condition) holds(text mirrorText, upper string) string {
	begins := func(name, with string) string {
		name = fmt.Sprintf(text.column, name)
		return fmt.Sprintf(`%s >= %s AND %s < %s`, name, c.arg(with), name, c.arg(with+lastCharacter))
	}
	return strings.Join([]string{
		c.contains(text, upper), begins("secret_start", start(upper, secretStartLength)), begins("order_code", upper),
	}, ` OR `)
}

// within is nameRange. PostgreSQL would read to the end of the index for a range of two columns.
func (c *condition) within(r nameRange) string {
	from := `p.nameless = ` + c.arg(r.nameless) + ` AND p.attendee_name >= ` + c.arg(r.from)
	if r.open {
		return from
	}
	return from + ` AND p.attendee_name < ` + c.arg(r.before)
}

func (c *condition) coveredBy(lists []*scanproxy.List) string {
	covered := make([]string, len(lists))
	for i, list := range lists {
		covered[i] = c.covers(list)
	}
	return strings.Join(covered, ` OR `)
}

// covers is scanproxy.List.Covers.
func (c *condition) covers(list *scanproxy.List) string {
	parts := []string{`p.event = ` + c.arg(list.Event)}
	if !list.AllProducts {
		items := []string{"-1"} // an empty list is no SQL
		for _, item := range list.Products {
			items = append(items, c.arg(item))
		}
		parts = append(parts, `p.item IN (`+strings.Join(items, ", ")+`)`)
	}
	if list.SubEvent != 0 {
		parts = append(parts, `p.subevent = `+c.arg(list.SubEvent))
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

// listed adds arguments and returns their places.
func (c *condition) listed(values []any) string {
	c.args = append(c.args, values...)
	return numbered(len(c.args)-len(values)+1, len(values))
}

// arg adds an argument and returns its place.
func (c *condition) arg(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}
