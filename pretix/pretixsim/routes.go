package pretixsim

import (
	"net/http"
	"strings"
)

// route is one endpoint of pretix.
type route struct {
	pattern string   // below /api/v1/; {x} takes one segment
	name    string   // for device profiles and Problems
	allow   string   // methods of the real one, as in its Allow header
	read    []string // any of these rights is needed to read
	write   []string // any of these rights is needed for everything else
	do      map[string]func(*call) reply

	anySchemes bool // announces no scheme: missing credentials are 403
	deviceOnly bool // teams have no business here
	open       bool // wants no credentials
}

const (
	roAllow     = "GET, HEAD, OPTIONS"
	listAllow   = "GET, POST, HEAD, OPTIONS"
	detailAllow = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
	postAllow   = "POST, OPTIONS"

	orgPath   = "organizers/{o}/"
	eventPath = orgPath + "events/{e}/"
)

type methods = map[string]func(*call) reply

func get(do func(*call) reply) methods  { return methods{http.MethodGet: do} }
func post(do func(*call) reply) methods { return methods{http.MethodPost: do} }

func getPost(read, create func(*call) reply) methods {
	return methods{http.MethodGet: read, http.MethodPost: create}
}

// routes is the table of everything pretix has and the bridge may meet. No handler: it exists, but not here.
func routes() []route {
	lists := []string{OrdersRead, OrdersCheckin}
	return []route{
		{pattern: "", name: "root", allow: roAllow, do: get((*call).apiRoot)},
		{pattern: "version", name: "version", allow: roAllow, do: get((*call).version), anySchemes: true},
		{pattern: "me", name: "me", allow: roAllow, do: get((*call).me), anySchemes: true},
		{pattern: "idempotency_query", name: "idempotency_query", allow: roAllow, do: get((*call).idempotencyQuery)},
		{pattern: "organizers/", name: "organizers", allow: roAllow, do: get((*call).organizerList)},
		{pattern: orgPath, name: "organizer", allow: "GET, PUT, PATCH, HEAD, OPTIONS", do: get((*call).organizerDetail)},
		{pattern: orgPath + "event_meta_properties/", name: "meta properties", allow: listAllow, write: []string{OrganizerWrite}, do: getPost((*call).metaPropertyList, (*call).metaPropertyCreate)},
		{pattern: orgPath + "event_meta_properties/{id}/", name: "meta property", allow: detailAllow, write: []string{OrganizerWrite}, do: get((*call).metaPropertyDetail)},
		{pattern: orgPath + "orders/", name: "organizer orders", allow: roAllow, do: get((*call).orderList)},
		{pattern: orgPath + "orders/{code}/", name: "organizer order", allow: roAllow, do: get((*call).orderDetail)},
		{pattern: orgPath + "orderpositions/", name: "organizer positions", allow: roAllow, do: get((*call).positionList)},
		{pattern: orgPath + "subevents/", name: "organizer subevents", allow: listAllow, do: get((*call).subEventList)},
		{pattern: orgPath + "checkinrpc/redeem/", name: "redeem", allow: postAllow, do: post((*call).redeem)},
		{pattern: orgPath + "checkinrpc/annul/", name: "annul", allow: postAllow, do: post((*call).annul)},
		{pattern: orgPath + "checkinrpc/search/", name: "search", allow: roAllow, do: get((*call).searchPositions)},
		{pattern: orgPath + "events/", name: "events", allow: listAllow, do: get((*call).eventList)},
		{pattern: eventPath, name: "event", allow: detailAllow, write: []string{SettingsWrite}, do: get((*call).eventDetail)},
		{pattern: eventPath + "orders/", name: "orders", allow: listAllow, read: []string{OrdersRead}, write: []string{OrdersWrite}, do: get((*call).orderList)},
		{pattern: eventPath + "orders/{code}/", name: "order", allow: detailAllow, read: []string{OrdersRead}, write: []string{OrdersWrite}, do: get((*call).orderDetail)},
		{pattern: eventPath + "orderpositions/", name: "positions", allow: listAllow, read: []string{OrdersRead}, write: []string{OrdersWrite}, do: get((*call).positionList)},
		{pattern: eventPath + "orderpositions/{id}/", name: "position", allow: detailAllow, read: []string{OrdersRead}, write: []string{OrdersWrite}, do: get((*call).positionDetail)},
		{pattern: eventPath + "orderpositions/{id}/add_block/", name: "add block", allow: postAllow, read: []string{OrdersRead}, write: []string{OrdersWrite}, do: post((*call).addBlock)},
		{pattern: eventPath + "orderpositions/{id}/remove_block/", name: "remove block", allow: postAllow, read: []string{OrdersRead}, write: []string{OrdersWrite}, do: post((*call).removeBlock)},
		{pattern: eventPath + "subevents/", name: "subevents", allow: listAllow, write: []string{SubEventsWrite}, do: getPost((*call).subEventList, (*call).subEventCreate)},
		{pattern: eventPath + "subevents/{id}/", name: "subevent", allow: detailAllow, write: []string{SubEventsWrite}, do: methods{
			http.MethodGet: (*call).subEventDetail, http.MethodPatch: (*call).subEventChange,
			http.MethodPut: (*call).subEventChange, http.MethodDelete: (*call).subEventDelete,
		}},
		{pattern: eventPath + "items/", name: "items", allow: listAllow, write: []string{ItemsWrite}, do: get((*call).itemList)},
		{pattern: eventPath + "items/{id}/", name: "item", allow: detailAllow, write: []string{ItemsWrite}, do: get((*call).itemDetail)},
		{pattern: eventPath + "questions/", name: "questions", allow: listAllow, write: []string{ItemsWrite}, do: get((*call).questionList)},
		{pattern: eventPath + "questions/{id}/", name: "question", allow: detailAllow, write: []string{ItemsWrite}, do: get((*call).questionDetail)},
		{pattern: eventPath + "categories/", name: "categories", allow: listAllow, write: []string{ItemsWrite}, do: get((*call).categoryList)},
		{pattern: eventPath + "quotas/", name: "quotas", allow: listAllow, write: []string{ItemsWrite}, do: getPost((*call).quotaList, (*call).quotaCreate)},
		{pattern: eventPath + "quotas/{id}/", name: "quota", allow: detailAllow, write: []string{ItemsWrite}, do: get((*call).quotaDetail)},
		{pattern: eventPath + "quotas/{id}/availability/", name: "quota availability", allow: roAllow, do: get((*call).quotaAvailability)},
		{pattern: eventPath + "checkinlists/", name: "checkinlists", allow: listAllow, read: lists, write: []string{SettingsWrite}, do: getPost((*call).listList, (*call).listCreate)},
		{pattern: eventPath + "checkinlists/{id}/", name: "checkinlist", allow: detailAllow, read: lists, write: []string{SettingsWrite}, do: methods{
			http.MethodGet: (*call).listDetail, http.MethodPatch: (*call).listChange, http.MethodDelete: (*call).listDelete,
		}},
		{pattern: eventPath + "checkinlists/{id}/status/", name: "list status", allow: roAllow, read: lists, do: get((*call).listStatus)},
		{pattern: eventPath + "checkinlists/{id}/positions/", name: "list positions", allow: roAllow, read: lists, do: get((*call).listPositions)},
		{pattern: eventPath + "checkinlists/{id}/positions/{p}/", name: "list position", allow: roAllow, read: lists, do: get((*call).listPosition)},
		{pattern: eventPath + "checkins/", name: "checkins", allow: roAllow, read: []string{OrdersRead}, do: get((*call).checkinList)},
		{pattern: eventPath + "checkins/{id}/", name: "checkin", allow: roAllow, read: []string{OrdersRead}, do: get((*call).checkinDetail)},
		{pattern: eventPath + "checkinlists/{id}/failed_checkins/", name: "failed checkins", allow: postAllow, write: []string{OrdersWrite, OrdersCheckin}, do: post((*call).failedCheckin)},
		{pattern: eventPath + "revokedsecrets/", name: "revokedsecrets", allow: roAllow, read: []string{OrdersRead}, do: get((*call).revokedList)},
		{pattern: eventPath + "blockedsecrets/", name: "blockedsecrets", allow: roAllow, read: []string{OrdersRead}, do: get((*call).blockedList)},

		{pattern: "device/initialize", name: "device initialize", allow: postAllow, do: post((*call).deviceInitialize), open: true},
		{pattern: "device/info", name: "device info", allow: roAllow, do: get((*call).deviceInfo), deviceOnly: true},
		{pattern: "device/update", name: "device update", allow: postAllow, do: post((*call).deviceUpdate), deviceOnly: true},
		{pattern: "device/roll", name: "device roll", allow: postAllow, do: post((*call).deviceRoll), deviceOnly: true},
		{pattern: "device/revoke", name: "device revoke", allow: postAllow, do: post((*call).deviceRevoke), deviceOnly: true},
		{pattern: orgPath + "reusablemedia/", name: "reusable media", allow: listAllow, read: []string{MediaRead}, write: []string{MediaWrite}, do: get((*call).mediumList)},
		{pattern: orgPath + "reusablemedia/lookup/", name: "reusable media lookup", allow: postAllow, write: []string{MediaRead}, do: post((*call).mediumLookup)},
		{pattern: eventPath + "settings/", name: "settings", allow: "GET, PATCH, HEAD, OPTIONS", write: []string{SettingsWrite}, do: get((*call).settingsDetail)},
		{pattern: eventPath + "badgelayouts/", name: "badge layouts", allow: roAllow, do: get((*call).badgeLayoutList)},
		{pattern: eventPath + "badgeitems/", name: "badge items", allow: roAllow, do: get((*call).badgeItemList)},

		{pattern: "device/{any}", name: "device", allow: roAllow, deviceOnly: true},
		{pattern: orgPath + "saleschannels/", name: "sales channels", allow: listAllow},
		{pattern: orgPath + "seatingplans/", name: "seating plans", allow: listAllow},
		{pattern: orgPath + "webhooks/", name: "webhooks", allow: listAllow},
		{pattern: orgPath + "devices/", name: "devices", allow: listAllow},
		{pattern: orgPath + "teams/", name: "teams", allow: listAllow},
		{pattern: eventPath + "clone/", name: "clone", allow: postAllow},
		{pattern: eventPath + "vouchers/", name: "vouchers", allow: listAllow},
		{pattern: eventPath + "seats/", name: "seats", allow: roAllow},
		{pattern: eventPath + "checkinlists/{id}/positions/{p}/redeem/", name: "legacy redeem", allow: postAllow},
		{pattern: eventPath + "orderpositions/{id}/{action}/", name: "position action", allow: postAllow},
		{pattern: eventPath + "orders/{code}/{action}/", name: "order action", allow: postAllow},
	}
}

// dispatch runs the tests in Django's order: URL, credentials, profile and rights, method, then the endpoint itself.
func (c *call) dispatch() reply {
	if file, ok := c.download(); ok {
		return file
	}
	rest, ok := strings.CutPrefix(c.r.URL.Path, "/api/v1/")
	if !ok || !c.find(rest) {
		return c.withoutRoute()
	}
	rep := c.authorized()
	if rep.status < http.StatusInternalServerError {
		rep.set("Allow", c.route.allow)
	}
	return rep
}

func (c *call) authorized() reply {
	if c.route.do == nil {
		return c.notSimulated(c.r.Method + " " + c.route.name)
	}
	if !c.route.open {
		if no := c.authenticate(); no != nil {
			return *no
		}
		if no := c.authorize(); no != nil {
			return *no
		}
	}
	method := c.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if !strings.Contains(c.route.allow, method) {
		return detail(http.StatusMethodNotAllowed, `Method "`+c.r.Method+`" not allowed.`)
	}
	do := c.route.do[method]
	if do == nil {
		return c.notSimulated(method + " " + c.route.name)
	}
	return do(c)
}

// notSimulated refuses to guess: pretix has this, the simulator does not.
func (c *call) notSimulated(what string) reply {
	c.problem("not simulated: %s", what)
	return serverError()
}

func (c *call) find(path string) bool {
	for _, rt := range c.s.routes {
		if vars, ok := match(rt.pattern, path); ok {
			c.route, c.vars = &rt, vars
			return true
		}
	}
	return false
}

// withoutRoute is Django's answer to an unknown path: HTML, and a redirect only for reads that lack the slash.
func (c *call) withoutRoute() reply {
	path := c.r.URL.Path
	if strings.HasSuffix(path, "/") || !c.find(strings.TrimPrefix(path+"/", "/api/v1/")) {
		return notFoundPage()
	}
	c.problem("missing trailing slash")
	if !isRead(c.r.Method) {
		return notFoundPage()
	}
	rep := htmlReply(http.StatusMovedPermanently, "")
	to := path + "/"
	if c.r.URL.RawQuery != "" {
		to += "?" + c.r.URL.RawQuery
	}
	rep.set("Location", to)
	return rep
}

func match(pattern, path string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	vars := map[string]string{}
	for i, w := range want {
		if name, ok := strings.CutPrefix(w, "{"); ok && got[i] != "" {
			vars[strings.TrimSuffix(name, "}")] = got[i]
		} else if w != got[i] {
			return nil, false
		}
	}
	return vars, true
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }
