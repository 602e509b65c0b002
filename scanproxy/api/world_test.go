package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // zones must be there on any machine

	"github.com/einlass/einlass/scanproxy"
	"github.com/einlass/einlass/scanproxy/api"
)

// world is a small organizer in memory, in the shapes of pretix: testdata/world.json.
type world struct {
	Organizer    string
	Now          time.Time
	Events       []json.RawMessage
	Settings     map[string]json.RawMessage
	Categories   map[string][]json.RawMessage
	Items        map[string][]json.RawMessage
	Questions    map[string][]json.RawMessage
	CheckinLists map[string][]json.RawMessage
	BadgeLayouts map[string][]json.RawMessage
	BadgeItems   map[string][]json.RawMessage
	SubEvents    map[string][]json.RawMessage
	Orders       map[string][]json.RawMessage

	badges   map[int64]string  // pdf_data by position
	modified map[string]string // by resource
	files    map[string]string // names of those that are here, by address at pretix
	absent   string            // slug of an event that pretix has, and that is not copied
	snapshot scanproxy.Snapshot
}

func readWorld(t testing.TB) *world {
	t.Helper()
	data, err := os.ReadFile("testdata/world.json")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{modified: map[string]string{}, files: map[string]string{"https://tickets.example.org/media/badge.pdf": "badge-1.pdf"}}
	if err := json.Unmarshal(data, w); err != nil {
		t.Fatal(err)
	}
	w.snapshot = scanproxy.Snapshot{Events: map[string]*scanproxy.Event{}, Lists: map[scanproxy.Selection]*scanproxy.List{}}
	for _, raw := range w.Events {
		w.addEvent(t, raw)
	}
	return w
}

func (w *world) addEvent(t testing.TB, raw json.RawMessage) {
	t.Helper()
	slug := slugOf(raw)
	event, err := scanproxy.DecodeEvent(scanproxy.EventParts{
		Event: raw, Settings: w.Settings[slug], Items: w.Items[slug], Questions: w.Questions[slug], SubEvents: w.SubEvents[slug],
	})
	if err != nil {
		t.Fatal(err)
	}
	w.snapshot.Events[slug] = event
	for _, raw := range w.CheckinLists[slug] {
		list, err := scanproxy.DecodeList(slug, raw)
		if err != nil {
			t.Fatal(err)
		}
		w.snapshot.Lists[scanproxy.Selection{Event: slug, List: list.ID}] = list
	}
	for _, raw := range w.Orders[slug] {
		tickets, err := scanproxy.DecodeOrder(slug, raw)
		if err != nil {
			t.Fatal(err)
		}
		w.snapshot.Tickets = append(w.snapshot.Tickets, tickets...)
	}
}

func slugOf(raw json.RawMessage) string {
	var e struct{ Slug string }
	_ = json.Unmarshal(raw, &e)
	return e.Slug
}

// Read fulfils scanproxy.Copy.
func (w *world) Read(_ context.Context, f func(scanproxy.Lookup, int64) error) error {
	return f(&w.snapshot, 1)
}

// Generation fulfils scanproxy.Copy.
func (w *world) Generation(context.Context) (int64, error) { return 1, nil }

// Find fulfils scanproxy.Finder.
func (w *world) Find(ctx context.Context, text string, selected []scanproxy.Selection, offset, limit int) ([]scanproxy.Ticket, error) {
	q := scanproxy.ParseQuery(text)
	var found []scanproxy.Ticket
	for _, t := range w.snapshot.Tickets {
		covered := slices.ContainsFunc(selected, func(at scanproxy.Selection) bool { return w.snapshot.Lists[at].Covers(t) })
		if covered && q.Matches(t) {
			found = append(found, t)
		}
	}
	return found[min(offset, len(found)):min(offset+limit, len(found))], nil
}

// Changed fulfils scanproxy.Finder.
func (w *world) Changed(_ context.Context, at scanproxy.Selection, since scanproxy.CopyMark) (scanproxy.ChangedTickets, error) {
	if w.snapshot.Events[at.Event] == nil || w.snapshot.Lists[at] == nil {
		return scanproxy.ChangedTickets{}, scanproxy.ErrNoList
	}
	now := scanproxy.CopyMark{Tickets: 1}
	return scanproxy.ChangedTickets{Complete: since == now, Mark: now}, nil
}

// Count fulfils scanproxy.Finder.
func (w *world) Count(ctx context.Context, at scanproxy.Selection, language string, positions []int64, since scanproxy.CopyMark) (
	c scanproxy.Counted, err error,
) {
	if c.Changed, err = w.Changed(ctx, at, since); err != nil {
		return c, err
	}
	event, list := w.snapshot.Events[at.Event], w.snapshot.Lists[at]
	for _, t := range w.snapshot.Tickets {
		if t.Event == at.Event && slices.Contains(positions, t.ID) {
			c.Tickets = append(c.Tickets, t)
		}
	}
	c.List, c.Status = list, scanproxy.CountStatus(event, list, w.snapshot.Tickets, language, nil)
	return c, nil
}

// All fulfils api.Rows.
func (w *world) All(_ context.Context, resource, event string) ([]json.RawMessage, error) {
	return w.resource(resource, event), nil
}

func (w *world) resource(name, event string) []json.RawMessage {
	switch name {
	case "events":
		return w.Events
	case "event":
		return slices.Collect(func(yield func(json.RawMessage) bool) {
			for _, e := range w.Events {
				if slugOf(e) == event && event != w.absent && !yield(e) {
					return
				}
			}
		})
	case "settings":
		if s := w.Settings[event]; s != nil {
			return []json.RawMessage{s}
		}
		return nil
	case "subevents":
		var all []json.RawMessage
		for _, e := range w.Events {
			all = append(all, w.SubEvents[slugOf(e)]...)
		}
		return all
	}
	return map[string]map[string][]json.RawMessage{
		"categories": w.Categories, "items": w.Items, "questions": w.Questions, "checkinlists": w.CheckinLists,
		"badgelayouts": w.BadgeLayouts, "badgeitems": w.BadgeItems, "orders": w.Orders,
	}[name][event]
}

// Modified fulfils api.Rows.
func (w *world) Modified(_ context.Context, resource, _ string) (string, error) {
	return w.modified[resource], nil
}

// pdf is no text: a file that is read as text comes out changed.
const pdf = "%PDF-1.4\n\x00\xff\xfe\x80\r\n"

// File fulfils api.Files.
func (w *world) File(_ context.Context, name string) ([]byte, string, error) {
	if name != "badge-1.pdf" {
		return nil, "", api.ErrNoFile
	}
	return []byte(pdf), "application/pdf", nil
}

// BadgeData fulfils api.Badges.
func (w *world) BadgeData(_ context.Context, position int64) (json.RawMessage, error) {
	if position == brokenBadge {
		return nil, errors.New("the disk is gone")
	}
	if data, known := w.badges[position]; known {
		return json.RawMessage(data), nil
	}
	return nil, nil
}

// FileName fulfils api.Files.
func (w *world) FileName(_ context.Context, url string) (string, bool, error) {
	name, kept := w.files[url]
	return name, kept, nil
}
