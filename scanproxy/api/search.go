package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

type searchRequest struct {
	Selected selections `json:"events_and_checkin_lists"` // of the multi-event form
	Query    *string    `json:"query"`
	Page     int        `json:"page"` // from 1; missing is 1
}

// mostPages keeps offsets small; nobody turns so many pages.
const mostPages = 100_000

// searchHit is one ticket that a search found. Source: wire 4.5.
type searchHit struct {
	Secret           string          `json:"secret"` // becomes the ticketid of the next check
	Ticket           *string         `json:"ticket"`
	Variation        *string         `json:"variation"`
	AttendeeName     *string         `json:"attendee_name"`
	Seat             *string         `json:"seat"`
	OrderCode        *string         `json:"orderCode"`
	PositionID       int64           `json:"positionId"`
	AddonText        *string         `json:"addonText"` // always null
	Status           string          `json:"status"`    // PAID, PENDING, CANCELED
	IsRedeemed       bool            `json:"isRedeemed"`
	RequireAttention bool            `json:"isRequireAttention"`
	Position         json.RawMessage `json:"position"`
}

// search finds tickets by what somebody types. Android asks at each keystroke.
//
//	POST /proxyapi/v1/rpc/search/ {"events_and_checkin_lists": {slug: list}, "query": string, "page": int}
//	POST /proxyapi/v1/rpc/{event}/{list}/search/ {"query": string, "page": int}
//	-> 200 [searchHit], 400 plain text
func (s *Server) search(c *gin.Context) {
	var r searchRequest
	selected, err := readSelecting(c, &r, &r.Selected)
	if err == nil {
		err = r.wrong()
	}
	if err != nil {
		badRequest(c, err.Error())
		return
	}
	if event, stray := selected.strayEvent(device(c)); stray {
		badRequest(c, fmt.Sprintf(s.words().MayNotSearch, event))
		return
	}
	hits, err := s.Door.Search(c.Request.Context(), device(c), selected, plainQuery(*r.Query), max(r.Page, 1))
	if err != nil {
		s.failDoor(c, "search failed", err)
		return
	}
	ok(c, newSearchHits(hits))
}

func (r searchRequest) wrong() error {
	switch {
	case r.Query == nil:
		return badBody("The request holds no query.")
	case len(*r.Query) > longestText:
		return badBody("The query is too long.")
	case r.Page > mostPages:
		return badBody("There are not so many pages.")
	}
	return nil
}

// plainQuery cuts off the blank that a phone's keyboard puts behind a word, as pretix does, unless too little is left.
func plainQuery(typed string) string {
	if plain := strings.TrimSpace(typed); utf8.RuneCountInString(plain) >= scanproxy.SearchMinLength {
		return plain
	}
	return typed
}

func newSearchHits(hits []scanproxy.Hit) []searchHit {
	out := make([]searchHit, len(hits))
	for i, h := range hits {
		out[i] = searchHit{
			Secret: h.Secret.Reveal(), Ticket: orNull(h.Ticket), Variation: orNull(h.Variation),
			AttendeeName: orNull(h.AttendeeName), Seat: orNull(h.Seat), OrderCode: orNull(h.OrderCode),
			PositionID: h.PositionID, Status: h.Status, IsRedeemed: h.Redeemed, RequireAttention: h.RequireAttention,
			Position: h.Position,
		}
	}
	return out
}
