package pretixsim

import (
	"net/http"
	"slices"
	"strings"
)

// The rights a team can have, in pretix' own words (named permissions, 2026). Reading dates, items, questions, quotas
// and the event needs no right beyond access to the event.
const (
	OrdersRead     = "event.orders:read"
	OrdersWrite    = "event.orders:write"
	OrdersCheckin  = "event.orders:checkin"
	SubEventsWrite = "event.subevents:write"
	ItemsWrite     = "event.items:write"
	SettingsWrite  = "event.settings.general:write"
	OrganizerWrite = "organizer.settings.general:write"
	MediaRead      = "organizer.reusablemedia:read"
	MediaWrite     = "organizer.reusablemedia:write"
)

// Team is a team token: `Authorization: Token …`.
type Team struct {
	Organizer string   // default: the first organizer
	Token     string   // sent by the client
	Events    []string // slugs; nil means every event
	Rights    []string // the constants above
	AllRights bool
	Inactive  bool
}

// Device is a device: `Authorization: Device …`. One with an InitToken and no Token waits to be initialized.
type Device struct {
	Organizer string
	InitToken string // what device/initialize takes, once
	Token     string
	Name      string
	Serial    string   // default: made up
	Events    []string // slugs; nil means every event
	Profile   string   // full (default), pretixscan, pretixscan_online_noorders, pretixscan_online_kiosk
	ID        int      // global primary key; default the next one
	DeviceID  int      // number within the organizer; default the next one
	Gate      int      // 0: none
	Revoked   bool
	Software  string // version that it told last
}

// credential is either kind, reduced to what the tests ask.
type credential struct {
	org     *organizer
	device  *device  // nil for a team
	events  []string // of a team
	rights  []string
	all     bool
	refusal string // why a team's token does not work, "" when it does
}

func (w *credential) sees(slug string) bool {
	events := w.events
	if w.device != nil {
		events = w.device.Events
	}
	return events == nil || slices.Contains(events, slug)
}

// refused says why the token does not work, "" when it does.
func (w *credential) refused() string {
	if w.device != nil && w.device.Revoked {
		return "Device access has been revoked."
	}
	return w.refusal
}

// may reports whether one of the rights is held; asking for none is always granted.
func (w *credential) may(anyOf ...string) bool {
	if w.all || len(anyOf) == 0 {
		return true
	}
	return slices.ContainsFunc(anyOf, func(right string) bool { return slices.Contains(w.rights, right) })
}

// deviceRights are the rights of every device, whatever its profile; the profile only narrows the endpoints.
var deviceRights = []string{OrdersRead, OrdersWrite, MediaRead, MediaWrite}

// authenticate finds the caller. The two schemes are not interchangeable; an unknown scheme counts as no credentials, and
// so does a team's where only devices have business.
func (c *call) authenticate() *reply {
	words := strings.Fields(c.r.Header.Get("Authorization"))
	if len(words) == 0 || words[0] != "Device" && (words[0] != "Token" || c.route.deviceOnly) {
		return c.unauthenticated("Authentication credentials were not provided.")
	}
	switch len(words) {
	case 1:
		return c.unauthenticated("Invalid token header. No credentials provided.")
	case 2:
	default:
		return c.unauthenticated("Invalid token header. Token string should not contain spaces.")
	}
	who, ok := c.s.db.credentials[words[0]+" "+words[1]]
	if !ok {
		return c.unauthenticated("Invalid token.")
	}
	if text := who.refused(); text != "" {
		return c.unauthenticated(text)
	}
	c.who = who
	return nil
}

// unauthenticated is 401, but 403 on the two routes that announce no scheme.
func (c *call) unauthenticated(text string) *reply {
	rep := detail(http.StatusUnauthorized, text)
	if c.route.anySchemes {
		rep.status = http.StatusForbidden
		return &rep
	}
	rep.set("WWW-Authenticate", "Token")
	if c.route.deviceOnly {
		rep.set("WWW-Authenticate", "Device")
	}
	return &rep
}

// authorize finds organizer and event. Unknown and forbidden look the same: 403.
func (c *call) authorize() *reply {
	no := forbidden()
	if c.who.device != nil && !c.who.device.allows(c.r.Method, c.route) {
		no = detail(http.StatusForbidden, "Request denied by device security profile.")
		return &no
	}
	if slug, ok := c.vars["o"]; ok {
		c.org = c.s.db.organizer(slug)
		if c.org == nil || c.who.org != c.org {
			return &no
		}
	}
	if slug, ok := c.vars["e"]; ok {
		c.event = c.org.event(slug)
		if c.event == nil || !c.who.sees(slug) {
			return &no
		}
	}
	needed := c.route.write
	if isRead(c.r.Method) {
		needed = c.route.read
	}
	if !c.who.may(needed...) {
		return &no
	}
	return nil
}

// eventsWith returns the caller's events in which one of the rights is held.
func (c *call) eventsWith(anyOf ...string) []*event {
	var out []*event
	for _, e := range c.org.events {
		if c.who.sees(e.Slug) && c.who.may(anyOf...) {
			out = append(out, e)
		}
	}
	return out
}
