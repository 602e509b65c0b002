package templates_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/templates"
)

// The evening all pages are shown on: Tuesday, 24 November 2026, half past six in Berlin.
var (
	berlin  = time.FixedZone("CET", 60*60)
	evening = time.Date(2026, 11, 24, 18, 30, 0, 0, berlin)
	doors   = time.Date(2026, 11, 24, 18, 45, 0, 0, berlin)
	course  = templates.Date{Title: "Kursabend 3: Antennen", From: evening.Add(30 * time.Minute), To: evening.Add(2 * time.Hour)}
)

// scene is one page in one state.
type scene struct {
	name   string
	render func(*templates.Set, io.Writer, templates.Frame) error
}

// reasons are all refusals and their numbers, as the rules of the bridge name them; TestReasons compares.
var reasons = map[string]int{
	"link_missing": 101, "link_broken": 102, "link_forged": 103, "link_expired": 104, "link_foreign": 105,
	"order_unknown": 201, "order_pending": 202, "order_canceled": 203, "order_expired": 204, "order_unapproved": 205,
	"order_testmode": 206, "position_unknown": 207, "position_canceled": 208, "blocked": 209, "not_yet_valid": 210,
	"no_longer_valid": 211, "wrong_product": 212, "no_date": 213, "ticket_unknown": 214,
	"used_other_day": 301, "date_over": 302,
	"room_missing": 401, "room_foreign": 402, "room_unknown": 403, "already_inside": 404, "login_under_way": 405,
	"consent_required": 406, "room_ended": 407, "room_full": 408, "room_rejected": 409, "code_wrong": 410,
	"ticket_needed": 411,
	"used_today":    501, "rules_refused": 502, "revoked": 503, "checkin_refused": 504,
	"pretix_down": 601, "room_down": 602, "misconfigured": 603, "internal": 604, "too_many_tries": 605,
}

// scenes lists every page in every state that people can meet.
func scenes() []scene {
	all := slices.Concat(waitScenes(), enterScenes(), roomScenes())
	all = append(all, scene{"home", func(s *templates.Set, w io.Writer, f templates.Frame) error {
		return s.Home(w, templates.Home{Frame: f})
	}})
	for reason := range reasons {
		all = append(all, scene{"refusal/" + reason, func(s *templates.Set, w io.Writer, f templates.Frame) error {
			return s.Refusal(w, refusal(f, reason))
		}})
	}
	slices.SortFunc(all, func(a, b scene) int { return strings.Compare(a.name, b.name) })
	return all
}

func frame(lang string) templates.Frame {
	return templates.Frame{
		Lang: lang,
		Langs: []templates.Link{
			{Text: "Deutsch", Href: "?lang=de", Lang: "de", Current: lang == "de"},
			{Text: "English", Href: "?lang=en", Lang: "en", Current: lang == "en"},
		},
		Club: "Amateurfunk-Fernkurs e. V.", Imprint: "/imprint", Privacy: "/privacy", Support: "+49 30 1234567",
	}
}

func form() templates.Form {
	return templates.Form{Action: "/ticket", Hidden: []templates.Field{{Name: "pass", Value: "opaque"}}}
}

func live() templates.Live { return templates.Live{Events: "/live/events", Poll: "/live/poll"} }

func roomView() templates.RoomView {
	return templates.RoomView{
		Name:        "Kursraum Technik Klasse E",
		Description: "Hier treffen sich alle Teilnehmenden des Fernkurses.\nBitte halten Sie Block und Stift bereit.",
		Shop:        "https://tickets.example/funk/kurs/",
		Next: []templates.Date{
			course,
			{Title: "Kursabend 4: Wellenausbreitung", From: course.From.AddDate(0, 0, 7), To: course.To.AddDate(0, 0, 7)},
			{From: course.From.AddDate(0, 2, 0)},
		},
	}
}

func waitPage(f templates.Frame, purpose string) templates.Wait {
	return templates.Wait{
		Frame: f, RoomView: roomView(), For: purpose, Date: course, Doors: doors, Form: form(), Auto: true, Live: live(),
	}
}

func waitScenes() []scene {
	state := func(name string, change func(*templates.Wait)) scene {
		return scene{"wait/" + name, func(s *templates.Set, w io.Writer, f templates.Frame) error {
			page := waitPage(f, name)
			change(&page)
			return s.Wait(w, page)
		}}
	}
	return []scene{
		state("doors", func(*templates.Wait) {}),
		state("doors-far", func(p *templates.Wait) { p.For, p.Doors = "doors", doors.Add(76*time.Hour) }),
		state("room", func(*templates.Wait) {}),
		state("room-notice", func(p *templates.Wait) {
			p.For, p.Auto, p.AskName, p.Notice = "room", false, true, "camera-not-recorded"
		}),
		state("slot", func(*templates.Wait) {}),
		state("shop", func(*templates.Wait) {}),
	}
}

func enterScenes() []scene {
	state := func(name string, change func(*templates.Enter)) scene {
		return scene{"enter/" + name, func(s *templates.Set, w io.Writer, f templates.Frame) error {
			page := templates.Enter{Frame: f, RoomView: roomView(), Date: course, Form: form(), Live: live()}
			change(&page)
			return s.Enter(w, page)
		}}
	}
	people := []templates.Person{{ID: "1", Name: "Anna Maria Schmidt"}, {ID: "2", Name: "Dr. Özgür Weiß-Lindenberg"}, {ID: "3", Number: 3}}
	return []scene{
		state("plain", func(*templates.Enter) {}),
		state("notice-camera", func(p *templates.Enter) { p.Notice = "camera-not-recorded" }),
		state("notice-listen", func(p *templates.Enter) { p.Notice = "listen-only" }),
		state("people", func(p *templates.Enter) { p.People = people }),
		state("people-notice", func(p *templates.Enter) { p.People, p.Notice = people, "camera-not-recorded" }),
		state("name", func(p *templates.Enter) { p.AskName = true }),
		state("name-error", func(p *templates.Enter) { p.AskName, p.NameError = true, "missing" }),
	}
}

func roomScenes() []scene {
	state := func(name string, change func(*templates.RoomPage)) scene {
		return scene{"room/" + name, func(s *templates.Set, w io.Writer, f templates.Frame) error {
			page := templates.RoomPage{Frame: f, RoomView: roomView(), Access: "open", Open: true, Form: form(), Live: live()}
			change(&page)
			return s.RoomPage(w, page)
		}}
	}
	return []scene{
		state("ticket-closed", func(p *templates.RoomPage) { p.Access, p.Open = "ticket", false }),
		state("ticket-open", func(p *templates.RoomPage) { p.Access = "ticket" }),
		state("open", func(*templates.RoomPage) {}),
		state("open-closed", func(p *templates.RoomPage) { p.Open = false }),
		state("code-recordable", func(p *templates.RoomPage) {
			p.Access, p.Recordable, p.Policy = "code", true, "camera-not-recorded"
		}),
		state("code-errors", func(p *templates.RoomPage) {
			p.Access, p.Recordable, p.Policy, p.Consent = "code", true, "listen-only", "no"
			p.CodeError, p.NameError, p.Name, p.Callsign = "wrong", "long", strings.Repeat("Hildegard-", 9), "DL1ABC"
		}),
		state("open-refuse", func(p *templates.RoomPage) { p.Recordable, p.Policy = true, "refuse" }),
	}
}

// refusal fills a refusal with the facts that the bridge knows in that case.
func refusal(f templates.Frame, reason string) templates.Refusal {
	p := templates.Refusal{Frame: f, Code: reasons[reason], Reason: reason, Room: "Kursraum Technik Klasse E"}
	again := form()
	switch reason {
	case "link_missing", "link_broken", "link_forged", "link_foreign", "room_unknown":
		p.Room = ""
	case "link_expired", "order_canceled", "order_pending":
		p.Shop = "https://tickets.example/funk/kurs/"
	case "used_other_day":
		p.Day = evening.AddDate(0, 0, -7)
	case "date_over":
		p.Date = templates.Date{From: course.From.AddDate(0, 0, -7), To: course.To.AddDate(0, 0, -7)}
	case "not_yet_valid":
		p.Doors = doors.AddDate(0, 0, 1)
	case "no_longer_valid":
		p.Until = doors.AddDate(-1, 0, 0)
	case "already_inside":
		p.Retry, p.Form, p.Live = 120, &again, live()
	case "login_under_way":
		p.Retry, p.Form, p.Live = 60, &again, live()
	case "pretix_down", "room_down", "too_many_tries":
		p.Retry, p.Form = 20, &again
	case "room_ended", "room_full", "room_rejected", "internal", "code_wrong":
		p.Form = &again
	case "rules_refused":
		p.Explanation = "Eintritt erst ab Kursabend 5. Bitte bringen Sie dann Ihren Ausweis mit."
	}
	return p
}

// newSet returns pages whose clock stands still.
func newSet(t testing.TB) *templates.Set {
	t.Helper()
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	set.Now = func() time.Time { return evening }
	return set
}

// serveScenes serves every scene at /<lang>/<name> under the policy that pages get in the program.
func serveScenes(t testing.TB) *httptest.Server {
	t.Helper()
	set := newSet(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/{name...}", serveAsset(set))
	mux.HandleFunc("GET /live/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "retry: 1000\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	for _, lang := range templates.Languages() {
		for _, s := range scenes() {
			mux.HandleFunc("GET /"+lang+"/"+s.name, func(w http.ResponseWriter, _ *http.Request) {
				pageHeaders(w)
				if err := s.render(set, w, frame(lang)); err != nil {
					t.Errorf("%s in %s: %v", s.name, lang, err)
				}
			})
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server
}

func serveAsset(set *templates.Set) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, contentType, ok := set.Asset(r.PathValue("name"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(data)
	}
}

func pageHeaders(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", templates.CSP)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "same-origin")
}
