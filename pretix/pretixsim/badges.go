package pretixsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// BadgeLayout is how a badge looks: text over a PDF.
type BadgeLayout struct {
	Name       string
	Default    bool
	Layout     []any  // elements as pretix' editor makes them
	Background []byte // PDF; nil: the one that comes with pretix
}

type badgeLayout struct {
	BadgeLayout
	id int
}

// badgeItem assigns a layout to a product; layout 0: no badge is printed.
type badgeItem struct{ id, item, layout int }

// defaultBackground is where pretix keeps the background that comes with it.
const defaultBackground = "/static/pretixplugins/badges/badge_default_a6l.9f8a9aef8739.pdf"

// AddBadgeLayout creates a badge layout and returns its id.
func (s *Server) AddBadgeLayout(slug string, l BadgeLayout) int {
	return s.within(slug, func(e *event) int {
		id := s.db.next("badge layout")
		if l.Layout == nil {
			l.Layout = []any{}
		}
		e.layouts = append(e.layouts, &badgeLayout{BadgeLayout: l, id: id})
		return id
	})
}

// SetBadge says which layout the badges of a product have; 0: none is printed.
func (s *Server) SetBadge(slug string, item, layout int) {
	s.within(slug, func(e *event) int {
		e.badges = slices.DeleteFunc(e.badges, func(b badgeItem) bool { return b.item == item })
		e.badges = append(e.badges, badgeItem{s.db.next("badge item"), item, layout})
		return layout
	})
}

func (c *call) badgeLayoutList() reply {
	if no := c.filters("ordering").done(); no != nil {
		return *no
	}
	return page(c, c.event.layouts, func(l *badgeLayout) object {
		items := []object{}
		for _, b := range c.event.badges {
			if b.layout == l.id {
				items = append(items, object{"item": b.item})
			}
		}
		return object{
			"id": l.id, "name": l.Name, "default": l.Default, "layout": l.Layout,
			"background": c.baseURL() + l.background(), "item_assignments": items,
		}
	})
}

// background changes with its content, as the names of uploaded files do.
func (l *badgeLayout) background() string {
	if l.Background == nil {
		return defaultBackground
	}
	return fmt.Sprintf("/media/pub/badges/%d.%s.pdf", l.id, madeUp(string(l.Background), 12, lower))
}

func (c *call) badgeItemList() reply {
	if no := c.filters("ordering").done(); no != nil {
		return *no
	}
	return page(c, c.event.badges, func(b badgeItem) object {
		return object{"id": b.id, "item": b.item, "layout": idOrNull(b.layout)}
	})
}

// download answers for files, which need no credentials.
func (c *call) download() (reply, bool) {
	if !strings.HasPrefix(c.r.URL.Path, "/static/") && !strings.HasPrefix(c.r.URL.Path, "/media/") {
		return reply{}, false
	}
	for _, o := range c.s.db.organizers {
		for _, e := range o.events {
			if l := e.layoutWith(c.r.URL.Path); l != nil {
				return pdf(l.Background), true
			}
		}
	}
	return notFoundPage(), true
}

// layoutWith finds the layout whose background is at that path; nil: there is none.
func (e *event) layoutWith(background string) *badgeLayout {
	for _, l := range e.layouts {
		if l.background() == background {
			return l
		}
	}
	return nil
}

func pdf(data []byte) reply {
	if data == nil {
		data = []byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n%%EOF\n")
	}
	rep := reply{status: http.StatusOK, html: string(data)}
	rep.set("Content-Type", "application/pdf")
	return rep
}
