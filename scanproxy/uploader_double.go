package scanproxy

import (
	"context"
	"slices"
	"strings"

	"github.com/einlass/einlass/pretix"
)

// double looks for somebody else's entry that would have kept ours out, or the other way round, had the two known of each
// other. pretix answers with the check-ins from before the upload, on this list.
func (r *round) double(ctx context.Context, u Upload, answer pretix.Redeemed) (*Checkin, error) {
	if answer.Position == nil {
		return nil, nil
	}
	return r.strange(ctx, u, factsOf(answer.Position.Checkins))
}

// shown ends a check-in that pretix has, by what the copy shows. To send it again would check the ticket in anew if it was
// annulled meanwhile: pretix knows a nonce only as long as the check-in counts.
func (r *round) shown(ctx context.Context, u Upload) (Result, error) {
	var theirs []Checkin
	err := r.Copy.Read(ctx, func(l Lookup, _ int64) error {
		tickets, err := l.TicketsBySecret(ctx, []string{u.Admit.Event}, u.Admit.Secret)
		for _, t := range tickets {
			if t.ID == u.Admit.Position {
				theirs = t.Checkins
			}
		}
		return err
	})
	if err != nil {
		return Result{}, err
	}
	result := Result{Outcome: Done}
	result.Other, err = r.strange(ctx, u, theirs)
	return result, err
}

// strange looks for the entry among the check-ins that pretix shows of the ticket.
func (r *round) strange(ctx context.Context, u Upload, theirs []Checkin) (*Checkin, error) {
	if len(theirs) == 0 || u.Admit.Type == Exit {
		return nil, nil
	}
	own, err := r.Queue.Told(ctx, u.Admit.Subject)
	if err != nil {
		return nil, err
	}
	if u.Attempts == 0 { // the first time we tell it: what pretix shows at that second is not ours
		for i := range own {
			own[i].Sent = own[i].Sent && own[i].Nonce != u.Admit.Nonce
		}
	}
	list := r.list(ctx, Selection{Event: u.Admit.Event, List: u.Admit.List})
	return list.double(newVisits(theirs, u.Admit.List, own), u.Admit.Nonce), nil
}

// list returns what the local copy knows of a list, else one as strict as pretix makes them unless told otherwise: a copy
// that cannot be read must not keep anything from pretix.
func (r *round) list(ctx context.Context, at Selection) *List {
	list := &List{ID: at.List, EntryAfterExit: true}
	err := r.Copy.Read(ctx, func(l Lookup, _ int64) error {
		desk, err := l.Desk(ctx, at, "")
		if err == nil && desk.List != nil {
			list = desk.List
		}
		return err
	})
	if err != nil {
		r.Log.WarnContext(ctx, "list not found for double admission", "event", at.Event, "list", at.List, "error", err)
	}
	return list
}

// double returns a strange entry that stands in the way of the one with the nonce: no other entry on the same list, or
// none without an exit in between.
func (l *List) double(v visits, nonce string) *Checkin {
	mine := slices.IndexFunc(v, func(x visit) bool { return x.nonce == nonce })
	if mine < 0 || l.MultipleEntries {
		return nil
	}
	for i, x := range v {
		if x.own || x.typ != Entry {
			continue
		}
		between := v[min(i, mine)+1 : max(i, mine)]
		left := slices.ContainsFunc(between, func(x visit) bool { return x.typ == Exit })
		if !l.EntryAfterExit || !left {
			return &Checkin{List: l.ID, Type: Entry, At: x.at, Device: x.number}
		}
	}
	return nil
}

// factsOf turns check-ins of an answer into facts.
func factsOf(checkins []pretix.Checkin) []Checkin {
	out := make([]Checkin, len(checkins))
	for i, c := range checkins {
		out[i] = Checkin{ID: c.ID, List: c.List, Type: ScanType(strings.ToUpper(c.Type)), At: c.At}
		if c.DeviceID != nil {
			out[i].Device = *c.DeviceID
		}
	}
	return out
}
