package bbbsim

import (
	"fmt"
	"net/http"
	"strings"
)

// answer is a response before it goes out, so that faults can bend it.
type answer struct {
	status      int
	contentType string
	location    string
	cookie      *http.Cookie
	body        string
}

func (a answer) write(w http.ResponseWriter) {
	if a.cookie != nil {
		http.SetCookie(w, a.cookie)
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	w.WriteHeader(a.status)
	fmt.Fprint(w, a.body)
}

// success wraps the inner elements of a reply.
func success(inner string) answer {
	return xmlAnswer("<response><returncode>SUCCESS</returncode>" + inner + "</response>")
}

// failure is the first error shape; bbb-web sends it with status 200.
func failure(key, message string) answer {
	return xmlAnswer("<response><returncode>FAILED</returncode>" + keyed(key, message) + "</response>")
}

func keyed(key, message string) string { return tag("messageKey", key) + tag("message", message) }

func xmlAnswer(body string) answer {
	return answer{status: http.StatusOK, contentType: "text/xml;charset=utf-8", body: body}
}

func htmlAnswer(status int, body string) answer {
	return answer{status: status, contentType: "text/html;charset=utf-8", body: body}
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// tag writes one element. The name goes out as it is: BBB, too, trusts the
// names of userdata parameters.
func tag(name string, value any) string {
	return "<" + name + ">" + xmlEscaper.Replace(fmt.Sprint(value)) + "</" + name + ">"
}

// tagged wraps what is XML already.
func tagged(name, inner string) string { return "<" + name + ">" + inner + "</" + name + ">" }

// tags writes several elements: name, value, name, value, …
func tags(namesAndValues ...any) string {
	var b strings.Builder
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		b.WriteString(tag(fmt.Sprint(namesAndValues[i]), namesAndValues[i+1]))
	}
	return b.String()
}
