package scanproxy

import (
	"cmp"
	"slices"
	"time"
)

// check is one scan under judgement: the facts, and which ticket and list the code means.
type check struct {
	Facts
	code Code

	revoked   bool // the code is unknown and on a revocation list
	twins     bool // the code is the secret of several tickets
	byMedium  bool // the code is the identifier of a reusable medium
	elsewhere bool // the ticket is for another date than the list
	ambiguous bool // several tickets are possible
	found     bool // ticket is set

	ticket Ticket
	desk   Desk // whose list judges, or is told; the first one where nothing is found

	visits  visits
	answers answers
	keeping bool // the new answers are to be kept
}

// open finds out what the code means. Source: check 4 and 5.
func open(f Facts) *check {
	c := &check{Facts: f, code: f.Scan.Clean()}
	if len(f.Desks) > 0 {
		c.desk = f.Desks[0]
	}
	hits, byCode := f.onDate(f.Hits), f.onDate(c.candidates(f.Hits))
	switch {
	case len(hits) > 1:
		c.twins = true
		c.take(slices.MinFunc(hits, func(a, b Ticket) int { return cmp.Compare(a.ID, b.ID) })) // the same one every time
	case c.found: // a hit without list
	case len(byCode) > 0: // perhaps only an add-on, of a base ticket of another date
		c.choose(byCode)
	case len(c.strays()) > 0:
		c.take(c.nearest(c.strays()))
	case len(f.MediumHits) > 0 && f.Medium.counts(f.Now):
		c.byMedium = true
		c.choose(c.candidates(slices.SortedStableFunc(slices.Values(f.MediumHits), byPosition)))
	default:
		c.openUnknown()
	}
	if c.found && !c.missingDesk() {
		c.visits = newVisits(c.ticket.Checkins, c.desk.List.ID, f.History.Checkins)
		c.answers = c.askQuestions()
	}
	return c
}

// openUnknown handles a code that leads to no ticket of the local copy: it may be revoked, a ticket of another date, or
// signed. Events are tried in the order of the scan. A medium that counts no longer is none; one that counts, with tickets of
// other events only, ends the search before the revocation lists.
func (c *check) openUnknown() {
	onMedium := c.Medium.counts(c.Now)
	for _, d := range c.Desks {
		if d.Revoked && !onMedium {
			c.revoked = true
			c.openSigned()
			c.desk = d
			return
		}
	}
	if len(c.Hits) > 0 {
		c.elsewhere = true
		return
	}
	first := c.desk
	if c.openSigned(); c.found && !c.onListsDate() {
		c.elsewhere, c.desk = true, first
	}
}

// openSigned takes the ticket that a signed code describes. Source: check 8.1.
func (c *check) openSigned() {
	for _, d := range c.Desks {
		if d.Event == nil {
			continue
		}
		s, ok := d.Event.Keys.Open(c.code.Reveal())
		if !ok {
			continue
		}
		c.take(Ticket{
			Event: d.Event.Slug, Signed: true, Secret: c.code,
			Item: s.Item, Variation: s.Variation, SubEvent: s.SubEvent,
			ValidFrom: s.ValidFrom, ValidUntil: s.ValidUntil,
			Blocked: slices.ContainsFunc(c.Desks, func(d Desk) bool { return d.Blocked }),
		})
		return
	}
}

func (c *check) take(t Ticket) {
	c.found, c.ticket, c.desk = true, t, c.Facts.desk(t.Event)
}

func (c *check) missingDesk() bool { return c.desk.Event == nil || c.desk.List == nil }

// onListsDate is true where the list is for all dates, or unknown.
func (c *check) onListsDate() bool {
	return len(c.onDate([]Ticket{c.ticket})) == 1
}

// choose picks one of the candidates. Source: check 5.
func (c *check) choose(candidates []Ticket) {
	if c.found { // a hit without list
		return
	}
	left := candidates
	for _, filter := range []func(Ticket) bool{c.onItsList, c.inItsTime} {
		if len(left) > 1 {
			left = slices.DeleteFunc(slices.Clone(left), func(t Ticket) bool { return !filter(t) })
		}
	}
	switch len(left) {
	case 1:
		c.take(left[0])
	case 0:
		c.take(c.nearest(candidates))
	default:
		c.ambiguous = true
		c.take(candidates[0])
	}
}

// candidates are the hits, each followed by its add-ons where its list matches them. A hit whose list is unknown is
// taken at once: the scan ends with it.
func (c *check) candidates(hits []Ticket) []Ticket {
	var all []Ticket
	for _, hit := range hits {
		desk := c.Facts.desk(hit.Event)
		if desk.Event == nil || desk.List == nil {
			c.take(hit)
			return nil
		}
		all = append(all, hit)
		if desk.List.MatchAddOns {
			all = append(all, c.addOnsOf(hit)...)
		}
	}
	return all
}

// strays are the add-ons, on the date of a list that does not match add-ons, of a ticket of another date. Where the scan has
// another list that does, pretix' search finds them, and lets the only one, or the nearest, stand for the code.
func (c *check) strays() []Ticket {
	var all []Ticket
	if c.matchesAddOns() {
		for _, hit := range c.Hits {
			all = append(all, c.addOnsOf(hit)...)
		}
	}
	return c.onDate(all)
}

func (c *check) addOnsOf(base Ticket) []Ticket {
	own := slices.DeleteFunc(slices.Clone(c.AddOns), func(t Ticket) bool { return t.AddonTo != base.ID })
	slices.SortStableFunc(own, byPosition)
	return own
}

func byPosition(a, b Ticket) int {
	return cmp.Or(cmp.Compare(a.PositionID, b.PositionID), cmp.Compare(a.ID, b.ID))
}

func (c *check) onItsList(t Ticket) bool { return c.Facts.desk(t.Event).List.Admits(t.Item) }

// inItsTime chooses between tickets. Unlike the rules on validity it applies to exits too, and the last instant is
// outside.
func (c *check) inItsTime(t Ticket) bool {
	return !c.Now.Before(t.ValidFrom) && (t.ValidUntil.IsZero() || t.ValidUntil.After(c.Now))
}

// nearest is the ticket to name when none fits: the next to become valid, else the last that was, else the first.
func (c *check) nearest(tickets []Ticket) Ticket {
	var next, past *Ticket
	for i := range tickets {
		t := &tickets[i]
		if t.ValidFrom.After(c.Now) && (next == nil || t.ValidFrom.Before(next.ValidFrom)) {
			next = t
		}
		if over(t.ValidUntil, c.Now) && (past == nil || t.ValidUntil.After(past.ValidUntil)) {
			past = t
		}
	}
	return *cmp.Or(next, past, &tickets[0])
}

// over says whether a limit has passed; the last instant is inside.
func over(limit, now time.Time) bool { return !limit.IsZero() && limit.Before(now) }

// Subject says which ticket and which list the verdict will be about; false when no ticket is found and there is no
// history to pass in.
func (f Facts) Subject() (Subject, bool) {
	c := open(f)
	return c.subject(), c.found && !c.missingDesk()
}

func (c *check) subject() Subject {
	return Subject{Event: c.desk.Selection.Event, List: c.desk.Selection.List, Position: c.ticket.ID, Secret: c.ticket.Secret}
}
