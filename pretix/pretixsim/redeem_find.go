package pretixsim

import (
	"cmp"
	"slices"
)

// findTicket looks for the secret among the tickets of the lists: not canceled, and of the list's date if it has one.
// On a list with add-on matching the parent's secret finds its add-ons, too. A secret may be a medium's, and one on
// the revocation list leads to its ticket. It reports whether anything was found, and the refusal when it found too much.
func (r *redemption) findTicket() (bool, *verdict) {
	var candidates []*position
	for _, l := range r.in.lists {
		candidates = append(candidates, r.onList(l)...)
	}
	if len(candidates) == 0 {
		if r.viaMedium, r.elsewhere = r.findMedium(); r.viaMedium {
			return true, nil
		}
		return r.findRevoked(), nil
	}
	slices.SortStableFunc(candidates, func(a, b *position) int { return cmp.Compare(a.parentID(), b.parentID()) })
	r.choose(candidates[0])
	if len(candidates) == 1 {
		return true, nil
	}
	fitting := filter(candidates, func(p *position) bool { return r.listFor(p).admits(p.Item) })
	if len(fitting) > 1 {
		fitting = filter(fitting, func(p *position) bool {
			return !p.ValidFrom.After(r.in.at) && (p.ValidUntil.IsZero() || p.ValidUntil.After(r.in.at))
		})
	}
	switch len(fitting) {
	case 0: // any of them will be refused, and the parent explains best why
	case 1:
		r.choose(fitting[0])
	default:
		return true, refused("ambiguous")
	}
	return true, nil
}

func (r *redemption) choose(p *position) { r.list, r.ticket = r.listFor(p), p }

// listFor is the asked list of the ticket's event; there is at most one per event.
func (r *redemption) listFor(p *position) *list {
	return find(r.in.lists, func(l *list) bool { return l.event == p.order.event })
}

func (r *redemption) onList(l *list) []*position {
	var out []*position
	for _, o := range r.c.s.db.orders {
		if o.event != l.event {
			continue
		}
		for _, p := range o.positions {
			known := p.Secret == r.in.secret || (l.AddonMatch && p.addonTo != nil && p.addonTo.Secret == r.in.secret)
			if known && !p.Canceled && (l.SubEvent == 0 || l.SubEvent == p.SubEvent) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (r *redemption) findRevoked() bool {
	for _, l := range r.in.lists {
		for _, known := range l.event.revoked {
			if known.secret == r.in.secret && known.subject != nil {
				r.list, r.ticket, r.viaRevoked = l, known.subject, true
				return true
			}
		}
	}
	return false
}
