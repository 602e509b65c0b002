package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// fileShop has the files whose addresses do not say "gone".
type fileShop struct {
	*badgeShop
	items []json.RawMessage
}

const shopMedia = "https://tickets.example.org/media/"

// newFileShop has the badges of newBadges, and files.
func newFileShop(t *testing.T) (*pulling, *fileShop) {
	t.Helper()
	p, badges := newBadges(t, "sqlite:"+t.TempDir())
	s := &fileShop{badgeShop: badges}
	p.puller.Source = s
	return p, s
}

func (s *fileShop) RawPage(ctx context.Context, l pretix.List) (pretix.RawPage, error) {
	if l.Path == "items/" {
		return pretix.RawPage{Count: len(s.items), Rows: s.items}, nil
	}
	return s.badgeShop.RawPage(ctx, l)
}

func (s *fileShop) File(ctx context.Context, address string) (pretix.File, error) {
	if strings.Contains(address, "gone") {
		return pretix.File{}, &pretix.Error{Class: pretix.NotFound, Status: 404}
	}
	if strings.Contains(address, "broken") {
		return pretix.File{}, &pretix.Error{Class: pretix.Unavailable, Status: 500}
	}
	return s.badgeShop.File(ctx, address)
}

// Nor does one that its server cannot read, or of which it sends a web page.
func TestAFileThatIsBrokenKeepsNoOtherAway(t *testing.T) {
	p, s := newFileShop(t)
	s.layouts = []json.RawMessage{
		json.RawMessage(`{"id":1,"default":true,"background":"` + shopMedia + `broken.pdf"}`),
		json.RawMessage(`{"id":2,"default":false,"background":"` + shopMedia + `badge.pdf"}`),
	}
	p.round(t)
	if there, err := p.copy.HasFile(t.Context(), mirror.FileName(shopMedia+"badge.pdf")); err != nil || !there {
		t.Errorf("the other background is here: %v, %v", there, err)
	}
	if state := p.state(t, mirror.Files, "fair"); state.Class != mirror.Broken {
		t.Errorf("%+v, want the failure to be seen", state)
	}
}

// RawObject is the event, or its settings: it has kiosks.
func (s *fileShop) RawObject(ctx context.Context, event, path string) (json.RawMessage, error) {
	if path == "settings/" {
		return json.RawMessage(`{"pretixkiosk_screensaver_image":"` + shopMedia + `sleep.png"}`), nil
	}
	return s.badgeShop.RawObject(ctx, event, path)
}

// One file that is not there keeps no other away.
func TestBackgroundsAndPicturesAreFetched(t *testing.T) {
	p, s := newFileShop(t)
	s.layouts = []json.RawMessage{
		json.RawMessage(`{"id":1,"default":true,"background":"` + shopMedia + `gone.pdf"}`),
		json.RawMessage(`{"id":2,"default":false,"background":"` + shopMedia + `badge.pdf"}`),
		json.RawMessage(`{"id":3,"default":false,"background":null}`),
	}
	s.items = []json.RawMessage{
		json.RawMessage(`{"id":1,"picture":"` + shopMedia + `gone.png"}`), json.RawMessage(`{"id":2,"picture":"` + shopMedia + `lunch.png"}`),
	}
	files := func(story string, class string, want ...string) {
		t.Helper()
		for _, name := range []string{"badge.pdf", "lunch.png", "sleep.png", "gone.pdf", "gone.png"} {
			there, err := p.copy.HasFile(t.Context(), mirror.FileName(shopMedia+name))
			if expected := strings.Contains(strings.Join(want, " "), name); err != nil || there != expected {
				t.Errorf("%s: %s is here: %v, %v, want %v", story, name, there, err, expected)
			}
		}
		if state := p.state(t, mirror.Files, "fair"); state.Class != class {
			t.Errorf("%s: %+v, want %q", story, state, class)
		}
	}
	p.round(t)
	files("two are missing", mirror.Missing, "badge.pdf", "lunch.png", "sleep.png")
	s.layouts, s.items = s.layouts[1:], s.items[1:]
	p.later(t, time.Hour)
	files("nobody needs those any more", "", "badge.pdf", "lunch.png", "sleep.png")
}
