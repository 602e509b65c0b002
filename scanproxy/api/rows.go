package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/pretix/mirror"
)

// page is pretix' envelope around rows. Apps read all of it and follow next as it stands, with their token.
type page struct {
	Count    int               `json:"count"`
	Next     *string           `json:"next"`
	Previous *string           `json:"previous"`
	Results  []json.RawMessage `json:"results"`
}

// pageSize is large because event pickers follow five pages only; a client may ask for smaller pages with page_size, as
// at pretix. Source: wire 2.1.
const pageSize = 500

// empty answers for lists that a device needs not have.
func empty(c *gin.Context) { ok(c, page{Results: []json.RawMessage{}}) }

// rowsOf serves a list of an event as it was downloaded.
func (s *Server) rowsOf(resource string) gin.HandlerFunc {
	return func(c *gin.Context) { s.list(c, resource, nil) }
}

// change edits a row before it is sent; false leaves it out.
type change func(row json.RawMessage) (json.RawMessage, bool, error)

// list serves a resource: the rows that change leaves, page by page; 304 if the device has them already. The date is read
// before the rows, so that rows may be newer than it, but never older.
func (s *Server) list(c *gin.Context, resource string, edit change) {
	date := s.date(c, resource)
	rows, err := s.Rows.All(c.Request.Context(), resource, c.Param("event"))
	if err == nil && edit != nil {
		rows, err = edited(rows, edit)
	}
	switch {
	case err != nil:
		s.fail(c, "rows not served", err)
	case unchanged(c, date):
		c.Status(http.StatusNotModified)
	default:
		ok(c, s.page(c.Request.URL, rows))
	}
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
var conditional = map[string]bool{
	mirror.Categories: true, mirror.Items: true, mirror.Questions: true, mirror.Layouts: true, mirror.Lists: true,
}

// date is when pretix changed a list, in its words; "" if it did not say. A list that depends on the query has no date.
func (s *Server) date(c *gin.Context, resource string) string {
	if !conditional[resource] || c.Query("subevent_match") != "" {
		return ""
	}
	date, err := s.Rows.Modified(c.Request.Context(), resource, c.Param("event"))
	if err != nil {
		s.Log.ErrorContext(c.Request.Context(), "change not dated", "resource", resource, "error", err)
		return ""
	}
	return date
}

// gapKey is where localFile notes that a row refers to a file that is not here yet.
const gapKey = "gap"

// unchanged dates the answer, and says whether the device names the very date that we gave it. Dates are compared as
// texts: Android sends something that is no date when it wants everything. A list with a gap is dated a second earlier,
// so that a device that has it comes for the list without.
func unchanged(c *gin.Context, date string) bool {
	if at, err := http.ParseTime(date); err == nil && c.GetBool(gapKey) {
		date = at.Add(-time.Second).Format(http.TimeFormat)
	}
	if date == "" {
		return false
	}
	c.Header("Last-Modified", date)
	return c.GetHeader("If-Modified-Since") == date
}

// page cuts the page out that the query names; behind the last one there is nothing. Its next is at this proxy: apps would
// carry their token anywhere. Source: wire 0.8.
func (s *Server) page(asked *url.URL, rows []json.RawMessage) page {
	query := asked.Query()
	size := within(query.Get("page_size"), 1, pageSize, pageSize)
	last := max(1, (len(rows)+size-1)/size)
	number := within(query.Get("page"), 1, last+1, 1)
	start := min((number-1)*size, len(rows))
	p := page{Count: len(rows), Results: rows[start:min(start+size, len(rows))]}
	if number < last {
		p.Next = s.pageURL(asked, number+1)
	}
	if number > 1 {
		p.Previous = s.pageURL(asked, number-1)
	}
	return p
}

// within reads a number and moves it between the limits; what is no number, or below them, is the preset.
func within(text string, least, most, preset int) int {
	number, err := strconv.Atoi(text)
	if err != nil && !errors.Is(err, strconv.ErrRange) || number < least {
		return preset
	}
	return min(number, most)
}

func (s *Server) pageURL(asked *url.URL, number int) *string {
	query := asked.Query()
	query.Set("page", strconv.Itoa(number))
	at := s.URL + asked.EscapedPath() + "/?" + query.Encode()
	return &at
}
