package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
)

// nameBlocks are runs of tickets in the order of names, each with the pieces of three characters that its texts hold: names
// and email addresses. A search for what thousands have in theirs passes over the runs that cannot hold it. They are made
// when first wanted and kept up to date from then on. What a ticket no longer holds stays in its block, which costs time
// but finds nothing wrong. A search that finds them locked by another one does without. See decision 0018.
type nameBlocks struct {
	fewHits, size int // as the constants, but for tests

	mu     sync.Mutex
	blocks []nameBlock // none: to be made
	counts pieceCounts // how often each piece stood in a text, when the blocks were made
	change int64       // id of the last change of the copy that is in the blocks
	count  int         // tickets, when the blocks were made
	more   int         // tickets that have changed or come since
}

// nameBlock reaches to the beginning of the next one; the first one begins before all names. Those without a name are in the
// last one.
type nameBlock struct {
	from, last namePlace // of the tickets that were in it when it was made
	count      int       // of these
	holds      *pieceSet
}

// namePlace is where a ticket is in the order of names. Tickets of the same name are in the same block.
type namePlace struct {
	nameless int64
	name     string
}

func (p namePlace) compare(other namePlace) int {
	return cmp.Or(cmp.Compare(p.nameless, other.nameless), cmp.Compare(p.name, other.name))
}

const (
	// blockSize is how many tickets are in a block, and more where they are called the same: looked at in a millisecond or two.
	blockSize = 4096

	// fewHits is up to how many hits are looked up by index and sorted. Where there are more, the first ones are met soon by
	// walking over the tickets in the order of names. The more tickets, the later that pays: a hundredth more for each block.
	fewHits = 700
)

// nameRange is from a name on to before another, which may be missing, among those with or without one.
type nameRange struct {
	nameless     int64
	from, before string
	open         bool // there is no before
}

// holding is in which blocks tickets may be that a search finds.
type holding struct {
	known  bool        // false: nothing is known, and ranges are everywhere
	blocks int         // how many
	first  nameRange   // of the first block
	ranges []nameRange // of all blocks together
}

// holding returns where tickets may be whose text holds this, and those with these ids. build: unless it is known, look at all
// tickets once.
func (s *session) holding(ctx context.Context, upper string, ids []int64, build bool) (holding, error) {
	everywhere := holding{ranges: []nameRange{{nameless: 0, open: true}, {nameless: 1, open: true}}}
	known := &s.m.names
	if !known.mu.TryLock() {
		return everywhere, nil // somebody makes them; to wait would keep scanners from the copy
	}
	defer known.mu.Unlock()
	if known.blocks == nil && !build {
		return everywhere, nil
	}
	if usable, err := s.refresh(ctx, known); err != nil || !usable {
		return everywhere, err
	}
	also, err := s.namesOf(ctx, ids)
	if err != nil {
		return holding{}, err
	}
	wanted := map[int]bool{}
	for _, t := range also {
		wanted[known.find(t.namePlace)] = true
	}
	return known.holding(func(i int) bool { return wanted[i] || known.blocks[i].holds.mayHold(upper) }), nil
}

func (n *nameBlocks) holding(wanted func(i int) bool) holding {
	h := holding{known: true}
	for i, b := range n.blocks {
		if !wanted(i) {
			continue
		}
		r := nameRange{nameless: b.from.nameless, from: b.from.name, open: true}
		if i+1 < len(n.blocks) && n.blocks[i+1].from.nameless == r.nameless {
			r.before, r.open = n.blocks[i+1].from.name, false
		}
		if h.blocks++; h.blocks == 1 {
			h.first = r
		}
		if k := len(h.ranges) - 1; k >= 0 && !h.ranges[k].open && h.ranges[k].before == r.from {
			h.ranges[k].before, h.ranges[k].open = r.before, r.open
		} else {
			h.ranges = append(h.ranges, r)
		}
	}
	return h
}

// refresh brings the blocks up to what the session sees. They are not usable if they are newer than that.
func (s *session) refresh(ctx context.Context, known *nameBlocks) (usable bool, err error) {
	if known.blocks == nil {
		return true, s.makeBlocks(ctx, known)
	}
	changed, err := s.changesSince(ctx, known.change)
	switch {
	case err != nil:
		return false, err
	case changed.last < known.change:
		return false, nil
	case !changed.complete || known.more+len(changed.positions) > known.count+known.size:
		return true, s.makeBlocks(ctx, known)
	}
	texts, err := s.namesOf(ctx, changed.positions)
	if err != nil {
		return false, err
	}
	for _, t := range texts {
		known.blocks[known.find(t.namePlace)].holds.add(t.searched)
	}
	known.change, known.more = changed.last, known.more+len(changed.positions)
	return true, nil
}

// rarest returns up to how many tickets are looked up, and the part of a text that an index finds the fewest by; atMost is how
// many may hold the text, 0: that is not known.
func (n *nameBlocks) rarest(text string) (few int, part string, atMost int) {
	if !n.mu.TryLock() {
		return n.fewHits, text, 0
	}
	defer n.mu.Unlock()
	if n.blocks == nil {
		return n.fewHits, text, 0
	}
	part, atMost = n.counts.rarest(text, n.count/10)
	return n.fewHits + n.fewHits*len(n.blocks)/100, part, atMost
}

// PrepareSearch looks at all tickets once, or at those that have changed since the last time, so that nobody who searches
// waits for it: up to seconds with a million tickets.
func (m *Mirror) PrepareSearch(ctx context.Context) error {
	err := m.read(ctx, func(s *session, _ int64) error {
		if !m.names.mu.TryLock() {
			return nil
		}
		defer m.names.mu.Unlock()
		_, err := s.refresh(ctx, &m.names)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare search: %w", err)
	}
	return nil
}

// find returns the block that a place is in.
func (n *nameBlocks) find(at namePlace) int {
	i, exactly := slices.BinarySearchFunc(n.blocks, at, func(b nameBlock, at namePlace) int { return b.from.compare(at) })
	if exactly {
		return i
	}
	return max(i-1, 0)
}

// namedText is what a search looks into, and where it is in the order of names.
type namedText struct {
	namePlace
	searched string
}

func scanNamedText(from row) (t namedText, err error) {
	err = from.Scan(&t.nameless, &t.name, &t.searched)
	return t, err
}

// namesOf returns those of these tickets that are there.
func (s *session) namesOf(ctx context.Context, ids []int64) (texts []namedText, err error) {
	for _, some := range pieces(anyOf(ids)) {
		found, err := all(ctx, s, scanNamedText,
			`SELECT nameless, attendee_name, searched FROM positions WHERE id IN (`+numbered(1, len(some))+`)`, some...)
		if err != nil {
			return nil, err
		}
		texts = append(texts, found...)
	}
	return texts, nil
}

// makeBlocks looks at all tickets once.
func (s *session) makeBlocks(ctx context.Context, known *nameBlocks) error {
	const query = `SELECT nameless, attendee_name, searched FROM positions ORDER BY nameless, attendee_name, positionid, id`
	if g, glances := s.querier.(*glance); glances {
		return g.tooLong()
	}
	count, counts, made := 0, pieceCounts{}, []nameBlock{{holds: &pieceSet{}}}
	changed, err := s.changesSince(ctx, beforeAll)
	if err != nil {
		return err
	}
	_, err = all(ctx, s, func(from row) (none struct{}, err error) {
		t, err := scanNamedText(from)
		now := &made[len(made)-1]
		if now.count >= known.size && t.namePlace != now.last || t.nameless != now.from.nameless {
			made = append(made, nameBlock{from: t.namePlace, holds: &pieceSet{}})
			now = &made[len(made)-1]
		}
		count++
		now.count, now.last = now.count+1, t.namePlace
		now.holds.add(t.searched)
		counts.add(t.searched)
		return none, err
	}, query)
	if made[len(made)-1].from.nameless == 0 { // somebody without a name may come
		made = append(made, nameBlock{from: namePlace{nameless: 1}, holds: &pieceSet{}})
	}
	if err == nil {
		known.blocks, known.counts, known.change, known.count, known.more = made, counts, changed.last, count, 0
	}
	return err
}
