package web

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix"
)

// tooManyRetry is what somebody is told to wait who tried too often.
const tooManyRetry = 30 * time.Second

var kinds = map[room.Kind]string{
	room.Refuse: "refuse", room.Wait: "wait", room.Choose: "choose", room.Confirm: "confirm", room.Admit: "admit",
}

// report logs a decision: no name, no token, no link. A bad link is a person's mistake, the rest is for the operator.
func (s *Server) report(c *gin.Context, a room.Admission, err error) {
	attrs := []slog.Attr{slog.String("kind", kinds[a.Kind]), slog.String("room", a.Room.Slug)}
	if a.Kind == room.Refuse {
		attrs = append(attrs, slog.String("why", string(a.Why)), slog.Int("code", a.Why.Code()))
	}
	if a.Kind == room.Wait {
		attrs = append(attrs, slog.String("for", string(a.For)))
	}
	level := slog.LevelInfo
	if err != nil {
		attrs = append(attrs, slog.Any("error", err))
		level = levelOf(err)
	}
	s.Log.LogAttrs(c.Request.Context(), level, "visit decided", attrs...)
}

func levelOf(err error) slog.Level {
	if _, ok := errors.AsType[*pretix.LinkError](err); ok || errors.Is(err, context.Canceled) {
		return slog.LevelInfo
	}
	return slog.LevelError
}
