package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
)

const (
	browserCookie = "einlass_browser"
	passCookie    = "einlass_wait_" // and the key of the link

	browserLasts = 400 * 24 * time.Hour
	passLasts    = 12 * time.Hour // longer than anybody waits in front of one page
)

// sealer signs what a browser keeps for us. Nothing in it is secret, but it must not be made up.
type sealer struct {
	key    []byte
	secure bool // cookies go over https only
	now    func() time.Time
}

// seal returns "<base64 of expiry and JSON>.<base64 of HMAC-SHA256>". The name is signed along: a value is good in its
// own cookie only.
func (s sealer) seal(name string, value any, lasts time.Duration) (string, error) {
	payload, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	body := binary.BigEndian.AppendUint64(nil, uint64(s.now().Add(lasts).Unix()))
	body = append(body, payload...)
	return encode(body) + "." + encode(s.mac(name, body)), nil
}

// open reads a sealed value, and reports whether it is whole, ours and not run out.
func (s sealer) open(name, sealed string, value any) bool {
	left, right, found := strings.Cut(sealed, ".")
	body, err := base64.RawURLEncoding.DecodeString(left)
	mac, err2 := base64.RawURLEncoding.DecodeString(right)
	if !found || err != nil || err2 != nil || len(body) < 8 || !hmac.Equal(mac, s.mac(name, body)) {
		return false
	}
	if until := int64(binary.BigEndian.Uint64(body)); s.now().Unix() > until {
		return false
	}
	return json.Unmarshal(body[8:], value) == nil
}

func (s sealer) mac(name string, body []byte) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(name))
	m.Write([]byte{0})
	m.Write(body)
	return m.Sum(nil)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (s *Server) keep(c *gin.Context, name, value string, lasts time.Duration) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(lasts / time.Second),
		HttpOnly: true, Secure: s.seal.secure, SameSite: http.SameSiteLaxMode,
	})
}

func cookie(c *gin.Context, name string) string {
	k, err := c.Request.Cookie(name)
	if err != nil {
		return ""
	}
	return k.Value
}

// browser returns the id of the browser, a new one if it has none of ours.
func (s *Server) browser(c *gin.Context) string {
	var id string
	if s.seal.open(browserCookie, cookie(c, browserCookie), &id) {
		return id
	}
	id = rand.Text()
	s.keepSealed(c, browserCookie, id, browserLasts)
	return id
}

// keepSealed signs a value and gives it to the browser. Without it the browser is a stranger next time, no worse.
func (s *Server) keepSealed(c *gin.Context, name string, value any, lasts time.Duration) {
	sealed, err := s.seal.seal(name, value, lasts)
	if err != nil {
		s.Log.ErrorContext(c.Request.Context(), "cookie not sealed", "error", err)
		return
	}
	s.keep(c, name, sealed, lasts)
}

// keyOf names a link in cookie names and addresses without giving it away.
func keyOf(link string) string {
	sum := sha256.Sum256([]byte(link))
	return hex.EncodeToString(sum[:8])
}

// pass returns what this browser was given for the link with that key, nil if nothing.
func (s *Server) pass(c *gin.Context, key string) *room.Pass {
	var p room.Pass
	if !s.seal.open(passCookie+key, cookie(c, passCookie+key), &p) {
		return nil
	}
	return &p
}
