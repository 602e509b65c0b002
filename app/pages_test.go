package main

import (
	"bufio"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
)

func TestBackFromBBB(t *testing.T) {
	p := newPlay(t)
	for query, want := range map[string]struct {
		status int
		says   string
	}{
		`errors=` + url.QueryEscape(`[{"message":"gone","key":"invalidMeetingIdentifier"}]`):      {409, "407"},
		`errors=[%7B%22message%22:%22x%22,%22key%22:%22mismatchCreateTimeParam%22%7D]`:            {409, "407"},
		`errors=` + url.QueryEscape(`[{"message":"full","key":"maxParticipantsReached"}]`):        {409, "408"},
		`errors=` + url.QueryEscape(`[{"message":"no","key":"guestDeniedAccess"}]`):               {403, "409"},
		`errors=` + url.QueryEscape(`[{"message":"<script>alert(1)</script>","key":"<script>"}]`): {403, "409"},
		`errors=%`: {403, "409"},
		``:         {200, "ticket"},
	} {
		got := p.browser().get(p.base() + "/back?" + query)
		if got.status != want.status || !strings.Contains(got.body, want.says) || strings.Contains(got.body, "alert(1)") {
			t.Errorf("%s: answered %d, want %d with %q", query, got.status, want.status, want.says)
		}
	}
}

func TestInvalidLinksCountPerAddressAndValidOnesNever(t *testing.T) {
	p := newPlay(t, "--rate-peer=3")
	forged := p.link("link-tampered")
	for try, want := range []int{403, 403, 403, 429, 429} {
		if got := p.browser().get(forged); got.status != want {
			t.Errorf("try %d with a forged link: %d, want %d", try+1, got.status, want)
		}
	}
	if got := p.browser().get(p.link("running")); got.status != http.StatusOK {
		t.Errorf("the neighbour's good link is answered %d", got.status)
	}
	p.Pass(time.Minute)
	if got := p.browser().get(forged); got.status != http.StatusForbidden {
		t.Errorf("a minute later the forged link is answered %d, want its own refusal", got.status)
	}
}

func TestTriesWithOneTicketAreLimited(t *testing.T) {
	p := newPlay(t, "--rate-ticket=5")
	form := url.Values{"token": {p.club.Story("unpaid").Token}}
	asked := p.club.Pretix.Calls(http.MethodGet, "orders")
	for try := range 9 {
		want := http.StatusForbidden
		if try >= 5 {
			want = http.StatusTooManyRequests
		}
		if got := p.browser().post(p.base()+"/ticket", form); got.status != want {
			t.Errorf("try %d: %d, want %d", try+1, got.status, want)
		}
	}
	if n := p.club.Pretix.Calls(http.MethodGet, "orders") - asked; n != 5 {
		t.Errorf("pretix was asked %d times, want 5", n)
	}
	if got := p.browser().post(p.base()+"/ticket", url.Values{"token": {p.club.Story("running").Token}}); got.status != http.StatusSeeOther {
		t.Errorf("another ticket from the same address is answered %d", got.status)
	}
}

func TestEntriesWithoutTicketAreLimited(t *testing.T) {
	p := newPlay(t, "--rate-open=2")
	form := url.Values{"name": {"Gerda Gast"}, "code": {"wrong"}, "consent": {"no"}}
	for try, want := range []int{403, 403, 429} {
		if got := p.browser().post(p.base()+"/r/"+cast.Coded, form); got.status != want {
			t.Errorf("guess %d of the code: %d, want %d", try+1, got.status, want)
		}
	}
}

func TestEventsTellWhenTheRoomOpens(t *testing.T) { forEachReader(t, eventsTellWhenTheRoomOpens) }

func eventsTellWhenTheRoomOpens(t *testing.T, p *play) {
	b := p.browser()
	waiting := b.get(p.link("closed"))
	address := regexp.MustCompile(`data-events="([^"]+)"`).FindStringSubmatch(waiting.body)
	if address == nil {
		t.Fatalf("the page names no events:\n%s", waiting.body)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.base()+address[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	next := func() string {
		for lines.Scan() {
			if data, found := strings.CutPrefix(lines.Text(), "data: "); found {
				return data
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	if got := next(); !strings.Contains(got, `"state":"wait","for":"room"`) {
		t.Errorf("first heard %s", got)
	}
	p.club.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	p.Pass(2 * time.Second)
	if got := next(); !strings.Contains(got, `"state":"go"`) {
		t.Errorf("then heard %s", got)
	}
	polled := b.get(p.base() + strings.Replace(address[1], "/events", "/state", 1))
	if !strings.Contains(polled.body, `"state":"go"`) {
		t.Errorf("a poll hears %s", polled.body)
	}
	if got := p.browser().get(p.base() + strings.Replace(address[1], "/events", "/state", 1)); !strings.Contains(got.body, `"state":"changed","after_ms":30000`) {
		t.Errorf("a browser without cookies hears %s: it must not reload without end", got.body)
	}
}

func TestWithoutJavaScriptTheWaitingPageAsksAgain(t *testing.T) {
	p := newPlay(t)
	b := p.browser()
	waiting := b.get(p.link("closed"))
	refresh := regexp.MustCompile(`<noscript><meta http-equiv="refresh" content="(\d+); ?url=([^"]+)"`).FindStringSubmatch(waiting.body)
	if refresh == nil {
		t.Fatalf("the page does not ask again:\n%s", waiting.body)
	}
	p.club.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
	p.Pass(20 * time.Second)
	asked := len(p.club.Pretix.Requests())
	opened := b.get(p.base() + strings.ReplaceAll(refresh[2], "&amp;", "&"))
	if opened.status != http.StatusOK || !strings.Contains(opened.body, "The room is open") {
		t.Errorf("the page that asked again: %d\n%s", opened.status, opened.body)
	}
	if n := len(p.club.Pretix.Requests()) - asked; n != 0 {
		t.Errorf("asking again cost pretix %d requests", n)
	}
	if entered := b.post(p.base()+"/ticket", opened.fill()); entered.status != http.StatusSeeOther {
		t.Errorf("its button is answered %d", entered.status)
	}
}

func TestACookieOfOneTicketOpensNoOther(t *testing.T) {
	p := newPlay(t)
	b := p.browser()
	b.get(p.link("closed"))
	u, err := url.Parse(p.base())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range b.Jar.Cookies(u) {
		if name, found := strings.CutPrefix(k.Name, "einlass_wait_"); found {
			forged := p.browser()
			forged.Jar.SetCookies(u, []*http.Cookie{{Name: "einlass_wait_0123456789abcdef", Value: k.Value}})
			if got := forged.get(p.base() + "/wait/0123456789abcdef/state"); !strings.Contains(got.body, "changed") {
				t.Errorf("the pass of %s was taken elsewhere: %s", name, got.body)
			}
		}
	}
}

func TestThePagesSpeakTheReadersLanguage(t *testing.T) {
	forEachReader(t, thePagesSpeakTheReadersLanguage)
}

func thePagesSpeakTheReadersLanguage(t *testing.T, p *play) {
	b := p.browser()
	speaks := func(what, address, accept, want string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", accept)
		if got := b.do(r); !strings.Contains(got.body, `<html lang="`+want+`"`) {
			t.Errorf("%s: not in %s", what, want)
		}
	}
	speaks("as the browser says", p.link("unpaid"), "de-AT,de;q=0.9", "de")
	speaks("as the browser says", p.link("unpaid"), "fr, en;q=0.5", "en")
	speaks("as switched", p.link("unpaid")+"&lang=de", "en", "de")
	speaks("as switched before", p.link("running"), "en", "de")
}

func TestWhatIsNotThere(t *testing.T) { forEachReader(t, whatIsNotThere) }

func whatIsNotThere(t *testing.T, p *play) {
	b := p.browser()
	for address, want := range map[string]int{
		"/": 200, "/nowhere": 404, "/r/nowhere": 404, "/ticket": 400, "/assets/00/app.css": 404, "/healthz": 200,
		"/ticket?token=" + strings.Repeat("a", 9000): 400, "/r/" + cast.Running: 200,
	} {
		if got := b.get(p.base() + address); got.status != want {
			t.Errorf("%.40s: %d, want %d", address, got.status, want)
		}
	}
	head, err := http.Head(p.link("running"))
	if err != nil {
		t.Fatal(err)
	}
	head.Body.Close()
	if head.StatusCode != http.StatusOK {
		t.Errorf("a mail scanner that only asks is answered %d", head.StatusCode)
	}
}
