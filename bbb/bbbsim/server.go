package bbbsim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Profile chooses the release whose behaviour is played.
type Profile string

// The profiles differ in who is listed after leaving, and in how a failed join
// is told to the browser.
const (
	Legacy25 Profile = "legacy25" // leavers stay listed and counted for 70 to 95 s
	Ghost26  Profile = "ghost26"  // leavers stay listed, but are no longer counted
	Online27 Profile = "online27" // only connected people are listed
	V30      Profile = "v30"      // like Online27; errorRedirectUrl for every error
)

// Options sets up a Server. The zero value of everything but Secret is what an
// untouched BBB 3.0 does.
type Options struct {
	Secret     string
	Now        func() time.Time // nil: time.Now
	Profile    Profile          // zero value: V30
	Balancer   Balancer         // zero value: none
	Algorithms []string         // accepted checksums; nil: sha1, sha256, sha384, sha512

	MaxUserConcurrentAccesses int // sessions per userID, oldest thrown out; 0: 3, negative: any number

	DropDetect        time.Duration // until a lost connection is noticed; 0: 20 s
	GraceLeave        time.Duration // from leaving until off the list of the connected; 0: 10 s
	UsersTimeout      time.Duration // from there until out of memory; 0: 60 s
	PurgeTick         time.Duration // how often memory is swept; 0: 15 s
	RegisteredTimeout time.Duration // a join that never connects is forgotten; 0: 60 s
	ExpireNoJoin      time.Duration // a meeting nobody enters vanishes; 0: 5 min
	ExpireLastLeft    time.Duration // a meeting everybody left ends; 0: 1 min
	EndedTimeout      time.Duration // how long an ended meeting is still known; 0: 5 s

	// Linger replaces the four timers of leaving: a leaver is listed exactly so
	// long, whatever the profile, and then forgotten. 0: off.
	Linger time.Duration
	// Heartbeat drops people whose client page has not been asked for so long;
	// the page reloads itself every 5 s. For demos with real browsers. 0: off.
	Heartbeat time.Duration
	// ClockSkew is added to createTime.
	ClockSkew time.Duration
}

// Server is one fake BBB. Safe for concurrent use.
type Server struct {
	opts    Options
	profile traits

	mu        sync.Mutex
	offset    time.Duration // of the virtual clock, see Advance
	started   time.Time
	meetings  map[string]*meeting // by external ID
	people    []*user             // everybody ever registered, in order
	serial    int                 // feeds identifiers
	requests  []Request
	problems  []string
	faults    map[string][]*armedFault
	nodesDown bool
}

// New starts an empty server. It needs no Close: nothing runs in the background.
func New(opts Options) *Server {
	fill(&opts.MaxUserConcurrentAccesses, 3)
	fill(&opts.DropDetect, 20*time.Second)
	fill(&opts.GraceLeave, 10*time.Second)
	fill(&opts.UsersTimeout, 60*time.Second)
	fill(&opts.PurgeTick, 15*time.Second)
	fill(&opts.RegisteredTimeout, 60*time.Second)
	fill(&opts.ExpireNoJoin, 5*time.Minute)
	fill(&opts.ExpireLastLeft, time.Minute)
	fill(&opts.EndedTimeout, 5*time.Second)
	fill(&opts.Profile, V30)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Algorithms == nil {
		opts.Algorithms = []string{"sha1", "sha256", "sha384", "sha512"}
	}
	s := &Server{
		opts:     opts,
		profile:  traitsOf(opts.Profile),
		meetings: map[string]*meeting{},
		faults:   map[string][]*armedFault{},
	}
	s.started = s.now()
	return s
}

func fill[T comparable](field *T, standard T) {
	var zero T
	if *field == zero {
		*field = standard
	}
}

// Handler serves /bigbluebutton/api/, the client page under /html5client/ and
// the control pages under /sim/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/bigbluebutton/api", s.serveAPI)
	mux.HandleFunc("/bigbluebutton/api/", s.serveAPI)
	mux.HandleFunc(nodePrefix+"/", s.serveAPI)
	mux.HandleFunc("GET /html5client/{$}", s.serveClient)
	mux.HandleFunc("GET /html5client/guestWait", s.serveLobby)
	mux.HandleFunc("POST /html5client/{action}", s.serveClientAction)
	mux.HandleFunc("GET /sim/{$}", s.serveDashboard)
	mux.HandleFunc("GET /sim/{what}", s.serveSimState)
	mux.HandleFunc("POST /sim/{action}", s.serveSimAction)
	mux.HandleFunc("GET /{$}", s.serveStart)
	return mux
}

// now is the virtual time.
func (s *Server) now() time.Time { return s.opts.Now().Add(s.offset) }

// Advance turns the server's clock forward, on top of Options.Now.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.settle()
}

// token makes an identifier that repeats in every run with the same secret.
func (s *Server) token(length int) string {
	s.serial++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", s.opts.Secret, s.serial))
	return hex.EncodeToString(sum[:])[:length]
}
