package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
)

// page is pretix' envelope around rows. Apps read all of it and follow next as it stands, with their token.
type page struct {
	Count    int               `json:"count"`
	Next     *string           `json:"next"`
	Previous *string           `json:"previous"`
	Results  []json.RawMessage `json:"results"`
}

// pageSize is large because event pickers follow five pages only. Source: wire 2.1.
const pageSize = 500

// empty answers for lists that a device needs not have.
func empty(c *gin.Context) { ok(c, page{Results: []json.RawMessage{}}) }

// rowsOf serves a list of an event as it was downloaded.
func (s *Server) rowsOf(resource string) gin.HandlerFunc {
	return func(c *gin.Context) { s.list(c, resource, nil) }
}

// change edits a row before it is sent; false leaves it out.
type change func(row json.RawMessage) (json.RawMessage, bool, error)

// list serves a resource: the rows that change leaves, page by page; 304 if the device has them already.
func (s *Server) list(c *gin.Context, resource string, edit change) {
	ctx, event := c.Request.Context(), c.Param("event")
	if s.unchanged(c, resource, event) {
		return
	}
	rows, err := s.Rows.All(ctx, resource, event)
	if err == nil && edit != nil {
		rows, err = edited(rows, edit)
	}
	if err != nil {
		s.fail(c, "rows not served", err)
		return
	}
	ok(c, s.page(c.Request.URL, rows))
}

func edited(rows []json.RawMessage, edit change) ([]json.RawMessage, error) {
	left := []json.RawMessage{}
	for _, row := range rows {
		row, stays, err := edit(row)
		if err != nil {
			return nil, err
		}
		if stays {
			left = append(left, row)
		}
	}
	return left, nil
}

// conditional are the lists for which apps keep the date of the last change. Source: wire 3.6.
var conditional = map[string]bool{"categories": true, "items": true, "questions": true, "badgelayouts": true, "checkinlists": true}

// unchanged answers 304 if the device names the very date that we gave it; otherwise it tells the date. Dates are
// compared as texts: Android sends something that is no date when it wants everything. The date is read before the rows,
// so that rows may be newer than it, but never older. A list that depends on the query has no date.
func (s *Server) unchanged(c *gin.Context, resource, event string) bool {
	if !conditional[resource] || c.Query("subevent_match") != "" {
		return false
	}
	date, err := s.Rows.Modified(c.Request.Context(), resource, event)
	if err != nil {
		s.Log.ErrorContext(c.Request.Context(), "change not dated", "resource", resource, "error", err)
	}
	if err != nil || date == "" {
		return false
	}
	c.Header("Last-Modified", date)
	if c.GetHeader("If-Modified-Since") != date {
		return false
	}
	c.Status(http.StatusNotModified)
	return true
}

// page cuts the page out that the query names. Its next is at this proxy: apps would carry their token anywhere.
// Source: wire 0.8.
func (s *Server) page(asked *url.URL, rows []json.RawMessage) page {
	number, err := strconv.Atoi(asked.Query().Get("page"))
	if err != nil || number < 1 || number > len(rows) {
		number = 1
	}
	start := min((number-1)*pageSize, len(rows))
	end := min(start+pageSize, len(rows))
	p := page{Count: len(rows), Results: rows[start:end]}
	if end < len(rows) {
		p.Next = s.pageURL(asked, number+1)
	}
	if number > 1 {
		p.Previous = s.pageURL(asked, number-1)
	}
	return p
}

func (s *Server) pageURL(asked *url.URL, number int) *string {
	query := asked.Query()
	query.Set("page", strconv.Itoa(number))
	at := s.URL + asked.EscapedPath() + "/?" + query.Encode()
	return &at
}
