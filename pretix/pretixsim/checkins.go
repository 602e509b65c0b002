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
