package pretix_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

// crashes is a path in ?exclude= that brings pretix down: no position has such a field.
const crashes = "positions.nope"

// asDevice returns the client of an initialized device.
func (w *contractWorld) asDevice(t testing.TB, name string) *pretix.Client {
	t.Helper()
	return dial(t, w.address, func(c *pretix.Config) {
		c.AuthScheme, c.Token, c.Timeout = "Device", pretix.Token(w.devices[name]), time.Minute
	})
}

// contractDevice: a scanning device reads all that the local copy is made of.
func contractDevice(t *testing.T, w *contractWorld) {
	c := w.asDevice(t, "ready_pretixscan")
	info := must[pretix.DeviceInfo](t)(c.DeviceInfo(t.Context()))
	if info.Device.Organizer != "darc" || info.Device.Profile != "pretixscan" || info.Device.Serial == "" || info.Server.Version.Numeric < 2026_00_00_00_00_00 {
		t.Errorf("device %+v, server %+v", info.Device, info.Server)
	}
	for _, l := range contractDeviceLists {
		t.Run(l.event+" "+l.path, func(t *testing.T) { contractDeviceList(t, c, l) })
	}
	for path, field := range map[string]string{"": "valid_keys", "settings/": "name_scheme"} {
		raw := must[json.RawMessage](t)(c.RawObject(t.Context(), series, path))
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil || object[field] == nil {
			t.Errorf("%q has no %s: %v", path, field, err)
		}
	}
	contractDeviceOrders(t, w, c)
	contractDeviceRefusals(t, w, c)
}

// deviceList is what the copy relies on in a list.
type deviceList struct {
	event, path string
	query       string // as the copy asks when all rows are wanted
	since       string // "": there is no asking for changes
	fields      []string
	generated   bool // says when it was made
	modified    bool // can be asked for if changed only
}

var contractDeviceLists = []deviceList{
	{path: "events/", fields: []string{"slug", "timezone", "date_from", "has_subevents"}},
	{path: "subevents/", query: "ordering=id", since: "modified_since", fields: []string{"id", "event", "last_modified"}, generated: true},
	{path: "reusablemedia/", query: "ordering=id", since: "updated_since", fields: []string{"identifier", "linked_orderpositions", "updated"}, generated: true},
	{event: series, path: "items/", fields: []string{"id", "name"}, modified: true},
	{event: series, path: "questions/", fields: []string{"id", "identifier", "ask_during_checkin"}, modified: true},
	{event: series, path: "checkinlists/", query: "exclude=checkin_count&exclude=position_count", fields: []string{"id", "rules"}},
	{event: series, path: "revokedsecrets/", query: "ordering=created", since: "created_since", fields: []string{"secret", "created"}},
	{event: series, path: "blockedsecrets/", query: "ordering=updated", since: "updated_since", fields: []string{"secret", "updated", "blocked"}},
	{event: conference, path: "categories/", fields: []string{"id", "is_addon"}},
	{event: conference, path: "badgelayouts/", fields: []string{"id", "default", "layout", "background"}},
	{event: conference, path: "badgeitems/", fields: []string{"item", "layout"}},
}

func contractDeviceList(t *testing.T, c *pretix.Client, l deviceList) {
	query, err := url.ParseQuery(l.query)
	if err != nil {
		t.Fatal(err)
	}
	list := pretix.List{Event: l.event, Path: l.path, Query: query}
	page := must[pretix.RawPage](t)(c.RawPage(t.Context(), list))
	if len(page.Rows) == 0 || page.Count < len(page.Rows) || page.Generated != "" != l.generated {
		t.Errorf("%d of %d rows, generated %q", len(page.Rows), page.Count, page.Generated)
	}
	for _, raw := range page.Rows {
		var row map[string]json.RawMessage
		if err := json.Unmarshal(raw, &row); err != nil {
			t.Fatal(err)
		}
		for _, field := range l.fields {
			if row[field] == nil {
				t.Errorf("no %s in %.80s", field, raw)
			}
		}
		if row["checkin_count"] != nil {
			t.Error("a field that was left out is there")
		}
	}
	if l.modified {
		list.IfModifiedSince = page.LastModified
		if again := must[pretix.RawPage](t)(c.RawPage(t.Context(), list)); page.LastModified == "" || !again.NotModified {
			t.Errorf("modified %q, and asked again %+v", page.LastModified, again)
		}
	}
	if l.since != "" {
		query.Set(l.since, "2100-01-01T00:00:00.000000Z")
		if none := must[pretix.RawPage](t)(c.RawPage(t.Context(), list)); none.Count != 0 {
			t.Errorf("%d rows are of the next century", none.Count)
		}
	}
}

// contractDeviceOrders: orders come in ascending order, in windows, and without what was left out.
func contractDeviceOrders(t *testing.T, w *contractWorld, c *pretix.Client) {
	codes := func(query url.Values) (codes []string, page pretix.RawPage) {
		t.Helper()
		query.Set("testmode", "false")
		page = must[pretix.RawPage](t)(c.RawPage(t.Context(), pretix.List{Event: series, Path: "orders/", Query: query}))
		for _, raw := range page.Rows {
			var o struct{ Code string }
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			codes = append(codes, o.Code)
		}
		return codes, page
	}
	all, first := codes(url.Values{"ordering": {"datetime"}})
	if slices.Contains(all, "TRF20") || !slices.Contains(all, "TRF01") && !first.More {
		t.Errorf("orders that are not of test mode: %v", all)
	}
	var oldest struct {
		Datetime     time.Time
		LastModified time.Time `json:"last_modified"`
	}
	if err := json.Unmarshal(first.Rows[0], &oldest); err != nil || oldest.Datetime.IsZero() || oldest.LastModified.IsZero() {
		t.Fatalf("%+v, %v", oldest, err)
	}
	at := pretix.QueryTime(oldest.Datetime)
	if _, page := codes(url.Values{"created_since": {at}}); page.Count != first.Count {
		t.Errorf("%d orders since the first, want %d: the boundary belongs to what is asked for", page.Count, first.Count)
	}
	if none, _ := codes(url.Values{"created_before": {at}}); len(none) != 0 {
		t.Errorf("%v were placed before the first order", none)
	}
	generated := must[time.Time](t)(pretix.ServerTime(first.Generated))
	if none, _ := codes(url.Values{"ordering": {"last_modified"}, "modified_since": {pretix.QueryTime(generated.Add(time.Hour))}}); len(none) != 0 {
		t.Errorf("%v change in an hour", none)
	}
	_, lean := codes(url.Values{"code": {"TRF01"}, "exclude": {"positions.downloads", "secret", "url", "nobody.knows", "nothing"}})
	for _, gone := range []string{`"url"`, `"downloads":[],"answers"`} {
		if strings.Contains(string(lean.Rows[0]), gone) {
			t.Errorf("%s was to be left out of %.300s", gone, lean.Rows[0])
		}
	}
	if !strings.Contains(string(lean.Rows[0]), fmt.Sprintf(`%q`, w.position(t, series, "TRF01", 1).Secret.Reveal())) {
		t.Error("the ticket's secret was left out, too")
	}
}

func contractDeviceRefusals(t *testing.T, w *contractWorld, c *pretix.Client) {
	page := func(c *pretix.Client, l pretix.List) error { _, err := c.RawPage(t.Context(), l); return err }
	orders := pretix.List{Event: series, Path: "orders/"}
	cfg := pretix.Config{BaseURL: w.address, Timeout: time.Minute}
	_, unknown := pretix.InitializeDevice(t.Context(), cfg, "nobody-made-it", pretix.Hardware{Brand: "a", Model: "b", SoftwareBrand: "c", SoftwareVersion: "d"})
	_, bare := pretix.InitializeDevice(t.Context(), cfg, "nobody-made-it", pretix.Hardware{})
	_, team := w.as(t, "all").DeviceInfo(t.Context())
	_, one := c.Order(t.Context(), series, "TRF01")
	for story, got := range map[string]struct {
		err    error
		class  pretix.Class
		status int
	}{
		"a token that nobody made":                   {unknown, pretix.Invalid, 400},
		"a device that says nothing about itself":    {bare, pretix.Invalid, 400},
		"a team is no device":                        {team, pretix.Unauthorized, 401},
		"a device that was revoked":                  {page(w.asDevice(t, "ready_revoked"), orders), pretix.Unauthorized, 401},
		"a device that may not read orders":          {page(w.asDevice(t, "ready_noorders"), orders), pretix.Forbidden, 403},
		"a device of another event":                  {page(w.asDevice(t, "ready_gate"), orders), pretix.Forbidden, 403},
		"a single order":                             {one, pretix.Forbidden, 403},
		"leaving out what a position does not have":  {page(c, pretix.List{Event: series, Path: "orders/", Query: url.Values{"exclude": {crashes}}}), pretix.Unavailable, 500},
		"a page behind the last one":                 {page(c, pretix.List{Event: series, Path: "orders/", Query: url.Values{"page": {"999"}}}), pretix.NotFound, 404},
		"secrets that were blocked since a bad hour": {page(c, pretix.List{Event: series, Path: "blockedsecrets/", Query: url.Values{"updated_since": {"noon"}}}), pretix.Invalid, 400},
	} {
		if failed, ok := errors.AsType[*pretix.Error](got.err); !ok || failed.Class != got.class || failed.Status != got.status {
			t.Errorf("%s: %v, want %v with HTTP %d", story, got.err, got.class, got.status)
		}
	}
}
