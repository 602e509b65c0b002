package pretix_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/einlass/einlass/pretix"
)

func TestRawPageKeepsWhatWeDoNotKnow(t *testing.T) {
	const row = `{"code":"A","news":{"x":[1, 2]}}`
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if want := "/api/v1/organizers/darc/events/gutschein/orders/?exclude=fees&page=2"; r.URL.String() != want {
			t.Errorf("asked %s, want %s", r.URL, want)
		}
		w.Header().Set("X-Page-Generated", "2026-11-24T10:53:06.861955+01:00")
		says(200, `{"count":51,"next":"https://elsewhere.example/?page=3","previous":null,"results":[`+row+`]}`)(w, r)
	})
	got, err := client.RawPage(t.Context(), pretix.List{
		Event: "gutschein", Path: "orders/", Query: url.Values{"exclude": {"fees"}, "page": {"2"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 1 || string(got.Rows[0]) != row || !got.More || got.Count != 51 || got.Generated == "" {
		t.Errorf("got %+v", got)
	}
}

// Names of seats come in the language that is asked for. Errors stay English: they are for logs.
func TestRawInTheLanguageOfTheCrew(t *testing.T) {
	var asked string
	base := listen(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Accept-Language")
		says(200, emptyPage)(w, r)
	})
	for language, want := range map[string]string{"": "en", "de-informal": "de-informal"} {
		client := dial(t, base, func(c *pretix.Config) { c.Language = language })
		if _, err := client.RawPage(t.Context(), pretix.List{Event: "gutschein", Path: "orders/"}); err != nil || asked != want {
			t.Errorf("a list in %q: asked for %q, %v, want %q", language, asked, err, want)
		}
		if _, err := client.RawObject(t.Context(), "gutschein", "settings/"); err != nil || asked != want {
			t.Errorf("an object in %q: asked for %q, %v, want %q", language, asked, err, want)
		}
		if _, err := client.Order(t.Context(), "gutschein", "TRF02"); asked != "en" {
			t.Errorf("an order in %q: asked for %q, %v, want en", language, asked, err)
		}
	}
}

func TestRawPageIfModified(t *testing.T) {
	const stamp = "Tue, 24 Nov 2026 08:51:30 GMT"
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-Modified-Since") == stamp {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		says(200, emptyPage, "Last-Modified", stamp)(w, r)
	})
	list := pretix.List{Event: "gutschein", Path: "items/"}
	first, err := client.RawPage(t.Context(), list)
	if err != nil || first.LastModified != stamp || first.NotModified {
		t.Fatalf("got %+v, %v", first, err)
	}
	list.IfModifiedSince = first.LastModified
	if again, err := client.RawPage(t.Context(), list); err != nil || !again.NotModified {
		t.Errorf("got %+v, %v; want not modified", again, err)
	}
}

// What is no list must not pass as an empty one: the copy would delete everything.
func TestRawPageRefusesWhatIsNoList(t *testing.T) {
	for what, handler := range map[string]http.HandlerFunc{
		"an empty object":          says(200, `{}`),
		"a list without rows":      says(200, `{"count":0,"next":null}`),
		"rows that are null":       says(200, `{"count":0,"results":null}`),
		"a bare array":             says(200, `[]`),
		"half an answer":           says(200, `{"count":1,"results":[{"code"`),
		"304 that nobody asked":    says(304, ``),
		"an error page":            func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"a redirect to a log-in":   says(302, ``, "Location", "/login"),
		"an object without a list": says(200, `{"detail":"ok"}`),
	} {
		client := serve(t, handler)
		if got, err := client.RawPage(t.Context(), pretix.List{Path: "events/"}); pretix.ClassOf(err) != pretix.Unavailable || err == nil {
			t.Errorf("%s: got %+v, %v", what, got, err)
		}
	}
}

func TestRawObject(t *testing.T) {
	client := serve(t, says(200, `{"slug":"gutschein","news":1}`))
	if got, err := client.RawObject(t.Context(), "gutschein", ""); err != nil || string(got) != `{"slug":"gutschein","news":1}` {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := client.RawObject(t.Context(), "../../me", ""); pretix.ClassOf(err) != pretix.Invalid {
		t.Errorf("a slug that leads elsewhere: got %v", err)
	}
	if _, err := serve(t, says(403, `{"detail":"no"}`)).RawObject(t.Context(), "gutschein", "settings/"); pretix.ClassOf(err) != pretix.Forbidden {
		t.Errorf("got %v, want forbidden", err)
	}
}

func TestFileIsFetchedWithoutCredentials(t *testing.T) {
	const badge = "%PDF-1.4\x00\xff\xfe"
	mux := http.NewServeMux()
	mux.HandleFunc("/media/badge.pdf", func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "" {
			t.Errorf("sent %q", got)
		}
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = w.Write([]byte(badge))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	client := dial(t, server.URL, nil)
	got, err := client.File(t.Context(), server.URL+"/media/badge.pdf")
	if err != nil || string(got.Data) != badge || got.ContentType != "application/pdf" {
		t.Errorf("got %+v, %v", got, err)
	}
	mux.HandleFunc("/media/page.pdf", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<html>Room number?</html>"))
	})
	if got, err := client.File(t.Context(), server.URL+"/media/page.pdf"); pretix.ClassOf(err) != pretix.Unavailable || err == nil {
		t.Errorf("a login page passes for a file: %+v", got)
	}
	if _, err := client.File(t.Context(), server.URL+"/media/gone.pdf"); pretix.ClassOf(err) != pretix.NotFound {
		t.Error("a file that is gone: no error")
	}
	for _, address := range []string{"http://elsewhere.example/x", "file:///etc/passwd", "/relative", "https://user@host.example/"} {
		if _, err := client.File(t.Context(), address); pretix.ClassOf(err) != pretix.Invalid {
			t.Errorf("%s: got %v", address, err)
		}
	}
}
