package api

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// eventRow returns an event as it was downloaded, nil if it is not synchronised.
func (s *Server) eventRow(ctx context.Context, slug string) (json.RawMessage, error) {
	rows, err := s.Rows.All(ctx, mirror.Event, slug)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// knownEvent: the event is synchronised and the device may ask about it.
func (s *Server) knownEvent(c *gin.Context) {
	row, err := s.eventRow(c.Request.Context(), c.Param("event"))
	switch {
	case err != nil:
		s.fail(c, "event not read", err)
	case row == nil || !device(c).Allowed(c.Param("event")):
		notFound(c, "Event not found")
	default:
		c.Set(eventKey, row)
	}
}

// eventKey is where knownEvent leaves the event.
const eventKey = "event"

// event: GET …/events/{slug}/ -> 200 pretix' event.
func (s *Server) event(c *gin.Context) {
	row, _ := c.Value(eventKey).(json.RawMessage)
	ok(c, row)
}

// screensaver is the one picture among the settings that apps fetch. Source: proxy 3.6.
const screensaver = "pretixkiosk_screensaver_image"

// settings: GET …/events/{slug}/settings/ -> 200 pretix' settings, {} if there are none yet. The picture in them points to
// this proxy.
func (s *Server) settings(c *gin.Context) {
	rows, err := s.Rows.All(c.Request.Context(), mirror.Settings, c.Param("event"))
	if err != nil {
		s.fail(c, "settings not read", err)
		return
	}
	if len(rows) == 0 {
		ok(c, gin.H{})
		return
	}
	row, _, err := s.localFile(c, screensaver)(rows[0])
	if err != nil {
		s.fail(c, "settings not served", err)
		return
	}
	ok(c, row)
}

// dated is what is asked of events and dates in lists.
type dated struct {
	ID           int64     `json:"id"`
	Slug         string    `json:"slug"`
	Event        string    `json:"event"` // of a sub-event
	Active       bool      `json:"active"`
	HasSubEvents bool      `json:"has_subevents"`
	From         time.Time `json:"date_from"` // zero: null at pretix
	To           time.Time `json:"date_to"`   // likewise
}

// over says whether the event has ended before an instant.
func (d dated) over(limit time.Time) bool {
	return scanproxy.Dates{From: d.From, To: d.To}.Over(limit)
}

// endsAfter is the filter of event pickers; without it nothing has ended.
func endsAfter(c *gin.Context) time.Time {
	at, err := time.Parse(time.RFC3339, c.Query("ends_after"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// events lists the events without series: those come as sub-events.
//
//	GET …/events/?ends_after=…&ordering=date_from -> 200 page
func (s *Server) events(c *gin.Context) {
	limit, offered := endsAfter(c), s.offered(c)
	s.list(c, mirror.Events, func(row json.RawMessage) (json.RawMessage, bool, error) {
		var e dated
		if err := json.Unmarshal(row, &e); err != nil || e.HasSubEvents || e.over(limit) {
			return row, false, err
		}
		there, err := offered(e.Slug)
		return row, there, err
	})
}

// subEvents lists the dates of all series. Without filters it lists all: apps forget what is missing.
//
//	GET …/subevents/?ends_after=…&ordering=date_from&active=true -> 200 page
func (s *Server) subEvents(c *gin.Context) {
	limit, activeOnly, offered := endsAfter(c), c.Query("active") == "true", s.offered(c)
	s.list(c, mirror.SubEvents, func(row json.RawMessage) (json.RawMessage, bool, error) {
		var e dated
		if err := json.Unmarshal(row, &e); err != nil || e.over(limit) || activeOnly && !e.Active {
			return row, false, err
		}
		there, err := offered(e.Event)
		return row, there, err
	})
}

// offered says of an event whether it is synchronised and the device may ask about it. No other may stand in a list: an
// app asks for the event of each date, and shows no event at all if one of those requests fails. Source: wire 2.1.
func (s *Server) offered(c *gin.Context) func(slug string) (bool, error) {
	known := map[string]bool{} // a series has many dates
	return func(slug string) (bool, error) {
		there, asked := known[slug]
		if asked || !device(c).Allowed(slug) {
			return there, nil
		}
		row, err := s.eventRow(c.Request.Context(), slug)
		known[slug] = row != nil
		return row != nil, err
	}
}

// subEvent: GET …/events/{slug}/subevents/{id}/ -> 200 pretix' sub-event.
func (s *Server) subEvent(c *gin.Context) {
	rows, err := s.Rows.All(c.Request.Context(), mirror.SubEvents, "")
	if err != nil {
		s.fail(c, "sub-events not read", err)
		return
	}
	for _, row := range rows {
		var e dated
		if json.Unmarshal(row, &e) == nil && e.Event == c.Param("event") && strconv.FormatInt(e.ID, 10) == c.Param("id") {
			ok(c, row)
			return
		}
	}
	notFound(c, "Subevent not found")
}

// checkinLists serves those of one date and those of all dates, if the device names its date.
//
//	GET …/checkinlists/?exclude=…&subevent_match={id} -> 200 page, 304
func (s *Server) checkinLists(c *gin.Context) {
	date := c.Query("subevent_match")
	if date == "" {
		s.list(c, mirror.Lists, nil)
		return
	}
	s.list(c, mirror.Lists, func(row json.RawMessage) (json.RawMessage, bool, error) {
		var l struct {
			SubEvent *int64 `json:"subevent"`
		}
		err := json.Unmarshal(row, &l)
		return row, l.SubEvent == nil || strconv.FormatInt(*l.SubEvent, 10) == date, err
	})
}
