package pretixsim

import (
	"slices"
	"time"
)

// longestNonce is what the database column holds; one character more is HTTP 500 on PostgreSQL.
const longestNonce = 190

// redeemInput is the body of a redeem request, read and defaulted.
type redeemInput struct {
	secret             string
	lists              []*list
	kind               string // entry or exit
	sourceType         string // what kind of thing the secret was read from
	force              bool
	ignoreUnpaid       bool
	questionsSupported bool
	orderLocale        bool
	simulate           bool
	nonce              string
	at                 time.Time
	answers            map[string]any // by question id
}

func (c *call) readRedeem() (redeemInput, *reply) {
	f, no := c.fields()
	if no != nil {
		return redeemInput{}, no
	}
	in := redeemInput{
		lists:              c.listsField(f),
		secret:             f.text("secret", true, false, false),
		kind:               f.choice("type", "entry", "entry", "exit"),
		force:              f.flag("force", false),
		ignoreUnpaid:       f.flag("ignore_unpaid", false),
		questionsSupported: f.flag("questions_supported", true),
		orderLocale:        f.flag("use_order_locale", false),
		simulate:           f.flag("simulate", false),
		nonce:              f.text("nonce", false, true, false),
		at:                 f.instant("datetime", false),
		sourceType:         f.choice("source_type", "barcode", "barcode", "nfc_uid", "nfc_mf0aes"),
	}
	answers, _ := f.value("answers", false, true)
	in.answers, _ = answers.(map[string]any)
	medium, id := f.text("exchange_medium_type", false, true, false), f.text("exchange_medium_identifier", false, true, false)
	if no := f.done(); no != nil {
		return in, no
	}
	if in.at.IsZero() {
		in.at = c.at
	}
	return in, c.checkRedeem(in, medium, id)
}

// checkRedeem holds what is tested once every field is good by itself.
func (c *call) checkRedeem(in redeemInput, medium, id string) *reply {
	var no reply
	events := map[*event]bool{}
	for _, l := range in.lists {
		if events[l.event] {
			no = badRequest("Selecting two check-in lists from the same event is unsupported.")
		}
		events[l.event] = true
	}
	switch {
	case no.status != 0:
	case (medium == "") != (id == ""):
		no = nonField("If you set any of exchange_medium_type or exchange_medium_identifier, you need to set both of them.")
	case len(in.lists) == 0:
		no = badRequest("No check-in list passed.")
	case medium != "":
		no = c.notSimulated("reusable media")
	case len([]rune(in.nonce)) > longestNonce:
		c.problem("nonce longer than %d characters", longestNonce)
		no = serverError()
	default:
		return nil
	}
	return &no
}

// listsField reads `lists`; one that the caller may not see does not exist.
func (c *call) listsField(f *fields) []*list {
	visible := func(id int) bool { return c.visibleList(id, OrdersWrite, OrdersCheckin) != nil }
	var lists []*list
	for _, id := range f.references("lists", true, visible) {
		if l := c.visibleList(id, OrdersWrite, OrdersCheckin); l != nil && !slices.Contains(lists, l) {
			lists = append(lists, l)
		}
	}
	return lists
}
