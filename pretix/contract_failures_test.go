package pretix_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/einlass/einlass/pretix"
)

// contractFailures: what is wrong with a call decides its class; the words are pretix' own and hold no secret.
func contractFailures(t *testing.T, w *contractWorld) {
	secret := w.position(t, series, "TRF01", 1).Secret
	order := func(event, code string) func(*pretix.Client) error {
		return func(c *pretix.Client) error { _, err := c.Order(t.Context(), event, code); return err }
	}
	event := func(slug string) func(*pretix.Client) error {
		return func(c *pretix.Client) error { _, err := c.Event(t.Context(), slug); return err }
	}
	redeem := func(lists ...int64) func(*pretix.Client) error {
		return func(c *pretix.Client) error {
			_, err := c.Redeem(t.Context(), pretix.Redeem{Secret: secret, Lists: lists, At: w.at(), Simulate: true})
			return err
		}
	}
	once := w.lists["running_only"]
	w.tokens["stranger"] = "no-such-token"
	for _, c := range []struct {
		story, team string
		call        func(*pretix.Client) error
		want        pretix.Class
	}{
		{"an unknown token", "stranger", order(series, "TRF01"), pretix.Unauthorized},
		{"a token that was switched off", "inactive", order(series, "TRF01"), pretix.Unauthorized},
		{"... and wants to check in", "inactive", redeem(once), pretix.Unauthorized},
		{"a team without rights", "noperm", order(series, "TRF01"), pretix.Forbidden},
		{"a team that only checks in reads an order", "checkinonly", order(series, "TRF01"), pretix.Forbidden},
		{"a team of another event", "otherevent", event(series), pretix.Forbidden},
		{"an event that does not exist", "all", event("nope"), pretix.Forbidden},
		{"an order that does not exist", "bridge", order(series, "NOPE1"), pretix.NotFound},
		{"an order of another event", "all", order(series, "CONF1"), pretix.NotFound},
		{"a date that does not exist", "bridge", func(c *pretix.Client) error {
			_, err := c.SubEvent(t.Context(), series, 999999999)
			return err
		}, pretix.NotFound},
		{"a list that does not exist", "bridge", redeem(999999999), pretix.Invalid},
		{"a list that one may not see", "bridge", redeem(w.lists["einlass"]), pretix.Invalid},
		{"a team that only reads checks in", "readonly", redeem(once), pretix.Invalid}, // the list is said not to exist
		{"a team without rights checks in", "noperm", redeem(once), pretix.Invalid},
		{"two lists of one event", "bridge", redeem(once, w.lists["multi"]), pretix.Invalid},
		{"no list", "bridge", redeem(), pretix.Invalid},
	} {
		t.Run(c.story, func(t *testing.T) {
			err := c.call(w.as(t, c.team))
			failed, ok := errors.AsType[*pretix.Error](err)
			if !ok || failed.Class != c.want || failed.Detail == "" || failed.OutcomeUnknown {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), secret.Reveal()) {
				t.Error("the error holds the ticket's secret")
			}
		})
	}
	if err := redeem(once)(w.as(t, "checkinonly")); err != nil {
		t.Errorf("a team that only checks in cannot: %v", err)
	}
}
