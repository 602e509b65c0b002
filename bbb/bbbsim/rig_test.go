package bbbsim

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

const testSecret = "Tr3ffSharedSecret0123456789abcdef"

// rig is a server on loopback whose clock stands still until Advance.
type rig struct {
	*Server
	t    *testing.T
	base string
}

func start(t *testing.T, opts Options) *rig {
	t.Helper()
	at := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	opts.Secret, opts.Now = testSecret, func() time.Time { return at }
	s := New(opts)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return &rig{Server: s, t: t, base: server.URL}
}

// browser keeps cookies and follows no redirects.
func (r *rig) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// response is an answer, read.
type response struct {
	status         int
	location, body string
}

func (r *rig) open(b *http.Client, address string) response {
	r.t.Helper()
	resp, err := b.Get(address)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.read(resp)
}

func (r *rig) post(b *http.Client, address string) response {
	r.t.Helper()
	resp, err := b.Post(address, "", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.read(resp)
}

func (r *rig) read(resp *http.Response) response {
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header.Get("Location"), string(body)}
}

// sign spells a call's address; params are name, value, name, value, …
func (r *rig) sign(call string, params ...string) string {
	var parts []string
	for i := 0; i+1 < len(params); i += 2 {
		parts = append(parts, formEncode(params[i])+"="+formEncode(params[i+1]))
	}
	return r.signRaw(call, strings.Join(parts, "&"))
}

func (r *rig) signRaw(call, raw string) string {
	_, sum := digest(64, call+raw+testSecret)
	return r.base + "/bigbluebutton/api/" + call + "?" + strings.TrimPrefix(raw+"&checksum="+sum, "&")
}

func (r *rig) call(call string, params ...string) string {
	r.t.Helper()
	return r.open(r.browser(), r.sign(call, params...)).body
}

// joinLink is a careful join of the meeting "m1"; more adds or overrides.
func (r *rig) joinLink(userID, name string, more ...string) string {
	params := []string{"fullName", name, "meetingID", "m1", "role", "VIEWER", "userID", userID, "createTime", r.createTime("m1"), "guest", "false"}
	for i := 0; i+1 < len(more); i += 2 {
		params = override(params, more[i], more[i+1])
	}
	return r.sign("join", params...)
}

func override(params []string, name, value string) []string {
	for i := 0; i < len(params); i += 2 {
		if params[i] == name {
			params[i+1] = value
			return params
		}
	}
	return append(params, name, value)
}

func (r *rig) createTime(id string) string {
	var at int64
	r.locked(func() {
		if m := r.meetings[id]; m != nil {
			at = m.createTime
		}
	})
	return strconv.FormatInt(at, 10)
}

// comeIn follows a join link to the client page with a browser of its own.
func (r *rig) comeIn(link string) (*http.Client, response) {
	r.t.Helper()
	b := r.browser()
	got := r.open(b, link)
	if got.status != http.StatusFound || !strings.Contains(got.location, "/html5client/") {
		r.t.Fatalf("join answered %d to %q: %s", got.status, got.location, got.body)
	}
	return b, r.open(b, got.location)
}

// attendees counts a userID in the list.
func (r *rig) attendees(userID string) int {
	return strings.Count(r.call("getMeetingInfo", "meetingID", "m1"), "<userID>"+userID+"</userID>")
}

func (r *rig) wantNoProblems() {
	r.t.Helper()
	if p := r.Problems(); len(p) > 0 {
		r.t.Errorf("problems: %q", p)
	}
}

func (r *rig) wantProblem(text string) {
	r.t.Helper()
	if p := strings.Join(r.Problems(), "\n"); !strings.Contains(p, text) {
		r.t.Errorf("no problem with %q in: %s", text, p)
	}
}

func wantText(t *testing.T, story, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: no %q in %s", story, part, text)
		}
	}
}
