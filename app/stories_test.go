package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/bbb/bbbsim"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/testclock"
)

// play is the whole program on a stage.
type play struct {
	*stage
	t    *testing.T
	logs *lockedBuffer
	*testclock.Clock
}

// lockedBuffer is written by the program while the test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// readers are the two ways in which the bridge knows what is configured at pretix. Nobody at the door notices which.
var readers = []struct {
	name string
	play faces
}{{"asks pretix", bridgeOnly}, {"reads the copy", bothFaces}}

func readerCalled(t *testing.T, name string) faces {
	t.Helper()
	for _, reader := range readers {
		if reader.name == name {
			return reader.play
		}
	}
	t.Fatalf("no reader %s", name)
	return bridgeOnly
}

// forEachReader tells a story once for each.
func forEachReader(t *testing.T, story func(t *testing.T, p *play)) {
	t.Helper()
	for _, reader := range readers {
		t.Run(reader.name, func(t *testing.T) { story(t, newPlayOf(t, reader.play, "--scan-sync=1h")) })
	}
}

// newPlay starts the demo's bridge at eight in the evening; it ends with the test.
func newPlay(t *testing.T, options ...string) *play {
	t.Helper()
	return newPlayOf(t, bridgeOnly, options...)
}

func newPlayOf(t *testing.T, of faces, options ...string) *play {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	p := &play{t: t, logs: &lockedBuffer{}, Clock: testclock.At(time.Date(2026, 12, 1, 20, 0, 0, 0, berlin))}
	env := environment{Stdout: io.Discard, Stderr: p.logs, Now: p.Now}
	p.stage, err = setStage(t.Context(), env, of, append([]string{"--log-level=debug"}, options...))
	if err != nil {
		t.Fatal(err)
	}
	if of == bothFaces {
		p.program.Scan.round(t.Context())
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.stage.play(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the program ended with %v", err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("the stage closed with %v", err)
		}
	})
	return p
}

// browser keeps cookies and follows nothing.
type browser struct {
	*http.Client
	play *play
}

func (p *play) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{&http.Client{Jar: jar, CheckRedirect: stay}, p}
}

// page is an answer, read to its end.
type page struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(r *http.Request) page {
	b.play.t.Helper()
	answer, err := b.Do(r)
	if err != nil {
		b.play.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.play.t.Fatal(err)
	}
	return page{answer.StatusCode, answer.Header, string(body)}
}

func (b *browser) get(address string) page {
	b.play.t.Helper()
	r, err := http.NewRequestWithContext(b.play.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.play.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(address string, form url.Values) page {
	b.play.t.Helper()
	r, err := http.NewRequestWithContext(b.play.t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.play.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.play.base())
	return b.do(r)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// fill returns the hidden fields of the page's form, with further ones.
func (p page) fill(more ...string) url.Values {
	form := url.Values{}
	for _, f := range hiddenField.FindAllStringSubmatch(p.body, -1) {
		form.Set(f[1], f[2])
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func (p *play) link(story string) string { return p.club.Link(p.club.Story(story).Token) }

func TestStoriesInABrowserWithoutJavaScript(t *testing.T) {
	forEachReader(t, storiesInABrowserWithoutJavaScript)
}

func storiesInABrowserWithoutJavaScript(t *testing.T, p *play) {
	for story, want := range map[string]struct {
		look, enter int
		more        []string
		says        string // on the page that answers the form, or the look
	}{
		"running":        {200, 303, nil, ""},
		"no-consent":     {200, 303, nil, ""},
		"nameless":       {200, 303, []string{"name", "Nina Neu"}, ""},
		"two-dates":      {200, 303, nil, ""},
		"awkward":        {200, 303, nil, ""},
		"closed":         {200, 200, nil, "Morsen lernen"},
		"tomorrow":       {200, 200, nil, "Wednesday"},
		"inside":         {409, 409, nil, "404"},
		"used-yesterday": {403, 403, nil, "Monday"},
		"past":           {410, 410, nil, "302"},
		"unpaid":         {403, 403, nil, "202"},
		"link-expired":   {410, 410, nil, "104"},
		"link-tampered":  {403, 403, nil, "103"},
	} {
		t.Run(story, func(t *testing.T) {
			b := p.browser()
			looked := b.get(p.link(story))
			if looked.status != want.look {
				t.Errorf("the link answers %d, want %d", looked.status, want.look)
			}
			form := looked.fill(want.more...)
			form.Set("token", p.club.Story(story).Token)
			entered := b.post(p.base()+"/ticket", form)
			if entered.status != want.enter {
				t.Errorf("the form is answered %d, want %d\n%s", entered.status, want.enter, entered.body)
			}
			if !strings.Contains(entered.body, want.says) {
				t.Errorf("the page does not say %q\n%s", want.says, entered.body)
			}
			if to := entered.header.Get("Location"); (entered.status == 303) != strings.HasPrefix(to, p.conference.url()) {
				t.Errorf("status %d leads to the conference: %v", entered.status, to != "")
			}
		})
	}
}

func TestHeadersOfAPageAndOfTheWayIntoTheRoom(t *testing.T) {
	p := newPlay(t)
	b := p.browser()
	looked := b.get(p.link("running"))
	entered := b.post(p.base()+"/ticket", looked.fill())
	for _, c := range []struct {
		of         page
		name, want string
	}{
		{looked, "Referrer-Policy", "same-origin"}, {entered, "Referrer-Policy", "no-referrer"},
		{looked, "Cache-Control", "no-store"}, {entered, "Cache-Control", "no-store"},
		{looked, "X-Content-Type-Options", "nosniff"},
	} {
		if got := c.of.header.Get(c.name); got != c.want {
			t.Errorf("%d has %s: %q, want %q", c.of.status, c.name, got, c.want)
		}
	}
	if csp := looked.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the policy is %q", csp)
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	p := newPlay(t)
	form := url.Values{"token": {p.club.Story("running").Token}}.Encode()
	for name, header := range map[string][2]string{
		"by Sec-Fetch-Site": {"Sec-Fetch-Site", "cross-site"}, "by Origin": {"Origin", "https://evil.example"}, "by a null Origin": {"Origin", "null"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base()+"/ticket", strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header[0], header[1])
		if got := p.browser().do(r); got.status != http.StatusBadRequest {
			t.Errorf("%s: answered %d", name, got.status)
		}
	}
	if n := p.club.Pretix.Calls(http.MethodPost, "checkinrpc/redeem"); n != 0 {
		t.Errorf("pretix was asked %d times", n)
	}
}

func TestNoSecretReachesTheLog(t *testing.T) {
	p := newPlay(t)
	secrets := []string{cast.PretixToken, cast.BBBSecret, cast.LinkSecret, "checksum=", "bigbluebutton/api/join"}
	for _, s := range p.club.Stories() {
		b := p.browser()
		if s.Token == "" {
			b.get(p.base() + s.Path)
			b.post(p.base()+s.Path, url.Values{"name": {"Gerda Geheim"}, "code": {cast.AccessCode}, "consent": {"no"}})
			continue
		}
		secrets = append(secrets, s.Token)
		looked := b.get(p.club.Link(s.Token))
		form := looked.fill("name", "Gerda Geheim")
		form.Set("token", s.Token)
		b.post(p.base()+"/ticket", form)
	}
	for _, fault := range []string{"GET orders", "POST checkinrpc/redeem"} {
		p.club.Pretix.Fault(fault, pretixsim.Fault{Status: http.StatusBadGateway})
		b := p.browser()
		b.post(p.base()+"/ticket", url.Values{"token": {p.club.Story("running").Token}})
		p.club.Pretix.ClearFaults()
		p.Pass(time.Minute)
	}
	p.club.BBB.Fault("getMeetingInfo", bbbsim.Fault{Status: http.StatusBadGateway})
	p.browser().post(p.base()+"/ticket", url.Values{"token": {p.club.Story("awkward").Token}})
	secrets = append(secrets, p.club.TicketSecrets()...)
	secrets = append(secrets, "Gerda Geheim", cast.AccessCode, "Erika", "Musterfrau")

	log := p.logs.String()
	if !strings.Contains(log, "visit decided") || !strings.Contains(log, "level=ERROR") {
		t.Fatalf("the log does not hold what happened:\n%s", log)
	}
	for _, secret := range secrets {
		if strings.Contains(log, secret) || strings.Contains(log, url.QueryEscape(secret)) {
			t.Errorf("the log holds %.12q…", secret)
		}
	}
}
