package pretix_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/einlass/einlass/pretix"
)

// live returns a client for a real pretix: any one by URL and token, or the seeded one. The token's team needs to read
// and check in orders.
func live(t *testing.T) *pretix.Client {
	t.Helper()
	address, token := os.Getenv("EINLASS_PRETIX_URL"), os.Getenv("EINLASS_PRETIX_TOKEN")
	if token == "" && os.Getenv("EINLASS_PRETIX_RIG") != "" {
		w := realWorld(t)
		address, token = w.address, w.tokens["bridge"]
	}
	if address == "" || token == "" {
		skip(t, "EINLASS_PRETIX_URL and EINLASS_PRETIX_TOKEN name no pretix to try this on")
	}
	organizer := os.Getenv("EINLASS_PRETIX_ORGANIZER")
	if organizer == "" {
		organizer = "darc"
	}
	return dial(t, address, func(c *pretix.Config) {
		c.Token, c.Organizer = pretix.Token(token), organizer
		c.Timeout = time.Minute // the first call to a fresh worker takes seconds
	})
}

// skip says why a test cannot run here. In CI everything is there, so nothing may be missing.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Everything that configuration is made of can be read from a real pretix, and belongs together.
func TestLiveConfiguration(t *testing.T) {
	client := live(t)
	version, err := client.Version(t.Context())
	if err != nil || version.Numeric == 0 {
		t.Fatalf("version %+v, %v", version, err)
	}
	if _, err := client.MetaProperties(t.Context()); err != nil && pretix.ClassOf(err) != pretix.Forbidden {
		t.Error(err)
	}
	events, err := client.Events(t.Context())
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		t.Run(e.Slug, func(t *testing.T) { checkLiveEvent(t, client, e.Slug) })
	}
}

func checkLiveEvent(t *testing.T, client *pretix.Client, slug string) {
	event, err := client.Event(t.Context(), slug)
	if err != nil || event.Slug != slug {
		t.Fatalf("%+v, %v", event, err)
	}
	if _, err := event.Location(); err != nil {
		t.Error(err)
	}
	items, err := client.Items(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	known := map[int64]bool{}
	for _, item := range items {
		known[item.ID] = true
	}
	lists, err := client.CheckinLists(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lists {
		for _, id := range l.LimitProducts {
			if !known[id] {
				t.Errorf("list %d has product %d, which the event lacks", l.ID, id)
			}
		}
	}
	questions, err := client.Questions(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		if q.Identifier == "" || q.Text.In("de") == "" {
			t.Errorf("question %+v", q)
		}
	}
	checkLiveDates(t, client, slug)
}

func checkLiveDates(t *testing.T, client *pretix.Client, slug string) {
	all, err := client.SubEvents(t.Context(), slug, pretix.SubEventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	active, now := true, time.Now()
	coming, err := client.SubEvents(t.Context(), slug, pretix.SubEventFilter{EndsAfter: now, Active: &active})
	if err != nil || len(coming) > len(all) {
		t.Fatalf("%d of %d dates are to come, %v", len(coming), len(all), err)
	}
	for _, s := range coming {
		one, err := client.SubEvent(t.Context(), slug, s.ID)
		if err != nil || !one.From.Equal(s.From) || one.Event != slug {
			t.Errorf("date %d: %+v, %v", s.ID, one, err)
		}
		if !s.Active || s.To != nil && s.To.Before(now) {
			t.Errorf("date %d is over or inactive", s.ID)
		}
	}
}

// Refusals of a real pretix have the classes and reasons that we count on. Nothing is stored.
func TestLiveRefusals(t *testing.T) {
	client := live(t)
	events, err := client.Events(t.Context())
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	slug := events[0].Slug
	wants := map[string]struct {
		class pretix.Class
		call  func() error
	}{
		"an order that does not exist": {pretix.NotFound, func() error { _, err := client.Order(t.Context(), slug, "NOPE1"); return err }},
		"an event that does not exist": {pretix.Forbidden, func() error { _, err := client.Items(t.Context(), "nope"); return err }},
		"a date that does not exist":   {pretix.NotFound, func() error { _, err := client.SubEvent(t.Context(), slug, 999999999); return err }},
		"a list that does not exist": {pretix.Invalid, func() error {
			_, err := client.Redeem(t.Context(), pretix.Redeem{Secret: "nope", Lists: []int64{999999999}, Simulate: true})
			return err
		}},
	}
	for name, want := range wants {
		t.Run(name, func(t *testing.T) {
			err := want.call()
			if got, ok := errors.AsType[*pretix.Error](err); !ok || got.Class != want.class || got.Detail == "" {
				t.Errorf("got %v, want %v", err, want.class)
			}
		})
	}
	lists, err := client.CheckinLists(t.Context(), slug)
	if err != nil || len(lists) == 0 {
		t.Fatalf("%d lists, %v", len(lists), err)
	}
	got, err := client.Redeem(t.Context(), pretix.Redeem{Secret: "no-such-ticket", Lists: []int64{lists[0].ID}, Simulate: true})
	if err != nil || got.Status != pretix.RedeemError || got.Reason != pretix.ReasonInvalid || got.Position != nil {
		t.Errorf("an unknown ticket: %+v, %v", got, err)
	}
}

// A seeded order is read and its tickets are checked in, as a simulation.
func TestLiveOrder(t *testing.T) {
	client := live(t)
	event, code := "gutschein", "TRF03" // of the rig's seed
	order, err := client.Order(t.Context(), event, code)
	if pretix.ClassOf(err) == pretix.Forbidden || pretix.ClassOf(err) == pretix.NotFound {
		skip(t, "this pretix is not the seeded one: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	if order.Code != code || order.Status != pretix.StatusPaid || order.URL == "" || len(order.Positions) != 3 {
		t.Fatalf("%+v", order)
	}
	for _, p := range order.Positions {
		got, err := client.Redeem(t.Context(), pretix.Redeem{Secret: p.Secret, Lists: []int64{1}, Nonce: "live/" + code, At: time.Now(), Simulate: true})
		if err != nil || got.Position == nil || got.Position.ID != p.ID || got.Position.OrderStatus != pretix.StatusPaid {
			t.Errorf("position %d: %+v, %v", p.PositionID, got, err)
		}
		if _, ok := p.Answer("VIDEOCONSENT"); !ok || p.Secret == "" || p.SubEvent == nil {
			t.Errorf("position %d: %+v", p.PositionID, p)
		}
	}
}
