package pretixsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

// checkinList is the log of an event, failed check-ins included. It has no nonce either.
func (c *call) checkinList() reply {
	f := c.filters("ordering").lacks("datetime_before", "created_before", "auto_checked_in", "device", "gate")
	listID, kind, reason := f.text("list"), f.text("type"), f.text("error_reason")
	successful := f.flag("successful")
	created, since := f.instant("created_since"), f.instant("datetime_since")
	if no := f.done(); no != nil {
		return *no
	}
	rows := filter(c.s.db.checkins, func(ci *checkin) bool {
		return ci.list.event == c.event && is(listID, strconv.Itoa(ci.list.id)) && is(kind, ci.kind) &&
			is(reason, ci.reason) && agrees(successful, ci.reason == "") &&
			!ci.created.Before(created) && !ci.at.Before(since)
	})
	c.sortCheckins(rows)
	return page(c, rows, c.checkinJSON)
}

func (c *call) checkinDetail() reply {
	id, no := c.pathID("id")
	if no != nil {
		return *no
	}
	ci := find(c.s.db.checkins, func(ci *checkin) bool { return ci.id == id && ci.list.event == c.event })
	if ci == nil {
		return noSuch("Checkin")
	}
	return jsonReply(http.StatusOK, c.checkinJSON(ci))
}

func (c *call) sortCheckins(rows []*checkin) {
	field, desc := c.ordering("created", "created", "datetime", "id")
	slices.SortFunc(rows, func(a, b *checkin) int {
		order := a.id - b.id
		switch field {
		case "created":
			order = cmp.Or(a.created.Compare(b.created), order)
		case "datetime":
			order = cmp.Or(a.at.Compare(b.at), order)
		}
		if desc {
			return -order
		}
		return order
	})
}

func (c *call) checkinJSON(ci *checkin) object {
	o := c.entryJSON(ci)
	o["successful"], o["error_reason"] = ci.reason == "", textOrNull(ci.reason)
	o["error_explanation"], o["created"] = textOrNull(ci.explanation), c.stamp(ci.created)
	o["position"] = nil
	if ci.position != nil {
		o["position"] = ci.position.ID
	}
	return o
}

func (c *call) revokedList() reply {
	f := c.filters("ordering")
	since := f.instant("updated_since")
	if no := f.done(); no != nil {
		return *no
	}
	rows := filter(c.event.revoked, func(r revokedSecret) bool { return !r.at.Before(since) })
	if _, newestFirst := c.ordering("-created", "created"); newestFirst {
		slices.Reverse(rows)
	}
	return page(c, rows, func(r revokedSecret) object {
		return object{"id": r.id, "secret": r.secret, "created": c.stamp(r.at)}
	})
}

// blockedList keeps unblocked secrets, as such.
func (c *call) blockedList() reply {
	f := c.filters().lacks("ordering")
	since := f.instant("updated_since")
	if no := f.done(); no != nil {
		return *no
	}
	rows := filter(c.event.blocked, func(b *blockedSecret) bool { return !b.at.Before(since) })
	slices.SortFunc(rows, func(a, b *blockedSecret) int { return cmp.Or(b.at.Compare(a.at), b.id-a.id) })
	return page(c, rows, func(b *blockedSecret) object {
		return object{"id": b.id, "secret": b.secret, "updated": c.stamp(b.at), "blocked": b.blocked}
	})
}
