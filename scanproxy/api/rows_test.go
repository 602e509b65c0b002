package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	harbor = "/api/v1/organizers/fjord/events/harbor/"
	island = "/api/v1/organizers/fjord/events/island/" // has no pictures
)

func TestRowsAreServedAsTheyWereDownloaded(t *testing.T) {
	p := newProxy(t)
	p.world.BadgeItems["harbor"] = append(p.world.BadgeItems["harbor"], json.RawMessage(`{"id":3,"item":103,"layout":1,"new_in_2031":{"a":[1.50,null]}}`))
	got := p.device(androidBrand).get(harbor + "badgeitems/")
	if !strings.Contains(got.body, `"new_in_2031":{"a":[1.50,null]}`) {
		t.Errorf("an unknown field was changed: %s", got.body)
	}
	if page := got.object(t); page["count"] != 3.0 || page["next"] != nil || page["previous"] != nil || len(page["results"].([]any)) != 3 {
		t.Errorf("page: %v", page)
	}
}

func TestWhatADeviceNeedsNotHaveIsEmpty(t *testing.T) {
	c := newProxy(t).device(desktopBrand)
	for _, path := range []string{harbor + "orders/?testmode=false", harbor + "revokedsecrets/", harbor + "blockedsecrets/", "/api/v1/organizers/fjord/reusablemedia/"} {
		if a := c.get(path); a.status != 200 || strings.TrimSpace(a.body) != `{"count":0,"next":null,"previous":null,"results":[]}` {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestOnlyTheVeryDateIsUnchanged(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	const date = "Sat, 01 Jun 2030 09:00:00 GMT"
	for _, resource := range []string{"categories", "items", "questions", "badgelayouts", "checkinlists"} {
		p.world.modified[resource] = date
		for since, want := range map[string]int{
			"": 200, date: 304,
			"Sat, 01 Jun 2030 09:00:01 GMT":      200,
			"Thu Jul 02 11:39:38 GMT+02:00 2026": 200, // what Android sends when it wants everything
			"Sat Jun 01 18:00:00 GMT+09:00 2030": 200, // the same instant as Java prints it
			"nonsense":                           200,
		} {
			r := c.request("GET", island+resource+"/?exclude=checkin_count", "")
			r.Header.Set("If-Modified-Since", since)
			a := c.do(r)
			if a.status != want || a.header.Get("Last-Modified") != date || want == 304 && a.body != "" {
				t.Errorf("%s since %q: %d, Last-Modified %q, want %d", resource, since, a.status, a.header.Get("Last-Modified"), want)
			}
		}
	}
	if a := c.get(harbor + "badgeitems/"); a.header.Get("Last-Modified") != "" {
		t.Error("badgeitems has a date that no app keeps")
	}
}

// pretix dates its list, not our copy of a picture, which may arrive later.
func TestAPictureThatArrivesLaterIsFetched(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	const date = "Sat, 01 Jun 2030 09:00:00 GMT"
	p.world.modified["items"] = date
	ask := func(since string) answer {
		r := c.request("GET", harbor+"items/", "")
		r.Header.Set("If-Modified-Since", since)
		return c.do(r)
	}
	gap := ask("")
	first := gap.header.Get("Last-Modified")
	if gap.status != 200 || first == "" || first == date {
		t.Errorf("without the picture: %d, Last-Modified %q", gap.status, first)
	}
	if a := ask(first); a.status != http.StatusNotModified {
		t.Errorf("still without it: %d, want 304", a.status)
	}
	if a := ask(date); a.status != 200 {
		t.Errorf("a device that had the picture: %d, want 200", a.status)
	}
	p.world.files["https://tickets.example.org/media/day.png"] = "day.png"
	if a := ask(first); a.status != 200 || a.header.Get("Last-Modified") != date || !strings.Contains(a.body, "/download/day.png") {
		t.Errorf("the picture has arrived: %d, Last-Modified %q", a.status, a.header.Get("Last-Modified"))
	}
}

// A list of one date must not be taken for the list of another because nothing has changed.
func TestListsOfADate(t *testing.T) {
	p := newProxy(t)
	p.world.modified["checkinlists"] = "Sat, 01 Jun 2030 09:00:00 GMT"
	c := p.device(androidBrand)
	const lists = "/api/v1/organizers/fjord/events/tides/checkinlists/"
	for query, want := range map[string]float64{"": 2, "?subevent_match=501": 2, "?subevent_match=502": 1, "?subevent_match=x": 1} {
		a := c.get(lists + query)
		if got := a.object(t)["count"]; got != want {
			t.Errorf("%s: %v lists, want %v", query, got, want)
		}
		if (a.header.Get("Last-Modified") == "") != (query != "") {
			t.Errorf("%s: Last-Modified %q", query, a.header.Get("Last-Modified"))
		}
	}
}

func TestEventPicker(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	const organizer = "/api/v1/organizers/fjord/"
	for path, want := range map[string]float64{
		"events/": 2, // tides is a series
		"events/?ends_after=2030-06-01T14%3A00%3A00.000%2B00%3A00&ordering=date_from": 2,
		"events/?ends_after=2030-06-01T14%3A00%3A00.001%2B00%3A00&ordering=date_from": 0,
		"events/?ends_after=yesterday": 2,
		"subevents/":                   2,
		"subevents/?ends_after=2030-07-02T00%3A00%3A00.000Z":  1,
		"subevents/?ordering=-last_modified&modified_since=x": 2,
	} {
		if got := c.get(organizer + path).object(t)["count"]; got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	p.world.SubEvents["tides"][0] = json.RawMessage(strings.Replace(string(p.world.SubEvents["tides"][0]), `"active": true`, `"active": false`, 1))
	if got := c.get(organizer + "subevents/?active=true").object(t)["count"]; got != 1.0 {
		t.Errorf("active dates: %v, want 1", got)
	}
	if a := c.get(organizer + "events/tides/subevents/502/"); a.status != 200 || a.object(t)["id"] != 502.0 {
		t.Errorf("one date: %d %s", a.status, a.body)
	}
	if a := c.get(organizer + "events/tides/settings/"); a.status != 200 || len(a.object(t)) == 0 {
		t.Errorf("settings: %d %s", a.status, a.body)
	}
	delete(p.world.Settings, "tides")
	if a := c.get(organizer + "events/tides/settings/"); a.status != 200 || strings.TrimSpace(a.body) != "{}" {
		t.Errorf("settings that are not there yet: %d %s", a.status, a.body)
	}
}

// An event that is not copied, as scan_event leaves it out, keeps no device from choosing another: apps ask for the event
// of every date that they are shown, and give up all of them over one 404.
func TestEventPickerOffersWhatIsCopied(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	const organizer = "/api/v1/organizers/fjord/"
	for absent, want := range map[string]string{"": "harbor island tides", "island": "harbor tides", "tides": "harbor island"} {
		p.world.absent = absent
		var offered []string
		for list, field := range map[string]string{"events/": "slug", "subevents/": "event"} {
			for _, row := range c.get(organizer + list).object(t)["results"].([]any) {
				offered = append(offered, row.(map[string]any)[field].(string))
			}
		}
		slices.Sort(offered)
		offered = slices.Compact(offered)
		if got := strings.Join(offered, " "); got != want {
			t.Errorf("without %q: %s, want %s", absent, got, want)
		}
		for _, slug := range offered {
			if a := c.get(organizer + "events/" + slug + "/"); a.status != 200 {
				t.Errorf("without %q: %s is offered and answers %d", absent, slug, a.status)
			}
		}
	}
}

// An app sends its token to wherever a background or a picture points.
func TestFilesComeFromTheProxy(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	layouts := c.get(harbor + "badgelayouts/").object(t)["results"].([]any)
	first, second := layouts[0].(map[string]any), layouts[1].(map[string]any)
	if first["background"] != "http://192.168.1.5:7000/download/badge-1.pdf" || second["background"] != nil {
		t.Errorf("backgrounds %v and %v", first["background"], second["background"])
	}
	items := c.get(harbor + "items/")
	if strings.Contains(items.body, "tickets.example.org") {
		t.Error("a picture that we do not have points to pretix")
	}
	for picture, want := range map[string]any{
		"https://tickets.example.org/media/badge.pdf": "http://192.168.1.5:7000/download/badge-1.pdf", "https://tickets.example.org/media/x.png": nil,
	} {
		p.world.Settings["harbor"] = json.RawMessage(`{"locale":"en","pretixkiosk_screensaver_image":"` + picture + `"}`)
		if got := c.get(harbor + "settings/").object(t); got["pretixkiosk_screensaver_image"] != want || got["locale"] != "en" {
			t.Errorf("settings with %s: %v, want %v", picture, got, want)
		}
	}
	a := c.get("/download/badge-1.pdf")
	if a.status != 200 || a.body != pdf || a.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("download: %d %s %q", a.status, a.header.Get("Content-Type"), a.body)
	}
}

func TestDownloads(t *testing.T) {
	c := newProxy(t).device(androidBrand)
	tag := c.get("/download/badge-1.pdf").header.Get("ETag")
	if len(tag) < 10 {
		t.Fatalf("ETag %q", tag)
	}
	for _, x := range []struct {
		header, value string
		status        int
		body          string
	}{
		{"If-None-Match", tag, 304, ""}, {"If-None-Match", `W/` + tag, 304, ""}, {"If-None-Match", "*", 304, ""},
		{"If-None-Match", `"other"`, 200, pdf}, {"Range", "bytes=0-3", 206, pdf[:4]}, {"Range", "bytes=-2", 206, pdf[len(pdf)-2:]},
		{"Range", "lines=1-2", 416, ""}, {"Range", "bytes=9999-", 416, ""},
	} {
		r := c.request("GET", "/download/badge-1.pdf", "")
		r.Header.Set(x.header, x.value)
		if a := c.do(r); a.status != x.status || x.status != 416 && a.body != x.body {
			t.Errorf("%s %s: %d %q, want %d %q", x.header, x.value, a.status, a.body, x.status, x.body)
		}
	}
}

func TestEventSelectionStays(t *testing.T) {
	a := newProxy(t).device(desktopBrand).get("/api/v1/device/eventselection?current_event=harbor")
	if a.status != http.StatusNotModified || a.body != "" {
		t.Errorf("%d %q, want 304", a.status, a.body)
	}
}
