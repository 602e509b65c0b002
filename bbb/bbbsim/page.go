package bbbsim

import (
	"fmt"
	"html"
	"strings"
)

// style is the look of every page: one column, light and dark.
const style = `:root{color-scheme:light dark;--line:#8884}
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}header{border-bottom:3px solid #0f70d7;padding-bottom:.6rem;margin-bottom:1rem}
small{opacity:.7}ul{list-style:none;padding:0}li{padding:.4rem .2rem;border-bottom:1px solid var(--line)}
.me{font-weight:600}.tag{font-size:.8rem;border:1px solid var(--line);border-radius:1rem;padding:.05rem .6rem;margin-left:.5rem}
form{display:inline}button{font:inherit;padding:.4rem 1rem;margin:.2rem .3rem .2rem 0;border:1px solid var(--line);border-radius:.4rem;cursor:pointer}
button.main{background:#0f70d7;color:#fff;border-color:#0f70d7}pre{overflow:auto;padding:.6rem;border:1px solid var(--line)}
input{font:inherit;padding:.3rem}`

// page wraps a body; refresh is in seconds, 0 for never.
func page(title, body string, refresh int) string {
	meta := ""
	if refresh > 0 {
		meta = fmt.Sprintf(`<meta http-equiv="refresh" content="%d">`, refresh)
	}
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		meta + "<title>" + html.EscapeString(title) + "</title><style>" + style + "</style></head><body>" + body + "</body></html>"
}

func messagePage(text string) string {
	return page("BigBlueButton (sim)", "<header><h1>BigBlueButton <small>sim</small></h1></header><p>"+html.EscapeString(text)+"</p>", 0)
}

// roomPage shows the room as one person sees it. It reloads itself.
func (s *Server) roomPage(u *user) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<header><h1>%s</h1><small>BigBlueButton (sim) · %s · %s</small></header>`,
		html.EscapeString(u.meeting.name), html.EscapeString(u.name), u.role)
	b.WriteString(button(u, "leave", "Leave / Verlassen", true) + button(u, "drop", "Drop / Abbruch", false))
	if u.moderator() {
		b.WriteString(button(u, "end", "End / Beenden", false) + button(u, "admit", "Admit / Einlassen", false))
	}
	b.WriteString("<ul>")
	for _, other := range s.listed(u.meeting) {
		b.WriteString(line(other, other == u))
	}
	b.WriteString("</ul>")
	for _, p := range u.params.prefixed("userdata-") {
		b.WriteString(label(p.name + "=" + p.value))
	}
	return page(u.meeting.name, b.String(), 5)
}

func line(u *user, me bool) string {
	class := ""
	if me {
		class = ` class="me"`
	}
	return "<li" + class + ">" + html.EscapeString(u.name) + label(strings.ToLower(u.role)) + label(string(u.state)) + "</li>"
}

func label(text string) string { return `<span class="tag">` + html.EscapeString(text) + `</span>` }

func button(u *user, action, text string, main bool) string {
	class := ""
	if main {
		class = ` class="main"`
	}
	return `<form method="post" action="/html5client/` + action + `?sessionToken=` + u.session + `"><button` + class + `>` + text + `</button></form>`
}

func lobbyPage(u *user) string {
	return page(u.meeting.name, "<header><h1>"+html.EscapeString(u.meeting.name)+"</h1></header><p>A moderator will let you in. / Bitte warten.</p>", 5)
}

// droppedPage does not reload: reloading would connect again.
func droppedPage(u *user) string {
	return page(u.meeting.name, "<header><h1>"+html.EscapeString(u.meeting.name)+
		`</h1></header><p>The connection is gone. / Verbindung verloren.</p><p><a href="/html5client/?sessionToken=`+u.session+`">Reconnect</a></p>`, 0)
}
