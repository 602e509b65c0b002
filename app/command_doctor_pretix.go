package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// noOrder is a code that pretix never gives: it has no O and no 0 in its codes.
const noOrder = "O0O0O"

// pretix checks the shop: whether it answers, knows the token, and holds what an entry needs.
func (d *checkup) pretix(ctx context.Context) {
	cfg := d.options.Pretix
	if cfg.URL == "" || cfg.Token == "" || cfg.Organizer == "" {
		return // configuration has said so
	}
	client, err := newPretix(cfg)
	if err != nil {
		d.bad("see the options pretix_…", "pretix: %v", err)
		return
	}
	defer client.Close()
	p, ok := d.reach(ctx, "pretix", cfg.URL, "is pretix_url right, and may this machine call it?")
	if !ok {
		return
	}
	d.clock("pretix", p)
	version, err := client.Version(ctx)
	if err != nil {
		cure := pretixCure(err)
		if pretix.ClassOf(err) == pretix.Forbidden { // so pretix answers here where elsewhere it says 401
			cure = newToken
		}
		d.bad(cure, "pretix: %v", err)
		return
	}
	d.good("pretix: version %s, it knows the token", version.Pretix)
	d.metaProperties(ctx, client)
	events := cfg.Events
	cfg.Events = nil
	for _, event := range events {
		if d.event(ctx, client, event) {
			cfg.Events = append(cfg.Events, event)
		}
	}
	d.checkinLists(ctx, client, cfg)
}

// metaProperties: a date can only name its room where the organizer allows the property.
func (d *checkup) metaProperties(ctx context.Context, client *pretix.Client) {
	wanted := d.options.Pretix.MetaProperties
	properties, err := client.MetaProperties(ctx)
	if err != nil {
		d.bad(pretixCure(err), "pretix: meta data properties cannot be read: %v", err)
		return
	}
	for _, p := range properties {
		if slices.Contains(wanted, p.Name) {
			d.good("pretix: meta data property %s exists", p.Name)
			return
		}
	}
	d.bad("add one at pretix under Organizer, Settings, Event metadata, or set meta_property",
		"pretix: the organizer has no meta data property %s, so no date can name its room", strings.Join(wanted, " or "))
}

// event checks one series: what it is, whether orders can be read, whether the questions exist. It tells whether it makes
// sense to look further.
func (d *checkup) event(ctx context.Context, client *pretix.Client, slug string) bool {
	event, err := client.Event(ctx, slug)
	if err != nil {
		d.bad(pretixCure(err), "pretix: event %s: %v", slug, err)
		return false
	}
	if !event.HasSubEvents {
		d.bad("name an event series in pretix_event", "pretix: event %s is a single event without dates", slug)
		return false
	}
	if _, err := event.Location(); err != nil {
		d.bad("set the time zone of the event at pretix", "pretix: event %s: %v", slug, err)
	}
	if event.TestMode {
		d.warn("end the test mode at pretix before real tickets are sold", "pretix: event %s is in test mode, tickets of test orders open no room", slug)
	}
	if _, err := client.Order(ctx, slug, noOrder); pretix.ClassOf(err) != pretix.NotFound {
		d.bad(pretixCure(err), "pretix: event %s: orders cannot be read: %v", slug, err)
		return false
	}
	d.good("pretix: event %s is a series, its orders can be read", slug)
	d.questions(ctx, client, slug)
	return true
}

func (d *checkup) questions(ctx context.Context, client *pretix.Client, event string) {
	questions, err := client.Questions(ctx, event)
	if err != nil {
		d.bad(pretixCure(err), "pretix: event %s: questions cannot be read: %v", event, err)
		return
	}
	cfg := d.options.Pretix
	for _, wanted := range []string{cfg.QuestionCallsign, cfg.QuestionConsent} {
		known := slices.ContainsFunc(questions, func(q pretix.Question) bool { return q.Identifier == wanted })
		if wanted != "" && !known {
			d.warn("give the question this internal identifier at pretix, or correct question_callsign or question_consent",
				"pretix: event %s has no question %s; it counts as not answered", event, wanted)
		}
	}
}

// checkinLists looks the lists up as an entry would, and asks once per list whether we may check in there.
func (d *checkup) checkinLists(ctx context.Context, client *pretix.Client, cfg PretixConfig) {
	catalog, err := mirror.New(client, mirror.Options{TTL: cfg.MirrorTTL, Now: d.now})
	if err != nil {
		d.bad("see the option mirror_ttl", "pretix: %v", err)
		return
	}
	asked := map[int64]bool{}
	for _, f := range productLists(ctx, catalog, cfg) {
		switch {
		case errors.Is(f.err, room.ErrNoList):
			d.bad("one list for the whole series has to cover the product; where there are several, checkin_list names it",
				"pretix: event %s, product %d: %v", f.event, f.product, f.err)
			continue
		case f.err != nil:
			d.bad(pretixCure(f.err), "pretix: event %s: %v", f.event, f.err)
			continue
		}
		d.good("pretix: event %s, product %d is checked in on list %d (%s)", f.event, f.product, f.list.ID, f.list.Name)
		if !asked[f.list.ID] {
			asked[f.list.ID] = true
			d.checkinList(ctx, client, f.list)
		}
	}
}

// checkinList asks pretix to go through the motions with a ticket that does not exist: nothing is stored.
func (d *checkup) checkinList(ctx context.Context, client *pretix.Client, list pretix.CheckinList) {
	for _, w := range room.ListWarnings(list) {
		d.warn("change the list at pretix", "pretix: list %d %s", list.ID, w)
	}
	_, err := client.Redeem(ctx, pretix.Redeem{Secret: "einlass-doctor-asks", Lists: []int64{list.ID}, Simulate: true})
	switch class := pretix.ClassOf(err); {
	case err == nil:
	case class == pretix.Forbidden, class == pretix.Invalid: // a list that may not be used is said not to exist
		d.bad("give the token's team the right to change orders or to check in", "pretix: list %d: the token may not check in: %v", list.ID, err)
		return
	default:
		d.bad(pretixCure(err), "pretix: list %d: %v", list.ID, err)
		return
	}
	d.good("pretix: list %d: the token may check in", list.ID)
}

const newToken = "make a new token at pretix (Organizer, Teams, API tokens) and set pretix_token"

// pretixCure says what helps against a class of failure.
func pretixCure(err error) string {
	switch pretix.ClassOf(err) {
	case pretix.Unauthorized:
		return newToken
	case pretix.Forbidden:
		return "give the token's team access to the event with the rights to view and change orders, or correct pretix_organizer and pretix_event"
	case pretix.NotFound:
		return "correct pretix_organizer and pretix_event"
	case pretix.RateLimited, pretix.Conflict:
		return "pretix is busy, try again in a minute"
	case pretix.Unavailable, pretix.Invalid:
	}
	return "is pretix_url the address of pretix itself, and is it running?"
}
