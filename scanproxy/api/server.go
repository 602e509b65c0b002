package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/pretix/mirror"
	"github.com/einlass/einlass/scanproxy"
)

// Door decides about tickets.
type Door interface {
	Scan(ctx context.Context, device scanproxy.Device, scan scanproxy.Scan) (scanproxy.Verdict, error)
	Search(ctx context.Context, device scanproxy.Device, selected []scanproxy.Selection, text string, page int) ([]scanproxy.Hit, error)
	Status(ctx context.Context, at scanproxy.Selection) (scanproxy.Status, error)
}

// Devices knows who may ask.
type Devices interface {
	Authenticate(ctx context.Context, token scanproxy.Token) (scanproxy.Device, error)
	Initialize(ctx context.Context, init scanproxy.Token, hw scanproxy.Hardware) (scanproxy.Device, scanproxy.Token, error)
	Update(ctx context.Context, id int64, hw scanproxy.Hardware) error
	See(ctx context.Context, id int64) error
}

// Rows are pretix' objects as they were downloaded.
type Rows interface {
	// All returns all objects of a resource (mirror.Items) in pretix' order. event is "" for those of the organizer. What is not
	// synchronised has no rows.
	All(ctx context.Context, resource, event string) ([]json.RawMessage, error)
	// Modified returns the Last-Modified that pretix gave for that list; "" if it gave none.
	Modified(ctx context.Context, resource, event string) (string, error)
}

// Files are what pretix' objects refer to: backgrounds of badges, pictures.
type Files interface {
	// File returns a file by the name that FileName gave it. ErrNoFile.
	File(ctx context.Context, name string) (data []byte, contentType string, err error)
	// FileName returns the name under which the file at an address of pretix is kept; false if it is not kept. Another
	// content has another name: apps keep a file for as long as its address stays the same.
	FileName(ctx context.Context, url string) (string, bool, error)
}

// Badges are what is printed on them.
type Badges interface {
	// BadgeData returns the pdf_data of a position, as pretix sent it; nil if there is none.
	BadgeData(ctx context.Context, position int64) (json.RawMessage, error)
}

// PrintLogs keeps what pretix is to be told about printed badges.
type PrintLogs interface {
	RecordPrintLog(ctx context.Context, device scanproxy.Device, log scanproxy.PrintLog) error
}

// Upstream is what the proxy knows of the pretix behind it. The zero value: not connected yet.
type Upstream struct {
	Organizer string // slug
	Version   string // "2026.8.0"
	Numeric   int64  // 20260080001000
}

// Server answers scanners. All fields are set once, before Handler.
type Server struct {
	Door    Door
	Devices Devices
	Rows    Rows
	Files   Files
	Badges  Badges
	Prints  PrintLogs

	// Upstream is asked at each request: it changes when the proxy is connected or pretix is updated.
	Upstream func() Upstream
	Language string // of the crew; "" is English
	URL      string // as devices know us: scheme and host, no slash at the end
	Release  string // of this program
	Log      *slog.Logger
	Now      func() time.Time
}

// Handler returns all routes. Any form of a path leads to its route without a redirect: /x, /x/ and //x.
func (s *Server) Handler() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.RedirectTrailingSlash = false
	g.RedirectFixedPath = false
	_ = g.SetTrustedProxies(nil) // nobody's address is asked for; nil cannot fail
	g.Use(s.logged, s.recovered, timely, limitBody)
	s.routes(g)
	return plainPath(g)
}

func (s *Server) routes(g *gin.Engine) {
	g.GET("/healthz", health)
	g.GET("/api/v1/version", s.version)
	g.POST("/api/v1/device/initialize", s.initialize)

	known := g.Group("", s.authenticated)
	known.GET("/api/v1/device/info", s.deviceInfo)
	known.POST("/api/v1/device/update", s.deviceUpdate)
	known.GET("/api/v1/device/eventselection", eventSelection)

	known.POST("/proxyapi/v1/rpc/check", s.check)
	known.POST("/proxyapi/v1/rpc/search", s.search)
	known.POST("/proxyapi/v1/rpc/:event/:list/check", s.check)
	known.POST("/proxyapi/v1/rpc/:event/:list/search", s.search)
	known.GET("/proxyapi/v1/rpc/:event/:list/status", s.status)
	known.GET("/download/:file", s.download)

	organizer := known.Group("/api/v1/organizers/:organizer", s.ourOrganizer)
	organizer.GET("/events", s.events)
	organizer.GET("/subevents", s.subEvents)
	organizer.GET("/reusablemedia", empty)
	organizer.POST("/events/:event/orderpositions/:position/printlog", s.printLog)

	event := organizer.Group("/events/:event", s.knownEvent)
	event.GET("", s.event)
	event.GET("/settings", s.settings)
	event.GET("/subevents/:id", s.subEvent)
	event.GET("/checkinlists", s.checkinLists)
	event.GET("/badgelayouts", s.badgeLayouts)
	event.GET("/badgeitems", s.rowsOf(mirror.BadgeItems))
	event.GET("/categories", s.rowsOf(mirror.Categories))
	event.GET("/items", s.items)
	event.GET("/questions", s.rowsOf(mirror.Questions))
	// A device that asks the proxy about every ticket needs neither orders nor lists of secrets.
	event.GET("/orders", empty)
	event.GET("/revokedsecrets", empty)
	event.GET("/blockedsecrets", empty)

	g.NoRoute(s.noRoute)
}

func health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }
