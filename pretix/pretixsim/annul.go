package pretixsim

import (
	"net/http"
	"slices"
	"time"
)

// annulWindow is how long after a check-in it can be taken back, by the time the client states.
const annulWindow = 15 * time.Minute

// annul: POST O/checkinrpc/annul/ {"lists", "nonce", "error_explanation", "datetime"} -> 200 {"status": "ok"}. The
// check-in is found by list and nonce alone, so one nonce for two tickets cannot be annulled.
func (c *call) annul() reply {
	f, no := c.fields()
	if no != nil {
		return *no
	}
	lists, nonce := c.listsField(f), f.text("nonce", true, false, false)
	explanation, at := f.text("error_explanation", false, true, true), f.instant("datetime", false)
	if no := f.done(); no != nil {
		return *no
	}
	if at.IsZero() {
		at = c.at
	}
	found := filter(c.s.db.checkins, func(ci *checkin) bool {
		mine := c.who.device == nil || ci.device == c.who.device
		return mine && ci.nonce == nonce && slices.Contains(lists, ci.list)
	})
	switch {
	case len(found) == 0:
		return detail(http.StatusNotFound, "No check-in found based on nonce")
	case len(found) > 1:
		return badRequest("Multiple check-ins found based on nonce")
	case found[0].reason != "" || found[0].position == nil:
		return badRequest("Cannot annul an unsuccessful checkin")
	case at.Sub(found[0].at) > annulWindow:
		return nonField("Annulment is not allowed more than 15 minutes after check-in")
	case found[0].device != c.who.device:
		return nonField("Annulment is only allowed from the same device")
	}
	found[0].reason, found[0].explanation = "annulled", explanation
	found[0].position.order.modified = c.at
	return jsonReply(http.StatusOK, object{"status": "ok"})
}
