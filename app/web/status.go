package web

import (
	"net/http"

	"github.com/einlass/einlass/app/room"
)

// statuses says with which HTTP status a refusal is sent. All others: 403 Forbidden.
var statuses = map[room.Reason]int{
	room.LinkMissing: http.StatusBadRequest,
	room.LinkBroken:  http.StatusBadRequest,
	room.LinkExpired: http.StatusGone,
	room.DateOver:    http.StatusGone,

	room.OrderUnknown:    http.StatusNotFound,
	room.PositionUnknown: http.StatusNotFound,
	room.TicketUnknown:   http.StatusNotFound,
	room.RoomUnknown:     http.StatusNotFound,

	room.AlreadyInside: http.StatusConflict,
	room.LoginUnderWay: http.StatusConflict,
	room.RoomEnded:     http.StatusConflict,
	room.RoomFull:      http.StatusConflict,

	room.TooManyTries:  http.StatusTooManyRequests,
	room.PretixDown:    http.StatusServiceUnavailable,
	room.RoomDown:      http.StatusServiceUnavailable,
	room.Misconfigured: http.StatusInternalServerError,
	room.Internal:      http.StatusInternalServerError,
}

func statusOf(why room.Reason) int {
	if status, ok := statuses[why]; ok {
		return status
	}
	return http.StatusForbidden
}
