package pretixsim

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// pageSize is pretix' default and its maximum.
const pageSize = 50

// page cuts one page out of all rows and shapes only that one:
// {"count": int, "next": url|null, "previous": url|null, "results": [...]}.
func page[T any](c *call, rows []T, shape func(T) object) reply {
	size := c.pageSize()
	last := max(1, (len(rows)+size-1)/size)
	number := 1
	if text := c.query.Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if text == "last" {
			n, err = last, nil
		}
		if err != nil || n < 1 || n > last {
			return detail(http.StatusNotFound, "Invalid page.")
		}
		number = n
	}
	results := []any{}
	for _, row := range rows[(number-1)*size : min(number*size, len(rows))] {
		results = append(results, shape(row))
	}
	body := object{"count": len(rows), "next": nil, "previous": nil, "results": results}
	if number < last {
		body["next"] = c.pageURL(number + 1)
	}
	if number > 1 {
		body["previous"] = c.pageURL(number - 1)
	}
	return jsonReply(http.StatusOK, body)
}

// generated adds X-Page-Generated, the instant from which the next modified_since may start without a gap.
func (c *call) generated(rep reply) reply {
	if rep.status == http.StatusOK {
		rep.set("X-Page-Generated", c.stamp(c.at))
	}
	return rep
}

func (c *call) pageSize() int {
	n, err := strconv.Atoi(c.query.Get("page_size"))
	if err != nil || n < 1 {
		return pageSize
	}
	if n > pageSize {
		c.problem("page_size %d is capped at %d", n, pageSize)
		return pageSize
	}
	return n
}

// pageURL is absolute, with pretix' idea of its own address, and without page= for the first page.
func (c *call) pageURL(number int) string {
	q := url.Values{}
	for k, v := range c.query {
		q[k] = v
	}
	q.Set("page", strconv.Itoa(number))
	if number == 1 {
		q.Del("page")
	}
	to := c.baseURL() + c.r.URL.Path
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return to
}

// ordering returns the first allowed value of ?ordering=, or the default; pretix ignores unknown ones.
func (c *call) ordering(byDefault string, allowed ...string) (field string, descending bool) {
	field = byDefault
	for _, want := range strings.Split(c.query.Get("ordering"), ",") {
		for _, ok := range allowed {
			if strings.TrimPrefix(want, "-") == ok {
				field = want
				return strings.TrimPrefix(field, "-"), strings.HasPrefix(field, "-")
			}
		}
	}
	return strings.TrimPrefix(field, "-"), strings.HasPrefix(field, "-")
}
