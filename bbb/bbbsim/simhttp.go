package bbbsim

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveDashboard is the control page for people: rooms to start and to end.
func (s *Server) serveDashboard(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	var b strings.Builder
	b.WriteString("<header><h1>BigBlueButton <small>sim</small></h1></header>")
	b.WriteString(control("start", "Start", `<input name="meetingID" placeholder="meetingID" required> <input name="name" placeholder="name"> <input name="moderator" placeholder="moderator">`))
	for _, m := range s.sorted() {
		fmt.Fprintf(&b, "<h2>%s <small>%s</small></h2>", html.EscapeString(m.name), html.EscapeString(m.id))
		hidden := `<input type="hidden" name="meetingID" value="` + html.EscapeString(m.id) + `">`
		b.WriteString(control("end", "End", hidden) + control("start", "Moderator in", hidden) + "<ul>")
		for _, u := range m.users {
			b.WriteString(line(u, false))
		}
		b.WriteString("</ul>")
	}
	if len(s.problems) > 0 {
		b.WriteString("<h2>Problems</h2><pre>" + html.EscapeString(strings.Join(s.problems, "\n")) + "</pre>")
	}
	htmlAnswer(http.StatusOK, page("BigBlueButton (sim)", b.String(), 0)).write(w)
}

func control(action, text, fields string) string {
	return `<form method="post" action="/sim/` + action + `"><input type="hidden" name="back" value="1">` + fields + `<button>` + text + `</button></form>`
}

// serveSimState answers GET /sim/state|requests|problems|joined?meetingID= in JSON.
func (s *Server) serveSimState(w http.ResponseWriter, r *http.Request) {
	var value any
	switch r.PathValue("what") {
	case "state":
		value = s.snapshot()
	case "requests":
		value = s.Requests()
	case "problems":
		value = s.Problems()
	case "joined":
		value = s.Joined(r.FormValue("meetingID"))
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		return // the caller went away
	}
}

// meetingState is one meeting in /sim/state.
type meetingState struct {
	MeetingID, InternalMeetingID, Name string
	CreateTime                         int64
	Running, Ended                     bool
	Users                              []User
}

func (s *Server) snapshot() []meetingState {
	all := []meetingState{}
	s.locked(func() {
		for _, m := range s.sorted() {
			state := meetingState{
				MeetingID: m.id, InternalMeetingID: m.internalID, Name: m.name,
				CreateTime: m.createTime, Running: m.running(), Ended: m.ended(),
			}
			for _, u := range m.users {
				state.Users = append(state.Users, u.export())
			}
			all = append(all, state)
		}
	})
	return all
}

// serveSimAction runs POST /sim/{action} with form fields named like the
// parameters of the methods; back=1 returns to the dashboard.
func (s *Server) serveSimAction(w http.ResponseWriter, r *http.Request) {
	if err := s.simAction(r.PathValue("action"), r.FormValue); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.FormValue("back") != "" {
		http.Redirect(w, r, "/sim/", http.StatusSeeOther)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// form reads the fields of a control request.
type form func(name string) string

// or returns a field or, when it is empty, something else.
func (f form) or(name, fallback string) string {
	if value := f(name); value != "" {
		return value
	}
	return fallback
}

func (s *Server) simAction(action string, f form) error {
	id := f("meetingID")
	switch action {
	case "start":
		s.Start(id, f.or("name", id), f("record") == "true", f.or("moderator", "Moderator"))
	case "create":
		s.CreateMeeting(id, f.or("name", id), f("record") == "true")
	case "enter":
		s.Enter(id, f("userID"), f.or("fullName", f("userID")), f.or("role", "VIEWER"))
	case "leave":
		s.Leave(id, f("userID"))
	case "drop":
		s.Drop(id, f("userID"))
	case "end":
		s.EndMeeting(id)
	case "admit":
		s.Admit(id)
	case "nodes":
		s.SetNodesDown(f("down") == "true")
	case "clear":
		s.ClearFaults()
	default:
		return s.simActionWithValue(action, f)
	}
	return nil
}

// simActionWithValue are the actions whose fields may be malformed.
func (s *Server) simActionWithValue(action string, f form) error {
	switch action {
	case "crowd":
		n, err := strconv.Atoi(f("n"))
		if err != nil {
			return fmt.Errorf("n: %w", err)
		}
		s.Crowd(f("meetingID"), n)
	case "advance":
		d, err := time.ParseDuration(f("d"))
		if err != nil {
			return fmt.Errorf("d: %w", err)
		}
		s.Advance(d)
	case "fault":
		return s.simFault(f.or("call", "*"), f("name"), f("times"))
	default:
		return fmt.Errorf("unknown action %q", action)
	}
	return nil
}

func (s *Server) simFault(call, name, times string) error {
	f, ok := NamedFault(name)
	if !ok {
		return fmt.Errorf("unknown fault %q", name)
	}
	if times != "" {
		n, err := strconv.Atoi(times)
		if err != nil {
			return fmt.Errorf("times: %w", err)
		}
		f.Times = n
	}
	s.Fault(call, f)
	return nil
}
