package pretix

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// This file reads objects as pretix sent them, for the local copy: fields that we do not know must reach the scanners.

// List names a list of pretix, and which of its rows are wanted.
type List struct {
	Event string // slug; "": the list belongs to the organizer
	Path  string // below the event or the organizer, with its slash: "orders/"
	Query url.Values

	// IfModifiedSince is a RawPage.LastModified as it came. "": the rows are wanted anyway.
	IfModifiedSince string
}

// RawPage is one page of a list.
type RawPage struct {
	Count int               // rows on all pages
	Rows  []json.RawMessage // as pretix sent them
	More  bool              // there is a next page. Its address is not ours to follow: it may name any host

	Generated    string    // X-Page-Generated: an instant before the rows were read; "" where the list has none
	Sent         time.Time // by the clock of whoever sent it; zero if that does not say
	LastModified string    // "" where the list has none
	NotModified  bool      // nothing has changed since IfModifiedSince, and there are no rows
}

// RawPage reads the page that the query names, the first one if it names none.
func (c *Client) RawPage(ctx context.Context, l List) (RawPage, error) {
	what, err := c.raw(l)
	if err != nil {
		return RawPage{}, err
	}
	header := http.Header{}
	if l.IfModifiedSince != "" {
		header.Set("If-Modified-Since", l.IfModifiedSince)
	}
	got, err := c.fetch(ctx, what, header)
	switch {
	case err != nil:
		return RawPage{}, err
	case got.status == http.StatusNotModified && l.IfModifiedSince != "":
		return RawPage{NotModified: true, LastModified: l.IfModifiedSince}, nil
	case got.status != http.StatusOK:
		return RawPage{}, what.failed(got)
	}
	var body struct {
		Count   *int              `json:"count"`
		Next    *string           `json:"next"`
		Results []json.RawMessage `json:"results"`
	}
	if err := what.decode(got, &body); err != nil {
		return RawPage{}, err
	}
	if body.Count == nil || body.Results == nil {
		return RawPage{}, what.unreadable(got) // an empty object must not pass as an empty list
	}
	return RawPage{
		Count: *body.Count, Rows: body.Results, More: body.Next != nil && *body.Next != "",
		Generated: got.header.Get("X-Page-Generated"), Sent: headerTime(got.header, "Date"), LastModified: got.header.Get("Last-Modified"),
	}, nil
}

// headerTime is an instant in a header field; zero if there is none.
func headerTime(h http.Header, name string) time.Time {
	at, err := http.ParseTime(h.Get(name))
	if err != nil {
		return time.Time{}
	}
	return at
}

// RawObject reads a single object: "" is the event itself, "settings/" its settings.
func (c *Client) RawObject(ctx context.Context, event, path string) (json.RawMessage, error) {
	what, err := c.raw(List{Event: event, Path: path})
	if err != nil {
		return nil, err
	}
	got, err := c.fetch(ctx, what, nil)
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusOK {
		return nil, what.failed(got)
	}
	var object map[string]json.RawMessage
	if err := what.decode(got, &object); err != nil {
		return nil, err
	}
	return got.body, nil
}

// raw names the call after its path: "orders", "event".
func (c *Client) raw(l List) (call, error) {
	what := call{name: strings.TrimSuffix(l.Path, "/"), method: http.MethodGet, query: l.Query}
	if what.name == "" {
		what.name = "event"
	}
	if l.Event == "" {
		what.path = c.of(l.Path)
		return what, nil
	}
	path, err := c.in(l.Event, what.name, l.Path)
	what.path = path
	return what, err
}

// fetch makes a GET with further header fields.
func (c *Client) fetch(ctx context.Context, what call, header http.Header) (answer, error) {
	req := c.getter.R().SetContext(ctx).SetQueryParamsFromValues(what.query).SetHeader("Accept-Language", c.language)
	for name := range header {
		req.SetHeader(name, header.Get(name))
	}
	resp, err := req.Execute(what.method, c.base+"/api/v1/"+what.path)
	if err != nil {
		return answer{}, what.lost(err, false)
	}
	return answer{status: resp.StatusCode(), header: resp.Header(), body: resp.Body()}, nil
}
