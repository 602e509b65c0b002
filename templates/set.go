package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"time"
)

//go:embed html/*.html
var pageFiles embed.FS

// Set holds all pages in all languages, parsed. It is safe for use by many goroutines.
type Set struct {
	// Now tells the time that countdowns start from; time.Now unless a test sets it before the first page.
	Now func() time.Time

	assets assets
	pages  map[string]map[string]*template.Template // by language, then by page
	words  map[string]*words                        // by language
}

// New parses all pages and words. An error is a mistake in the embedded files: every test run finds it.
func New() (*Set, error) {
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	bundle, err := loadBundle()
	if err != nil {
		return nil, err
	}
	s := &Set{
		Now:    time.Now,
		assets: assets,
		pages:  map[string]map[string]*template.Template{},
		words:  map[string]*words{},
	}
	for _, lang := range Languages() {
		s.words[lang] = newWords(bundle, lang, func() time.Time { return s.Now() })
		if s.pages[lang], err = s.parse(lang); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// parse reads every page in one language. Functions are bound to the language here, once, and not while a page is
// rendered: templates are shared between requests.
func (s *Set) parse(lang string) (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	for _, name := range []string{"home", "refusal", "wait", "enter", "room"} {
		page, err := template.New("layout.html").Funcs(s.funcs(lang)).
			ParseFS(pageFiles, "html/layout.html", "html/parts.html", "html/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		pages[name] = page
	}
	return pages, nil
}

func (s *Set) funcs(lang string) template.FuncMap {
	w := s.words[lang]
	return template.FuncMap{
		"asset":      s.assets.url,
		"contact":    contact,
		"fielderror": w.fieldError,
		"lang":       func() string { return lang },
		"notice":     NoticeVersion,
		"now":        func() int64 { return s.Now().UnixMilli() },
		"refusal":    w.refusal,
		"t":          w.text,
		"wait":       w.wait,
		"when":       w.date,
	}
}

// Refusal writes the page of a refusal.
func (s *Set) Refusal(w io.Writer, p Refusal) error { return s.render(w, "refusal", p.Lang, p) }

// Wait writes the waiting page.
func (s *Set) Wait(w io.Writer, p Wait) error { return s.render(w, "wait", p.Lang, p) }

// Enter writes the page before the door.
func (s *Set) Enter(w io.Writer, p Enter) error { return s.render(w, "enter", p.Lang, p) }

// Home writes the page at the root.
func (s *Set) Home(w io.Writer, p Home) error { return s.render(w, "home", p.Lang, p) }

// RoomPage writes the page of a participant link.
func (s *Set) RoomPage(w io.Writer, p RoomPage) error { return s.render(w, "room", p.Lang, p) }

// render executes a page into a buffer first, so that a failure never leaves half a page behind. An unknown language
// gets the first of Languages.
func (s *Set) render(w io.Writer, name, lang string, page any) error {
	if _, ok := s.pages[lang]; !ok {
		lang = Languages()[0]
	}
	var buf bytes.Buffer
	if err := s.pages[lang][name].Execute(&buf, page); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	if _, err := buf.WriteTo(w); err != nil {
		return fmt.Errorf("write page %s: %w", name, err)
	}
	return nil
}
