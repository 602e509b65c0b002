package main

import (
	"log/slog"
	"net/netip"
	"time"
)

// Config is what the option table, filled in, says. Every value has been checked; an empty one means "not set".
// The meaning of each is told once, in the table (options_*.go).
type Config struct {
	File           string // the configuration file that was read, empty if none
	Database       DatabaseURL
	Log            LogConfig
	BaseURLs       []string // scheme and host, no slash at the end; the first is the canonical one
	Listen         string   // host:port
	TrustedProxies []netip.Prefix
	Timezone       *time.Location

	Pretix    PretixConfig
	Ticket    TicketConfig
	BBB       BBBConfig
	Entry     EntryConfig
	Pages     PagesConfig
	Scan      ScanConfig
	Retention RetentionConfig
}

// LogConfig says how much is logged, and how.
type LogConfig struct {
	Level  slog.Level
	Format string // "text" or "json"
}

// PretixConfig names the shop and what to read there.
type PretixConfig struct {
	URL       string
	Token     Secret
	Organizer string
	Events    []string // slugs; the first serves where a link names none
	AllowHTTP bool

	Products         []int64 // empty: all
	CheckinList      string  // id or name, empty: find it
	MetaProperties   []string
	QuestionCallsign string
	QuestionConsent  string
	ConsentYes       []string
	MirrorTTL        time.Duration
}

// TicketConfig says where ticket links arrive and how they are verified.
type TicketConfig struct {
	Path          string
	Secrets       []Secret // each at least 16 bytes
	Issuer        string
	Audience      string
	Leeway        time.Duration
	ClaimOrder    string
	ClaimPosition string
	ClaimEvent    string
}

// BBBConfig names the BigBlueButton server.
type BBBConfig struct {
	URL    string
	Secret Secret
	Hash   string // sha1, sha256, sha384 or sha512
}

// EntryConfig holds the times and rates of entry.
type EntryConfig struct {
	DateWindow    bool
	Doors         time.Duration
	Grace         time.Duration
	LeaveHint     time.Duration
	Lease         time.Duration
	ReleaseRate   int // people per second
	ReleaseJitter time.Duration
	RateTicket    int // requests per minute and ticket
	RatePeer      int // invalid links per minute and address
	RateOpen      int // entries without ticket per minute and address
}

// PagesConfig is what every page shows.
type PagesConfig struct {
	Club       string
	ImprintURL string
	PrivacyURL string
	ShopURL    string
	Support    string
}

// RetentionConfig says how long records about people are kept.
type RetentionConfig struct {
	Consents time.Duration
	Audit    time.Duration
}

// Bridge tells whether the bridge is configured: it is as soon as a pretix is named, unless that is for scanning only.
func (c Config) Bridge() bool {
	return c.Pretix.URL != "" && (!c.Scanning() || c.BBB.URL != "")
}

// Scanning tells whether the scan proxy is configured.
func (c Config) Scanning() bool { return c.Scan.URL != "" }
