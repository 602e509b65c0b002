package pretix_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

// contractWorld is a pretix with the data of e2e/rig: the real one, or the simulator that was told the same.
type contractWorld struct {
	address string
	seeded  time.Time // the minute that all dates stand around; "running" began half an hour before
	tokens  map[string]string
	devices map[string]string // tokens of initialized devices, by name
	dates   map[string]int64
	items   map[string]int64 // of both events
	lists   map[string]int64 // of both events
	fresh   []string         // codes of orders with one ticket that nobody has used, if all is well
	revoked pretix.TicketSecret
}

const (
	series     = "gutschein"
	conference = "conf"
)

// at is when the check-ins of the contract happen: while the running date runs.
func (w *contractWorld) at() time.Time { return w.seeded.Add(10*time.Minute + 123456*time.Microsecond) }

// as returns the client of a team.
func (w *contractWorld) as(t testing.TB, team string) *pretix.Client {
	t.Helper()
	return dial(t, w.address, func(c *pretix.Config) {
		c.Token = pretix.Token(w.tokens[team])
		c.Timeout = time.Minute // a real one may be busy with other tests
	})
}

// position returns a position of a seeded order, canceled or not.
func (w *contractWorld) position(t *testing.T, event, code string, number int) pretix.Position {
	t.Helper()
	order, err := w.as(t, "all").Order(t.Context(), event, code)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range order.Positions {
		if p.PositionID == number {
			return p
		}
	}
	t.Fatalf("%s has no position %d", code, number)
	return pretix.Position{}
}

// unused takes a ticket that has not been used on the lists of the contract. It begins at the end: other tests against
// the same pretix take theirs from the front.
func (w *contractWorld) unused(t *testing.T) pretix.Position {
	t.Helper()
	for len(w.fresh) > 0 {
		code := w.fresh[len(w.fresh)-1]
		w.fresh = w.fresh[:len(w.fresh)-1]
		if p := w.position(t, series, code, 1); len(w.kept(t, p, "running_only"))+len(w.kept(t, p, "multi")) == 0 {
			return p
		}
	}
	t.Fatal("every fresh ticket of this pretix is used up: start it anew (e2e/rig/up --fresh)")
	return pretix.Position{}
}

// kept reads the check-ins that pretix has stored for a ticket on a list.
func (w *contractWorld) kept(t *testing.T, p pretix.Position, list string) []pretix.Checkin {
	t.Helper()
	var kept []pretix.Checkin
	for _, c := range w.position(t, series, p.Order, p.PositionID).Checkins {
		if c.List == w.lists[list] {
			kept = append(kept, c)
		}
	}
	return kept
}

// realWorld is the pretix whose JSON, as e2e/rig prints it, EINLASS_PRETIX_RIG names.
func realWorld(t *testing.T) *contractWorld {
	path := os.Getenv("EINLASS_PRETIX_RIG")
	if path == "" {
		skip(t, "EINLASS_PRETIX_RIG names no JSON of a real pretix; `make e2e` starts one")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rig struct {
		BaseURL   string            `json:"base_url"`
		SeededAt  time.Time         `json:"seeded_at"`
		Tokens    map[string]string `json:"team_tokens"`
		Dates     map[string]int64  `json:"subevents"`
		Items     map[string]int64
		ConfItems map[string]int64         `json:"conf_items"`
		Lists     map[string]int64         `json:"checkin_lists"`
		ConfLists map[string]int64         `json:"conf_checkin_lists"`
		Fresh     []struct{ Order string } `json:"fresh_tickets"`
		Revoked   pretix.TicketSecret      `json:"revoked_secret"`
		Devices   map[string]struct {
			Token string `json:"api_token"`
		}
	}
	if err := json.Unmarshal(text, &rig); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	w := &contractWorld{
		address: rig.BaseURL, seeded: rig.SeededAt, tokens: rig.Tokens, dates: rig.Dates, revoked: rig.Revoked,
		items: rig.Items, lists: rig.Lists, devices: map[string]string{},
	}
	for name, d := range rig.Devices {
		w.devices[name] = d.Token
	}
	for name, id := range rig.ConfItems {
		w.items[name] = id
	}
	for name, id := range rig.ConfLists {
		w.lists[name] = id
	}
	for _, f := range rig.Fresh {
		w.fresh = append(w.fresh, f.Order)
	}
	return w
}
