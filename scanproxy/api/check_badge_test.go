package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brokenBadge is a position whose badge cannot be read.
const brokenBadge = -1

func TestABadgeIsSentToWhoPrintsIt(t *testing.T) {
	const secret = "secretvalid00000000000000"
	p := newProxy(t)
	c := p.device(androidBrand)
	bare, _ := c.scan(secret)["position"].(map[string]any)
	id, _ := bare["id"].(float64)
	for _, x := range []struct {
		story, asks string
		badge       string // in the copy; "": none
		want        any
	}{
		{"nobody prints", `"with_badge_data":false`, `{"item":"Day"}`, nil},
		{"nobody says", `"nonce":"x"`, `{"item":"Day"}`, nil},
		{"pretix' texts are not here yet", `"with_badge_data":true`, "", map[string]any{
			"secret": secret, "order": "AAAAA", "positionid": "1", "order_positionid": "AAAAA-1", "item": "Day ticket", "variation": "",
			"itemvar": "Day ticket", "seat": "", "pseudonymization_id": "PSE11002", "attendee_name": "Ada Wong", "attendee_company": "",
			"attendee_email": "", "images": map[string]any{},
		}},
		{"a badge", `"with_badge_data":true`, `{"item":"Day","images":{}}`, map[string]any{"item": "Day", "images": map[string]any{}}},
	} {
		p.world.badges = nil
		if x.badge != "" {
			p.world.badges = map[int64]string{int64(id): x.badge}
		}
		answer := c.scan(secret, x.asks) // USED, which prints a badge as well
		position, _ := answer["position"].(map[string]any)
		if diff := cmp.Diff(x.want, position["pdf_data"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", x.story, diff)
		}
		delete(position, "pdf_data")
		if diff := cmp.Diff(bare, position); diff != "" {
			t.Errorf("%s: the rest of the position (-want +got):\n%s", x.story, diff)
		}
	}
}

// Whoever has paid gets in, with or without a badge.
func TestABadgeThatCannotBeReadKeepsNobodyOut(t *testing.T) {
	p := newProxy(t)
	c := p.device(androidBrand)
	for i := range p.world.snapshot.Tickets {
		ticket := &p.world.snapshot.Tickets[i]
		ticket.Raw = json.RawMessage(strings.Replace(string(ticket.Raw), `"id"`, `"id":-1,"was"`, 1))
	}
	if answer := c.scan("secretvalid00000000000000", `"with_badge_data":true`); answer["type"] != "VALID" || answer["position"] == nil {
		t.Errorf("%v", answer)
	}
	if !strings.Contains(p.log.String(), "the disk is gone") {
		t.Errorf("nobody is told: %s", p.log.String())
	}
}
