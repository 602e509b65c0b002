package room

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/einlass/einlass/pretix"
)

// verify checks the signature of the link and that its event is one of ours.
func (e *entry) verify(ctx context.Context) (*Admission, error) {
	if e.Token == "" {
		return e.refuse(LinkMissing), nil
	}
	link, err := e.Links.Verify(e.Token)
	e.link = link
	e.event = cmp.Or(link.Event, e.Rules.Events[0])
	if err != nil {
		e.rememberShop(ctx, err)
		return nil, fmt.Errorf("verify link: %w", err)
	}
	if !slices.Contains(e.Rules.Events, e.event) {
		return e.refuse(LinkForeign), nil
	}
	return nil, nil
}

// rememberShop finds the shop that an expired link came from: its ticket page has a fresh link. Not the order's own page,
// whose address is a secret that an old link must not lead to.
func (e *entry) rememberShop(ctx context.Context, bad error) {
	link, ok := errors.AsType[*pretix.LinkError](bad)
	if !ok || link.Reason != pretix.LinkExpired || !slices.Contains(e.Rules.Events, e.event) {
		return
	}
	if event, err := e.Catalog.Event(ctx, e.event); err == nil {
		e.shop = event.PublicURL
	}
}

// notPaused spares pretix while it asked to be left alone. Who waited here before still sees the room.
func (e *entry) notPaused(ctx context.Context) (*Admission, error) {
	if !e.now.Before(e.Release.Paused()) {
		return nil, nil
	}
	if e.Visit.Pass.Complete() {
		if _, err := e.recall(ctx); err != nil {
			return nil, err
		}
	}
	return e.wait(WaitForShop), nil
}

// readOrder reads the order, always fresh, and refuses what is true of the order as a whole.
func (e *entry) readOrder(ctx context.Context) (*Admission, error) {
	event, err := e.Catalog.Event(ctx, e.event)
	if err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	if e.loc, err = event.Location(); err != nil {
		return nil, err
	}
	e.shop = event.PublicURL
	e.order, err = e.Orders.Order(ctx, e.event, e.link.Order)
	if failed, ok := errors.AsType[*pretix.Error](err); ok && failed.Class == pretix.NotFound {
		return e.refuse(OrderUnknown), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read order: %w", err)
	}
	if why := orderRefusal(e.order); why != "" {
		return e.refuse(why), nil
	}
	return nil, nil
}

// orderRefusal says why nobody enters with this order, "" if somebody may.
func orderRefusal(o pretix.Order) Reason {
	switch {
	case o.TestMode: // pretix itself would check it in
		return OrderTestMode
	case o.Status == pretix.StatusCanceled:
		return OrderCanceled
	case o.Status == pretix.StatusExpired:
		return OrderExpired
	case o.Status == pretix.StatusPending && o.RequireApproval:
		return OrderUnapproved
	case o.Status == pretix.StatusPending && !o.ValidIfPending:
		return OrderPending
	}
	return ""
}

// choose finds the position that the link means, its date and its room.
func (e *entry) choose(ctx context.Context) (*Admission, error) {
	candidates, why := candidates(e.order, e.link.Position, e.Visit.Position, e.Rules.Products)
	if why != "" {
		return e.refuse(why), nil
	}
	first := candidates[0]
	if candidates, why = usable(candidates, e.now); why != "" {
		return e.refuseValidity(why, first), nil
	}
	options, err := e.options(ctx, candidates)
	if err != nil {
		return nil, err
	}
	best := nearest(options, e.now, e.Rules.DateWindow)
	e.take(best[0])
	if best[0].refused != "" {
		return e.refuse(best[0].refused), nil
	}
	if len(best) > 1 {
		return e.ask(best), nil
	}
	return nil, nil
}

// refuseValidity names the times where a ticket is not valid now.
func (e *entry) refuseValidity(why Reason, p pretix.Position) *Admission {
	a := e.refuse(why)
	if why == NotYetValid {
		a.Doors = p.ValidFrom.In(e.loc)
	}
	if why == NoLongerValid && p.ValidUntil != nil {
		a.Closes = p.ValidUntil.In(e.loc)
	}
	return a
}

// take makes one option the position of this walk.
func (e *entry) take(o option) {
	e.position, e.sub, e.window, e.room = o.position, o.sub, o.window, o.room
	e.consent = e.Rules.Questions.consents(o.position)
	e.named = o.position.AttendeeName != ""
}

// ask lets the holder of several tickets for one date say who is there: the names, nothing more.
func (e *entry) ask(options []option) *Admission {
	a := &Admission{Kind: Choose, Room: e.room, Date: e.shownDate()}
	for _, o := range options {
		a.People = append(a.People, Person{Position: o.position.ID, Number: o.position.PositionID, Name: o.position.AttendeeName})
	}
	return a
}
