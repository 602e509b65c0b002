package pretix

import (
	"context"
	"net/url"
)

// maxPages bounds a list: 50 rows a page, so 100,000 rows.
const maxPages = 2000

// page is one page of a list.
type page[T any] struct {
	Next    *string `json:"next"` // absolute, built from whatever host the request seemed to come in on
	Results []T     `json:"results"`
}

// list fetches every page of a list.
func list[T any](ctx context.Context, c *Client, name, path string, query url.Values) ([]T, error) {
	all := []T{}
	for range maxPages {
		var p page[T]
		if err := c.get(ctx, name, path, query, &p); err != nil {
			return nil, err
		}
		all = append(all, p.Results...)
		if p.Next == nil || *p.Next == "" {
			return all, nil
		}
		// Only the query of next is used, on the path that we asked: whatever host it names, the token stays here.
		next, err := url.Parse(*p.Next)
		if err != nil || next.Query().Encode() == query.Encode() {
			return nil, &Error{Class: Unavailable, Call: name, Detail: "the address of the next page makes no sense"}
		}
		query = next.Query()
	}
	return nil, &Error{Class: Unavailable, Call: name, Detail: "the list does not end"}
}
