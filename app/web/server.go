package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/templates"
)

// Options are what the pages need besides the rules.
type Options struct {
	Bridge *room.Bridge
	Pages  *templates.Set
	Key    []byte // signs cookies, 32 bytes, the same in every process on one database
	Log    *slog.Logger
	Now    func() time.Time
	// Closing ends the answers that stay open (server-sent events) when the program stops.
	Closing <-chan struct{}

	Bases          []string // our addresses; the first is the one we call ourselves
	TicketPath     string   // "/ticket"
	TrustedProxies []netip.Prefix
	Zone           *time.Location // for the dates of rooms that pretix does not know

	Club, Imprint, Privacy, Shop, Support string

	PerTicket int           // looks and entries a minute with one link
	PerPeer   int           // invalid links a minute from one address
	PerGuest  int           // entries without a ticket a minute from one address
	Tick      time.Duration // how often a waiting page's state is looked at
}

// Server answers browsers.
type Server struct {
	Options
	seal    sealer
	tickets *limiter
	peers   *limiter
	guests  *limiter
}

// New returns the server of the pages.
func New(o Options) *Server {
	return &Server{
		Options: o,
		seal:    sealer{key: o.Key, secure: strings.HasPrefix(o.Bases[0], "https:"), now: o.Now},
		tickets: newLimiter(o.PerTicket, o.Now),
		peers:   newLimiter(o.PerPeer, o.Now),
		guests:  newLimiter(o.PerGuest, o.Now),
	}
}

// ErrorPath is where BBB sends a browser that it does not let in.
const ErrorPath = "/back"

// Handler returns all routes. Errors: a trusted proxy or a base URL that does not parse.
func (s *Server) Handler() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.RedirectTrailingSlash = false
	g.HandleMethodNotAllowed = true
	proxies := make([]string, len(s.TrustedProxies))
	for i, p := range s.TrustedProxies {
		proxies[i] = p.String()
	}
	if err := g.SetTrustedProxies(proxies); err != nil {
		return nil, err
	}
	ours, err := s.ownOrigins()
	if err != nil {
		return nil, err
	}
	g.Use(s.logged, s.recovered, headers, s.sameOrigin(ours), limitBody)
	s.routes(g)
	return g, nil
}

func (s *Server) routes(g *gin.Engine) {
	g.GET("/", s.home)
	g.GET("/healthz", s.health)
	g.GET("/assets/:hash/:name", s.asset)

	g.GET(s.TicketPath, s.lookTicket)
	g.HEAD(s.TicketPath, s.head)
	g.POST(s.TicketPath, s.enterTicket)

	g.GET("/r/:room", s.lookRoom)
	g.HEAD("/r/:room", s.head)
	g.POST("/r/:room", s.enterRoom)

	g.GET("/wait/:key/events", s.waitEvents)
	g.GET("/wait/:key/state", s.waitState)
	g.GET(ErrorPath, s.back)

	g.NoRoute(s.noRoute)
}

// ownOrigins lists what may stand in the Origin of a form that is sent to us.
func (s *Server) ownOrigins() (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	for _, base := range s.Bases {
		u, err := url.Parse(base)
		if err != nil {
			return nil, err
		}
		if err := p.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	return p, nil
}
