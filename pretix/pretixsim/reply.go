package pretixsim

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// object is a JSON object on its way out; pretix' shapes are written with it where they are made.
type object = map[string]any

// reply is one answer: JSON when body is set, HTML when html is set, else empty.
type reply struct {
	status int
	header http.Header
	body   any
	html   string
}

func jsonReply(status int, body any) reply { return reply{status: status, body: body} }

func htmlReply(status int, page string) reply {
	rep := reply{status: status, html: page}
	rep.set("Content-Type", "text/html; charset=utf-8")
	return rep
}

// The four shapes of pretix' error bodies: an object with detail, an object of arrays, a bare array, an HTML page.
func detail(status int, text string) reply { return jsonReply(status, object{"detail": text}) }

func badFields(errs map[string][]string) reply { return jsonReply(http.StatusBadRequest, errs) }

func badRequest(text string) reply { return jsonReply(http.StatusBadRequest, []string{text}) }

func nonField(text string) reply {
	return badFields(map[string][]string{"non_field_errors": {text}})
}

func notFoundPage() reply { return htmlReply(http.StatusNotFound, errorPage("Not found")) }

func noSuch(model string) reply {
	return detail(http.StatusNotFound, "No "+model+" matches the given query.")
}

func forbidden() reply {
	return detail(http.StatusForbidden, "You do not have permission to perform this action.")
}

func serverError() reply {
	return htmlReply(http.StatusInternalServerError, errorPage("Internal Server Error"))
}

func errorPage(title string) string {
	return "<!DOCTYPE html>\n<html>\n<head>\n    <title>" + title + "</title>\n</head>\n<body>\n<h1>" + title +
		"</h1>\n</body>\n</html>\n"
}

func (rep *reply) set(key, value string) {
	if rep.header == nil {
		rep.header = http.Header{}
	}
	rep.header.Set(key, value)
}

func (rep reply) write(w http.ResponseWriter) {
	for key, values := range rep.header {
		w.Header()[key] = values
	}
	if rep.body == nil {
		w.WriteHeader(rep.status)
		_, _ = w.Write([]byte(rep.html)) // a client that left needs no error page
		return
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rep.body); err != nil {
		http.Error(w, "simulator: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(rep.status)
	_, _ = w.Write(bytes.TrimRight(out.Bytes(), "\n"))
}
