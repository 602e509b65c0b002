package main

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/app/cast"
	"github.com/einlass/einlass/bbb/bbbsim"
	"github.com/einlass/einlass/pretix/pretixsim"
	"github.com/einlass/einlass/templates/browsertest"
)

// inRoom is true once the browser shows the simulated room.
const inRoom = `location.pathname.startsWith("/html5client/")`

func TestInChromium(t *testing.T) {
	chromium := browsertest.Start(t)

	t.Run("one click leads into the room", func(t *testing.T) {
		p := newPlay(t)
		tab := chromium.Page(t, browsertest.View{Width: 390, Height: 844})
		tab.Open(p.link("running"))
		tab.WaitFor(inRoom)
		if text := tab.Text("body"); !strings.Contains(text, "Erika Musterfrau (DL1ABC)") {
			t.Errorf("the room shows %q", text)
		}
	})

	t.Run("without JavaScript a button does", func(t *testing.T) {
		p := newPlay(t)
		tab := chromium.Page(t, browsertest.View{Width: 390, Height: 844, NoScript: true})
		tab.Open(p.link("running"))
		tab.Click("main form button")
		tab.WaitFor(inRoom)
	})

	t.Run("a notice waits for a click", func(t *testing.T) {
		p := newPlay(t)
		tab := chromium.Page(t, browsertest.View{Width: 390, Height: 844})
		tab.Open(p.link("no-consent"))
		tab.Click("main form button")
		tab.WaitFor(inRoom)
		if text := tab.Text("body"); !strings.Contains(text, "bbb_record_video=false") {
			t.Errorf("the room shows %q", text)
		}
	})

	t.Run("two people choose", func(t *testing.T) {
		p := newPlay(t)
		tab := chromium.Page(t, browsertest.View{})
		tab.Open(p.link("two-people"))
		tab.Do() // the page is there
		browsertest.Evaluate[bool](tab, `(() => { const b = [...document.querySelectorAll("button[name=position], label")].find(e => e.textContent.includes("Berta")); b.click(); return true })()`)
		if browsertest.Evaluate[bool](tab, `!!document.querySelector("input[name=position]")`) {
			tab.Click("main form button[type=submit]")
		}
		tab.WaitFor(inRoom)
		if text := tab.Text("body"); !strings.Contains(text, "Berta Paar (DO9BP)") {
			t.Errorf("the room shows %q", text)
		}
	})

	t.Run("the waiting page goes on when the room opens", func(t *testing.T) {
		p := newPlay(t)
		tab := chromium.Page(t, browsertest.View{Width: 390, Height: 844})
		tab.Open(p.link("closed"))
		tab.WaitFor(`document.querySelector("[data-live]").dataset.link === "on"`)
		p.club.BBB.Start(cast.Closed, "Morsen lernen", true, "Anke")
		p.Pass(5 * time.Second)
		tab.WaitFor(inRoom)
	})

	t.Run("a double login goes on when the other has left", func(t *testing.T) {
		p := newPlay(t)
		tab := chromium.Page(t, browsertest.View{})
		tab.Open(p.link("inside"))
		tab.WaitFor(`document.querySelector("[data-live]").dataset.link === "on"`)
		p.club.BBB.Leave(cast.Running, strconv.FormatInt(p.club.Story("inside").Position, 10))
		p.Pass(5 * time.Minute)
		p.club.BBB.Start(cast.Running, "Amateurfunk", true, "Anke") // the one who left was not alone
		p.Pass(5 * time.Second)
		tab.WaitFor(inRoom)
	})
}

// TestAFormOverPlainHTTP: in a LAN there is no https, the host has a name, and the browser then sends no Sec-Fetch-Site.
func TestAFormOverPlainHTTP(t *testing.T) {
	chromium := browsertest.Start(t, "--host-resolver-rules=MAP einlass.test 127.0.0.1")
	p := newPlay(t)
	u, err := url.Parse(p.link("running"))
	if err != nil {
		t.Fatal(err)
	}
	u.Host = "einlass.test:" + u.Port()
	tab := chromium.Page(t, browsertest.View{NoScript: true})
	tab.Open(u.String())
	tab.Click("main form button")
	tab.WaitFor(inRoom)
}

// TestPictures looks at the pages of the program as people do. The pictures are kept as artifacts.
func TestPictures(t *testing.T) {
	chromium := browsertest.Start(t)
	p := newPlay(t)
	for _, lang := range []string{"de", "en"} {
		for _, width := range []int64{390, 1280} {
			tab := chromium.Page(t, browsertest.View{Width: width, Height: 844, Language: lang, Dark: width == 390})
			look := func(name, address string) {
				tab.Open(address + "&lang=" + lang)
				tab.Screenshot("app/" + name + "-" + lang + "-" + map[int64]string{390: "phone", 1280: "desk"}[width])
				tab.NoOverflow()
				tab.NoViolations()
			}
			for _, s := range p.club.Stories() {
				switch {
				case s.Key == "running" || s.Key == "two-dates" || s.Key == "valid-if-pending" || s.Key == "awkward":
					// these lead out of the program
				case s.Token == "":
					look(s.Key, p.base()+s.Path+"?")
				default:
					look(s.Key, p.club.Link(s.Token))
				}
			}
			look("home", p.base()+"/?")
			look("room-ended", p.base()+"/back?errors="+url.QueryEscape(`[{"key":"invalidMeetingIdentifier"}]`))
			p.club.BBB.Fault("getMeetingInfo", bbbsim.Fault{Status: http.StatusBadGateway})
			p.Pass(5 * time.Second)
			look("room-down", p.link("running"))
			p.club.BBB.ClearFaults()
			p.club.Pretix.Fault("GET orders", pretixsim.Fault{Status: http.StatusTooManyRequests, RetryAfter: "9"})
			look("pretix-busy", p.club.Link(p.club.Token("TRF23", 0)))
			p.club.Pretix.ClearFaults()
			p.club.Pretix.Fault("GET orders", pretixsim.Fault{Status: http.StatusBadGateway})
			look("pretix-down", p.club.Link(p.club.Token("TRF22", 0)))
			p.club.Pretix.ClearFaults()
			p.Pass(time.Minute)
			p.club.BBB.Start(cast.Running, "Amateurfunk", true, "Anke")
		}
	}
}
