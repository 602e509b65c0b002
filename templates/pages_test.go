package templates_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/einlass/einlass/templates"
)

// TestEveryPage reads every page in every state and language as a browser and a screen reader would.
func TestEveryPage(t *testing.T) {
	set := newSet(t)
	for _, lang := range templates.Languages() {
		for _, s := range scenes() {
			t.Run(lang+"/"+s.name, func(t *testing.T) {
				var page bytes.Buffer
				if err := s.render(set, &page, frame(lang)); err != nil {
					t.Fatal(err)
				}
				for _, trace := range []string{"<no value>", "ZgotmplZ", "%!", "&lt;"} {
					if strings.Contains(page.String(), trace) {
						t.Errorf("the page shows %q", trace)
					}
				}
				doc := parse(t, page.Bytes())
				checkFrame(t, doc, lang)
				checkForms(t, doc)
				checkReferences(t, doc)
				checkPolicy(t, doc, set)
			})
		}
	}
}

func checkFrame(t *testing.T, doc *html.Node, lang string) {
	t.Helper()
	if got := attr(first(doc, "html"), "lang"); got != lang {
		t.Errorf("the page claims to be in %q, want %q", got, lang)
	}
	for _, name := range []string{"h1", "main", "header", "footer", "title"} {
		if got := len(all(doc, name)); got != 1 {
			t.Errorf("the page has %d <%s>, want 1", got, name)
		}
	}
	for _, name := range []string{"h1", "title"} {
		if strings.TrimSpace(text(first(doc, name))) == "" {
			t.Errorf("<%s> is empty", name)
		}
	}
}

func checkForms(t *testing.T, doc *html.Node) {
	t.Helper()
	labels := map[string]bool{}
	for _, label := range all(doc, "label") {
		labels[attr(label, "for")] = true
	}
	for _, form := range all(doc, "form") {
		if attr(form, "method") != "post" || attr(form, "action") != "/ticket" {
			t.Errorf("a form sends %s to %q", attr(form, "method"), attr(form, "action"))
		}
		if len(all(form, "button")) == 0 {
			t.Error("a form has no button")
		}
		if !hasField(form, "pass", "opaque") {
			t.Error("a form lost its hidden field")
		}
		if asks := strings.Contains(text(form), "aufgezeichnet werden") || strings.Contains(text(form), "be recorded"); asks != hasField(form, "seen", templates.NoticeVersion()) {
			t.Errorf("recording is mentioned: %t; its version is sent: %t", asks, !asks)
		}
		for _, input := range all(form, "input") {
			if attr(input, "type") == "text" && !labels[attr(input, "id")] {
				t.Errorf("field %s has no label", attr(input, "name"))
			}
		}
	}
}

func checkReferences(t *testing.T, doc *html.Node) {
	t.Helper()
	ids := map[string]int{}
	walk(doc, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
	})
	for id, count := range ids {
		if count > 1 {
			t.Errorf("id %s is there %d times", id, count)
		}
	}
	walk(doc, func(n *html.Node) {
		for _, name := range []string{"aria-labelledby", "aria-describedby", "for"} {
			if id := attr(n, name); id != "" && ids[id] == 0 {
				t.Errorf("<%s %s=%q> points nowhere", n.Data, name, id)
			}
		}
	})
}

// checkPolicy: nothing inline, and every file that the page loads is there.
func checkPolicy(t *testing.T, doc *html.Node, set *templates.Set) {
	t.Helper()
	walk(doc, func(n *html.Node) {
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
			t.Errorf("an inline <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
			}
		}
		address := attr(n, "src")
		if n.Data == "link" {
			address = attr(n, "href")
		}
		if address == "" {
			return
		}
		name, ok := strings.CutPrefix(address, "/assets/")
		if _, _, found := set.Asset(name); !ok || !found {
			t.Errorf("the page loads %q, which is no asset", address)
		}
	})
}

func TestWhatPeopleTypeStaysText(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	var page bytes.Buffer
	err := newSet(t).RoomPage(&page, templates.RoomPage{
		Frame:    templates.Frame{Lang: "de", Club: evil, Support: evil, Imprint: "javascript:alert(1)", RefreshURL: evil, Refresh: 5},
		RoomView: templates.RoomView{Name: evil, Description: evil, Shop: "javascript:alert(1)", Next: []templates.Date{{Title: evil}}},
		Access:   "code", Name: evil, Callsign: evil, Live: templates.Live{Events: evil},
	})
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, page.Bytes())
	if got := len(all(doc, "script")); got != 1 {
		t.Errorf("the page has %d scripts, want its own one:\n%s", got, page.String())
	}
	walk(doc, func(n *html.Node) {
		if strings.HasPrefix(attr(n, "href"), "javascript:") {
			t.Errorf("a link runs %s", attr(n, "href"))
		}
	})
}

func TestPageWithoutJavaScriptAsksAgain(t *testing.T) {
	for name, c := range map[string]struct {
		frame templates.Frame
		want  string
	}{
		"at its own address": {templates.Frame{Lang: "de", Refresh: 30}, `<noscript><meta http-equiv="refresh" content="30"></noscript>`},
		"elsewhere": {
			templates.Frame{Lang: "de", Refresh: 30, RefreshURL: "/wait/7?lang=de"},
			`<noscript><meta http-equiv="refresh" content="30;url=/wait/7?lang=de"></noscript>`,
		},
		"never": {templates.Frame{Lang: "de"}, ""},
	} {
		var page bytes.Buffer
		if err := newSet(t).Home(&page, templates.Home{Frame: c.frame}); err != nil {
			t.Fatal(err)
		}
		if has := strings.Contains(page.String(), "http-equiv=\"refresh\""); has != (c.want != "") || !strings.Contains(page.String(), c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, page.String())
		}
	}
}

func TestUnknownLanguageGetsGerman(t *testing.T) {
	var page bytes.Buffer
	if err := newSet(t).Home(&page, templates.Home{Frame: templates.Frame{Lang: "tlh"}}); err != nil {
		t.Fatal(err)
	}
	if got := attr(first(parse(t, page.Bytes()), "html"), "lang"); got != "de" {
		t.Errorf("the page is in %q", got)
	}
}

func TestAssetsAreNamedByContent(t *testing.T) {
	set := newSet(t)
	for _, name := range []string{"app.css", "/app.css", "0000000000000000/app.css", "../pages.go", ""} {
		if _, _, ok := set.Asset(name); ok {
			t.Errorf("%q is an asset", name)
		}
	}
}

func parse(t *testing.T, page []byte) *html.Node {
	t.Helper()
	// As a browser without scripts: then <noscript> is part of the page.
	doc, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func walk(n *html.Node, visit func(*html.Node)) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			visit(d)
		}
	}
}

func all(n *html.Node, name string) []*html.Node {
	var found []*html.Node
	walk(n, func(d *html.Node) {
		if d.Data == name {
			found = append(found, d)
		}
	})
	return found
}

// first returns the first element of a name, or an empty one.
func first(n *html.Node, name string) *html.Node {
	if found := all(n, name); len(found) > 0 {
		return found[0]
	}
	return &html.Node{}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func hasField(form *html.Node, name, value string) bool {
	for _, input := range all(form, "input") {
		if attr(input, "name") == name && attr(input, "value") == value {
			return true
		}
	}
	return false
}
