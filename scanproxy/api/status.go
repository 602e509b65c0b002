package api

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/scanproxy"
)

// statusAnswer says how full a list is. Two names stand twice: once as the apps read them, once as the Java proxy
// documents them. Source: proxy 1.8.
type statusAnswer struct {
	EventName       string       `json:"eventName"`
	EventNameOfDocs string       `json:"event_name"`
	TotalTickets    int          `json:"totalTickets"`
	AlreadyScanned  int          `json:"alreadyScanned"`
	CurrentlyInside int          `json:"currentlyInside"`
	Items           []statusItem `json:"items"`
}

type statusItem struct {
	ID                int64             `json:"id"`
	Name              string            `json:"name"`
	Total             int               `json:"total"`
	Checkins          int               `json:"checkins"`
	IsAdmission       bool              `json:"isAdmission"`
	IsAdmissionOfDocs bool              `json:"admission"`
	Variations        []statusVariation `json:"variations"`
}

type statusVariation struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Total    int    `json:"total"`
	Checkins int    `json:"checkins"`
}

// status says how full a list is.
//
//	GET /proxyapi/v1/rpc/{event}/{list}/status/ -> 200 statusAnswer, 400 plain text
func (s *Server) status(c *gin.Context) {
	event := c.Param("event")
	list, err := strconv.ParseInt(c.Param("list"), 10, 64)
	if err != nil || list == 0 {
		badRequest(c, s.words().verdict.NoListSelected)
		return
	}
	if !device(c).Allowed(event) {
		badRequest(c, s.words().verdict.NoList)
		return
	}
	counted, err := s.Door.Status(c.Request.Context(), scanproxy.Selection{Event: event, List: list})
	if err != nil {
		s.failDoor(c, "status failed", err)
		return
	}
	ok(c, newStatusAnswer(counted))
}

func newStatusAnswer(s scanproxy.Status) statusAnswer {
	a := statusAnswer{
		EventName: s.Name, EventNameOfDocs: s.Name, TotalTickets: s.TotalTickets, AlreadyScanned: s.AlreadyScanned,
		CurrentlyInside: s.Inside, Items: make([]statusItem, len(s.Items)),
	}
	for i, item := range s.Items {
		a.Items[i] = statusItem{
			ID: item.ID, Name: item.Name, Total: item.Total, Checkins: item.Checkins,
			IsAdmission: item.Admission, IsAdmissionOfDocs: item.Admission, Variations: make([]statusVariation, len(item.Variations)),
		}
		for j, v := range item.Variations {
			a.Items[i].Variations[j] = statusVariation{ID: v.ID, Name: v.Name, Total: v.Total, Checkins: v.Checkins}
		}
	}
	return a
}
