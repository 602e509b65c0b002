package web

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/templates"
)

// visit is what a page must know of the request to lead on from there.
type visit struct {
	lang   string
	self   string     // address that shows the state anew
	query  url.Values // of self, without lang
	action string     // where the form goes
	hidden []templates.Field
	key    string // names the pass, "" without one
	posted bool   // the form was sent: what is missing in it is an error
	name   string // typed in
}

// refreshes: how often a browser without JavaScript looks again, in seconds.
const (
	refreshClosed = 15
	refreshSoon   = 5
	refreshMost   = 60
)

// show turns an Admission into a page or a redirect. It is the only place that does.
func (s *Server) show(c *gin.Context, v visit, a room.Admission) {
	switch a.Kind {
	case room.Admit:
		s.redirect(c, a)
	case room.Wait:
		s.showWait(c, v, a)
	case room.Choose, room.Confirm:
		s.showEnter(c, v, a)
	default:
		s.showRefusal(c, v, a)
	}
}

// redirect sends the browser into the room. The link is a credential: it goes nowhere but into this header.
func (s *Server) redirect(c *gin.Context, a room.Admission) {
	h := c.Writer.Header()
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Location", a.Join.Reveal())
	c.Status(http.StatusSeeOther)
	c.Writer.WriteHeaderNow()
}

func (s *Server) showWait(c *gin.Context, v visit, a room.Admission) {
	notice := ""
	if a.Notice && a.Room.Recording != room.RefuseEntry {
		notice = string(a.Room.Recording)
	}
	f := s.frame(v)
	f.Refresh = s.refreshOf(a)
	page := templates.Wait{
		Frame: f, RoomView: s.roomView(c, v.lang, a), For: string(a.For), Date: shownDate(a.Date), Doors: a.Doors,
		Notice: notice, AskName: a.AskName, Form: v.form(a), Auto: notice == "" && !a.AskName, Live: v.live(),
	}
	s.keepPassOf(c, v, a)
	s.send(c, http.StatusOK, func(w io.Writer) error { return s.Pages.Wait(w, page) })
}

// refreshOf is the pace of a waiting page without JavaScript.
func (s *Server) refreshOf(a room.Admission) int {
	switch a.For {
	case room.WaitForDoors:
		return min(max(int(a.Doors.Sub(s.Now())/time.Second), refreshSoon), refreshMost)
	case room.WaitForRoom:
		return refreshClosed
	}
	return refreshSoon
}

func (s *Server) showEnter(c *gin.Context, v visit, a room.Admission) {
	page := templates.Enter{
		Frame: s.frame(v), RoomView: s.roomView(c, v.lang, a), Date: shownDate(a.Date), AskName: a.AskName, Name: v.name,
		Form: v.form(a),
	}
	if a.Notice {
		page.Notice = string(a.Room.Recording)
	}
	for _, p := range a.People {
		page.People = append(page.People, templates.Person{ID: strconv.FormatInt(p.Position, 10), Number: p.Number, Name: p.Name})
	}
	page.Auto = !a.Notice && !a.AskName && len(page.People) == 0
	if v.posted && a.AskName && v.name == "" {
		page.NameError = "missing"
	}
	if a.Kind == room.Confirm {
		s.keepPassOf(c, v, a)
	}
	s.send(c, http.StatusOK, func(w io.Writer) error { return s.Pages.Enter(w, page) })
}

func (s *Server) showRefusal(c *gin.Context, v visit, a room.Admission) {
	shop := a.ShopURL
	if shop == "" {
		shop = s.Shop
	}
	page := templates.Refusal{
		Frame: s.frame(v), Code: a.Why.Code(), Reason: string(a.Why), Room: a.Room.Name, Day: a.Day, Date: shownDate(a.Date),
		Doors: a.Doors, Until: a.Closes, Retry: int((a.Retry + time.Second - 1) / time.Second), SameBrowser: a.SameBrowser,
		Explanation: a.Explanation, Shop: shop,
	}
	if a.Retry > 0 && v.action != "" {
		form := v.form(a)
		page.Form, page.Live, page.Refresh = &form, v.live(), min(page.Retry, refreshClosed)
		s.keepPassOf(c, v, a)
	}
	if a.Retry > 0 {
		c.Header("Retry-After", strconv.Itoa(page.Retry))
	}
	s.send(c, statusOf(a.Why), func(w io.Writer) error { return s.Pages.Refusal(w, page) })
}

// refuse shows a refusal that has nothing to do with a link.
func (s *Server) refuse(c *gin.Context, why room.Reason) {
	s.showRefusal(c, visit{lang: s.language(c), self: "/"}, room.Admission{Why: why})
}

// form repeats what a later request must know.
func (v visit) form(a room.Admission) templates.Form {
	hidden := append([]templates.Field{}, v.hidden...)
	if p := a.Pass().Position; p != 0 && a.Kind != room.Choose {
		hidden = append(hidden, templates.Field{Name: "position", Value: strconv.FormatInt(p, 10)})
	}
	return templates.Form{Action: v.action, Hidden: hidden}
}

func (v visit) live() templates.Live {
	if v.key == "" {
		return templates.Live{}
	}
	return templates.Live{Events: "/wait/" + v.key + "/events", Poll: "/wait/" + v.key + "/state"}
}

func (s *Server) keepPassOf(c *gin.Context, v visit, a room.Admission) {
	if v.key != "" {
		s.keepSealed(c, passCookie+v.key, a.Pass(), passLasts)
	}
}

func (s *Server) frame(v visit) templates.Frame {
	f := templates.Frame{Lang: v.lang, Club: s.Club, Imprint: s.Imprint, Privacy: s.Privacy, Support: s.Support, RefreshURL: v.address("")}
	for _, lang := range templates.Languages() {
		f.Langs = append(f.Langs, templates.Link{
			Text: languageNames[lang], Href: v.address(lang), Lang: lang, Current: lang == v.lang,
		})
	}
	return f
}

// address is the page's own address, in another language if one is given.
func (v visit) address(lang string) string {
	q := url.Values{}
	for name, values := range v.query {
		q[name] = values
	}
	if lang != "" {
		q.Set("lang", lang)
	}
	if len(q) == 0 {
		return v.self
	}
	return v.self + "?" + q.Encode()
}

// roomView shows a room with its next dates. Without them the page is poorer, not broken.
func (s *Server) roomView(c *gin.Context, lang string, a room.Admission) templates.RoomView {
	shop := a.Room.ShopURL
	for _, other := range []string{a.ShopURL, s.Shop} {
		if shop == "" {
			shop = other
		}
	}
	view := templates.RoomView{Name: a.Room.Name, Description: a.Room.Description, Shop: shop}
	if a.Room.ID == 0 { // pretix was too busy to say which room it is
		view.Name = s.Club
		return view
	}
	dates, err := s.Bridge.NextDates(c.Request.Context(), a.Room, lang, s.Zone)
	if err != nil {
		s.Log.WarnContext(c.Request.Context(), "next dates incomplete", "room", a.Room.Slug, "error", err)
	}
	for _, d := range dates {
		view.Next = append(view.Next, shownDate(d))
	}
	return view
}

func shownDate(d room.ShownDate) templates.Date {
	return templates.Date{Title: d.Title, From: d.From, To: d.To}
}

// send renders the whole page before the first byte leaves.
func (s *Server) send(c *gin.Context, status int, render func(io.Writer) error) {
	var page bytes.Buffer
	if err := render(&page); err != nil {
		s.Log.ErrorContext(c.Request.Context(), "page not rendered", "route", c.FullPath(), "error", err)
		c.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("Die Seite kann gerade nicht angezeigt werden. / The page cannot be shown right now.\n"))
		return
	}
	c.Data(status, "text/html; charset=utf-8", page.Bytes())
}
