package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/bbb"
)

// backReasons says what BBB's refusal of a join means to a person. Not in the table: RoomRejected.
var backReasons = map[string]room.Reason{
	bbb.KeyInvalidMeeting:     room.RoomEnded,
	bbb.KeyNotFound:           room.RoomEnded,
	bbb.KeyForciblyEnded:      room.RoomEnded,
	bbb.KeyCreateTimeMismatch: room.RoomEnded,
	bbb.KeyMaxParticipants:    room.RoomFull,
	bbb.KeyChecksumError:      room.Misconfigured,
}

// back receives whom BBB did not let in. Of what BBB writes only the key is read, and only known keys count.
//
//	GET /back?errors=[{"key":…,"message":…}] -> a refusal with its status
func (s *Server) back(c *gin.Context) {
	key, ok := bbb.RedirectError(c.Request.URL.RawQuery)
	if !ok {
		s.showHome(c, http.StatusOK)
		return
	}
	why, known := backReasons[key]
	if !known {
		why = room.RoomRejected
	}
	s.Log.WarnContext(c.Request.Context(), "bbb turned a join down", "key", key, "code", why.Code())
	s.refuse(c, why)
}
