package templates_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/einlass/einlass/templates"
	"github.com/einlass/einlass/templates/browsertest"
)

// door is a server with one page, a form behind it and a live channel that the test speaks through.
type door struct {
	t      testing.TB
	set    *templates.Set
	server *httptest.Server
	render func(io.Writer) error

	events   chan string // what the event stream says next
	noEvents bool        // the event stream answers 503
	poll     string      // what polling hears, empty: 503

	answer  int           // to the form: 303 into the room, or 204: the browser stays where it is
	arrived chan struct{} // one for each form that came

	mu    sync.Mutex
	posts int
}

func newDoor(t testing.TB) *door {
	t.Helper()
	d := &door{t: t, set: newSet(t), events: make(chan string, 8), arrived: make(chan struct{}, 8), answer: http.StatusSeeOther}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/{name...}", serveAsset(d.set))
	mux.HandleFunc("GET /ticket", d.page)
	mux.HandleFunc("POST /ticket", d.post)
	mux.HandleFunc("GET /live/events", d.stream)
	mux.HandleFunc("GET /live/poll", d.state)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /inside", plain("inside"))
	mux.HandleFunc("GET /again", plain("again"))
	d.server = httptest.NewServer(mux)
	t.Cleanup(func() { d.server.CloseClientConnections(); d.server.Close() })
	return d
}

func plain(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		pageHeaders(w)
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>%s</title><h1>%[1]s</h1>`, text)
	}
}

func (d *door) page(w http.ResponseWriter, _ *http.Request) {
	pageHeaders(w)
	if err := d.render(w); err != nil {
		d.t.Error(err)
	}
}

func (d *door) post(w http.ResponseWriter, r *http.Request) {
	if got := r.PostFormValue("pass"); got != "opaque" {
		d.t.Errorf("the form posts pass %q, want the hidden field's value", got)
	}
	d.mu.Lock()
	d.posts++
	d.mu.Unlock()
	d.arrived <- struct{}{}
	w.Header().Set("Location", "/inside")
	w.WriteHeader(d.answer)
}

func (d *door) stream(w http.ResponseWriter, r *http.Request) {
	if d.noEvents {
		http.Error(w, "no", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	controller := http.NewResponseController(w)
	_ = controller.Flush()
	for {
		select {
		case message := <-d.events:
			_, _ = fmt.Fprintf(w, "data: %s\n\n", message)
			_ = controller.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (d *door) state(w http.ResponseWriter, _ *http.Request) {
	if d.poll == "" {
		http.Error(w, "no", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, d.poll)
}

func (d *door) sent() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.posts
}

func (d *door) wantSent(want int) {
	d.t.Helper()
	if got := d.sent(); got != want {
		d.t.Errorf("the form was sent %d times, want %d", got, want)
	}
}

// wait, enter and refuse say which page the door shows.
func (d *door) wait(p templates.Wait) { d.render = func(w io.Writer) error { return d.set.Wait(w, p) } }

func (d *door) enter(p templates.Enter) {
	d.render = func(w io.Writer) error { return d.set.Enter(w, p) }
}

func (d *door) refuse(p templates.Refusal) {
	d.render = func(w io.Writer) error { return d.set.Refusal(w, p) }
}

const (
	isInside       = `location.pathname === "/inside"`
	buttonIsFree   = `document.querySelector("button").disabled === false`
	buttonIsClosed = `document.querySelector("button").disabled === true`
)

func says(text string) string {
	return fmt.Sprintf("document.querySelector('[data-state]').textContent === %q", text)
}

func autoEnter() templates.Enter {
	return templates.Enter{Frame: frame("en"), RoomView: roomView(), Form: form(), Auto: true, Live: live()}
}

func noticeWait() templates.Wait {
	p := waitPage(frame("en"), "room")
	p.Auto, p.Notice = false, "camera-not-recorded"
	return p
}

func TestLivePages(t *testing.T) {
	browser := browsertest.Start(t)
	for name, story := range map[string]func(*testing.T, *door, *browsertest.Page){
		"nothing to read or choose: the form sends itself":      sendsItself,
		"a waiting page goes on when it hears go, once":         goesOn,
		"a page without server-sent events hears it by polling": goesOnByPolling,
		"a refusal tries again when the place is free":          refusalGoesOn,
		"who has to read a notice gets the button, not a push":  buttonOpens,
		"a changed page loads anew without sending a form":      loadsAnew,
		"a second tap sends nothing":                            tapsTwice,
		"back from the room does not lead in again":             goesBack,
		"back to the button: it works again":                    goesBackToButton,
		"a lost connection says so and frees the button":        losesConnection,
		"the countdown follows the server's clock":              countsDown,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			page := browser.Page(t, browsertest.View{Width: 390, Height: 844, Language: "en"})
			story(t, d, page)
		})
	}
}

func sendsItself(_ *testing.T, d *door, page *browsertest.Page) {
	d.enter(autoEnter())
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(isInside)
	d.wantSent(1)
	page.NoErrors()
}

func goesOn(_ *testing.T, d *door, page *browsertest.Page) {
	d.wait(waitPage(frame("en"), "room"))
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(buttonIsClosed)
	d.events <- `{"state":"wait","for":"slot"}`
	page.WaitFor(says("The room is open. It is your turn in a moment."))
	d.wantSent(0)
	d.events <- `{"state":"go","after_ms":300}`
	d.events <- `{"state":"go","after_ms":600000}` // heard again: puts nothing off
	page.WaitFor(isInside)
	d.wantSent(1)
	page.NoErrors()
}

func goesOnByPolling(_ *testing.T, d *door, page *browsertest.Page) {
	d.noEvents, d.poll = true, `{"state":"go"}`
	d.wait(waitPage(frame("en"), "room"))
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(isInside)
	d.wantSent(1)
}

func refusalGoesOn(_ *testing.T, d *door, page *browsertest.Page) {
	d.refuse(refusal(frame("en"), "already_inside"))
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(says("We keep checking whether you can go in."))
	d.events <- `{"state":"wait","for":"presence","retry_s":3600}`
	page.WaitFor(`document.querySelector("[data-countdown]").textContent === "1 hour, 0 minutes"`)
	d.events <- `{"state":"go"}`
	page.WaitFor(isInside)
	d.wantSent(1)
}

func buttonOpens(_ *testing.T, d *door, page *browsertest.Page) {
	d.wait(noticeWait())
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(buttonIsClosed)
	d.events <- `{"state":"go"}`
	page.WaitFor(buttonIsFree + " && " + says("The room is open. Please tap the button."))
	d.events <- `{"state":"wait","for":"room"}`
	page.WaitFor(buttonIsClosed + " && " + says("The room is still closed."))
	d.events <- `{"state":"go"}`
	page.WaitFor(buttonIsFree)
	d.wantSent(0)
	page.Click("button")
	page.WaitFor(isInside)
	d.wantSent(1)
}

func loadsAnew(_ *testing.T, d *door, page *browsertest.Page) {
	p := waitPage(frame("en"), "room")
	p.RefreshURL = "/again"
	d.wait(p)
	page.Open(d.server.URL + "/ticket")
	d.events <- `{"state":"changed"}`
	page.WaitFor(`location.pathname === "/again"`)
	d.wantSent(0)
}

func tapsTwice(_ *testing.T, d *door, page *browsertest.Page) {
	d.enter(templates.Enter{Frame: frame("en"), Form: form(), Live: live()})
	d.answer = http.StatusNoContent
	page.Open(d.server.URL + "/ticket")
	browsertest.Evaluate[bool](page, `(document.querySelector("button").click(), document.querySelector("form").requestSubmit(), true)`)
	page.WaitFor(`document.querySelector("button").getAttribute("aria-busy") === "true" && ` + buttonIsClosed)
	<-d.arrived // the test's own time limit is the limit
	page.Open(d.server.URL + "/inside")
	d.wantSent(1)
}

func goesBack(_ *testing.T, d *door, page *browsertest.Page) {
	d.enter(autoEnter())
	page.Open(d.server.URL + "/again")
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(isInside)
	browsertest.Evaluate[bool](page, `(history.back(), true)`)
	page.WaitFor(`location.pathname === "/again"`) // browsers forget a page that moved on before anybody touched it
	d.wantSent(1)
}

func goesBackToButton(_ *testing.T, d *door, page *browsertest.Page) {
	d.enter(templates.Enter{Frame: frame("en"), Form: form(), Live: live()})
	page.Open(d.server.URL + "/ticket")
	page.Click("button")
	page.WaitFor(isInside)
	browsertest.Evaluate[bool](page, `(history.back(), true)`)
	page.WaitFor(`location.pathname === "/ticket" && ` + buttonIsFree)
	d.wantSent(1)
	browsertest.Evaluate[bool](page, `(document.querySelector("button").click(), true)`)
	page.WaitFor(isInside)
	d.wantSent(2)
}

func losesConnection(_ *testing.T, d *door, page *browsertest.Page) {
	d.noEvents = true
	d.wait(noticeWait())
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(says("No connection. We keep trying; you can wait here.") + " && " + buttonIsFree)
}

func countsDown(t *testing.T, d *door, page *browsertest.Page) {
	d.wait(waitPage(frame("en"), "doors")) // the server's clock stands at 18:30, whatever the browser thinks
	page.Open(d.server.URL + "/ticket")
	page.WaitFor(`/^1[45]:\d\d$/.test(document.querySelector("[data-countdown]").textContent)`)
	moved := browsertest.Evaluate[float64](page, `(() => {
		const top = () => document.querySelector("button").getBoundingClientRect().top;
		const before = top();
		document.querySelector("[data-countdown]").textContent = "";
		return top() - before;
	})()`)
	if moved != 0 {
		t.Errorf("the button moves by %g px when the countdown ends", moved)
	}
}

func TestWithoutJavaScript(t *testing.T) {
	browser := browsertest.Start(t)
	view := browsertest.View{Width: 390, Height: 844, NoScript: true}

	t.Run("the button works", func(t *testing.T) {
		d := newDoor(t)
		d.wait(noticeWait())
		page := browser.Page(t, view)
		page.Open(d.server.URL + "/ticket")
		page.Click("button")
		page.WaitFor(isInside)
		d.wantSent(1)
		page.NoErrors()
	})
	t.Run("the page asks again by itself", func(t *testing.T) {
		d := newDoor(t)
		p := waitPage(frame("en"), "room")
		p.Refresh, p.RefreshURL = 1, "/again"
		d.wait(p)
		page := browser.Page(t, view)
		page.Open(d.server.URL + "/ticket")
		page.WaitFor(`location.pathname === "/again"`)
		d.wantSent(0)
	})
}
