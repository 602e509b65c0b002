package api

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// What a request may hold at most. The apps stay far below.
const (
	mostEvents   = 100
	mostAnswers  = 500
	longestSlug  = 100   // bytes; pretix allows 50
	longestCode  = 8192  // bytes; a QR code holds 7089 digits at most
	longestWord  = 100   // bytes: types and sources
	longestText  = 10000 // bytes: an answer, a search
	longestNonce = 1000  // bytes
)

// selections is events_and_checkin_lists, {"slug": list}, in the order of the request: an unknown code is reported to the
// first.
type selections []scanproxy.Selection

// UnmarshalJSON keeps the order, which a map would lose. What stands twice, a slug or all of it, counts as it stands last.
func (s *selections) UnmarshalJSON(data []byte) error {
	*s = nil
	if string(data) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return wrongShape
	}
	for d.More() {
		slug, err := d.Token()
		if err != nil {
			return wrongShape
		}
		var list *int64
		name, _ := slug.(string)
		if d.Decode(&list) != nil || list == nil || !isSlug(name) {
			return wrongShape
		}
		s.put(scanproxy.Selection{Event: name, List: *list})
		if len(*s) > mostEvents {
			return badBody("The request names too many events.")
		}
	}
	return nil
}

func (s *selections) put(at scanproxy.Selection) {
	for i := range *s {
		if (*s)[i].Event == at.Event {
			(*s)[i] = at
			return
		}
	}
	*s = append(*s, at)
}

// isSlug is generous: what is no event of ours is not found anyway.
func isSlug(s string) bool {
	if s == "" || len(s) > longestSlug {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || r == '/' {
			return false
		}
	}
	return true
}

// readSelecting reads a request that selects lists; inBody is its field for them.
func readSelecting(c *gin.Context, to any, inBody *selections) (selections, error) {
	if err := readJSON(c, to); err != nil {
		return nil, err
	}
	return fromPath(c, *inBody)
}

// fromPath reads the event and the list of the single-event form; in the multi-event form the body has them.
func fromPath(c *gin.Context, body selections) (selections, error) {
	event, single := c.Params.Get("event")
	if !single {
		if len(body) == 0 {
			return nil, badBody("The request selects no event.")
		}
		return body, nil
	}
	list, err := strconv.ParseInt(c.Param("list"), 10, 64)
	if err != nil || !isSlug(event) {
		return nil, badBody("The address names no check-in list.")
	}
	return selections{{Event: event, List: list}}, nil
}

// strayEvent returns the first event that the device may not ask about.
func (s selections) strayEvent(d scanproxy.Device) (string, bool) {
	for _, at := range s {
		if !d.Allowed(at.Event) {
			return at.Event, true
		}
	}
	return "", false
}
