package templates_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/einlass/einlass/templates"
	"github.com/einlass/einlass/templates/browsertest"
)

// TestGallery looks at every page in every state, on a phone and at a desk, by day and by night, in both languages. The
// pictures are for people; what a machine can tell is judged: nothing sticks out sideways, the console is silent, the
// content security policy holds and axe-core finds nothing.
func TestGallery(t *testing.T) {
	browser := browsertest.Start(t)
	server := serveScenes(t)
	for _, lang := range templates.Languages() {
		for _, view := range []browsertest.View{
			{Width: 390, Height: 844},
			{Width: 390, Height: 844, Dark: true},
			{Width: 1280, Height: 800},
			{Width: 1280, Height: 800, Dark: true},
		} {
			view.Language = lang
			t.Run(fmt.Sprintf("%s/%s", lang, nameOf(view)), func(t *testing.T) {
				page := browser.Page(t, view)
				for _, s := range scenes() {
					if !worthLooking(s, lang, view) {
						continue
					}
					look(t, page, server.URL+"/"+lang+"/"+s.name, pictureOf(s, lang, view))
				}
				page.NoErrors()
			})
		}
	}
}

// TestSmallestPhone: 320 px is also what a desk at 400 % zoom has left.
func TestSmallestPhone(t *testing.T) {
	browser := browsertest.Start(t)
	server := serveScenes(t)
	page := browser.Page(t, browsertest.View{Width: 320, Height: 568})
	for _, s := range scenes() {
		page.Open(server.URL + "/de/" + s.name)
		if page.NoOverflow(); t.Failed() {
			t.Fatalf("the above is about %s", s.name)
		}
	}
}

// worthLooking leaves out what would look the same again: refusals share one page, so most are seen on the phone only,
// by day in German and by night in English.
func worthLooking(s scene, lang string, v browsertest.View) bool {
	reason, ok := strings.CutPrefix(s.name, "refusal/")
	if !ok || slices.Contains([]string{"already_inside", "used_other_day", "pretix_down", "rules_refused"}, reason) {
		return true
	}
	return v.Width == 390 && v.Dark == (lang == "en")
}

func look(t *testing.T, page *browsertest.Page, url, picture string) {
	t.Helper()
	page.Open(url)
	page.Screenshot(picture)
	page.NoOverflow()
	page.NoViolations()
	if t.Failed() {
		t.Fatalf("the above is about %s", url)
	}
}

func nameOf(v browsertest.View) string {
	if v.Dark {
		return fmt.Sprintf("%d-dark", v.Width)
	}
	return fmt.Sprintf("%d-light", v.Width)
}

func pictureOf(s scene, lang string, v browsertest.View) string {
	return "templates/" + strings.ReplaceAll(s.name, "/", "-") + "." + lang + "." + nameOf(v)
}
