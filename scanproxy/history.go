package scanproxy

import (
	"slices"
	"time"
)

// History is what this proxy itself knows about one ticket on one list: the Subject of a scan.
type History struct {
	Checkins []OwnCheckin
	Answers  []Answer // valid answers kept from earlier scans of the ticket, on any list; the newest of each question
}

// OwnCheckin is an accepted scan from the journal.
type OwnCheckin struct {
	Type   ScanType
	At     time.Time // as it is or will be uploaded: whole seconds
	Nonce  string
	Device string // name of the scanner

	// Sent: pretix was told, so it may be among what pretix shows. Settled: the local copy is known to be newer than
	// that. Then the check-in counts only where pretix shows it; if pretix does not, it was annulled there.
	Sent, Settled bool
}

// Subject names the ticket and the list that a scan is about: what the journal locks and whose history it passes in.
type Subject struct {
	Event    string
	List     int64
	Position int64 // 0 for a signed ticket without order
	Secret   Code
}

// visit is one check-in in the sense of the rules, whoever knows of it.
type visit struct {
	typ    ScanType
	at     time.Time
	number int64  // of the device at pretix, if pretix knows it
	own    bool   // it is one of ours
	nonce  string // if it is ours
	device string // name, if it is ours
}

// visits are the check-ins of one ticket on one list, oldest first.
type visits []visit

// newVisits joins what pretix shows with what we did ourselves. pretix never shows a nonce: our own check-in is
// recognised by its type and time to the second, and counts once.
func newVisits(theirs []Checkin, list int64, own []OwnCheckin) visits {
	var all visits
	for _, c := range theirs {
		if c.List == list {
			all = append(all, visit{typ: c.Type, at: c.At, number: c.Device})
		}
	}
	shown := all
	for _, o := range own {
		if i := shown.find(o); o.Sent && i >= 0 {
			shown[i].own, shown[i].nonce, shown[i].device = true, o.Nonce, o.Device
		} else if !o.Settled {
			all = append(all, visit{typ: o.Type, at: o.At, own: true, nonce: o.Nonce, device: o.Device})
		}
	}
	slices.SortStableFunc(all, func(a, b visit) int { return a.at.Compare(b.at) })
	return all
}

// find returns the index of the check-in that pretix shows because of o, -1 if there is none left.
func (v visits) find(o OwnCheckin) int {
	return slices.IndexFunc(v, func(x visit) bool {
		return !x.own && x.typ == o.Type && x.at.Unix() == o.At.Unix()
	})
}

func (v visits) last() (visit, bool) {
	if len(v) == 0 {
		return visit{}, false
	}
	return v[len(v)-1], true
}

// next is when a check-in happens that comes after these: now, but later than our own last one. The order of check-ins says
// who is inside, so it must survive a clock that is set back.
func (v visits) next(now time.Time) time.Time {
	at := now.UTC().Truncate(time.Second)
	for _, x := range slices.Backward(v) {
		if x.own && x.at.After(at) {
			return x.at.UTC().Add(time.Second)
		}
	}
	return at
}

// entries are the times of the entries.
func (v visits) entries() []time.Time {
	var out []time.Time
	for _, x := range v {
		if x.typ == Entry {
			out = append(out, x.at)
		}
	}
	return out
}

// inside: the last check-in is an entry.
func (v visits) inside() bool {
	last, any := v.last()
	return any && last.typ == Entry
}

// repeats says whether a scan of that type with that nonce was accepted before: the last check-in carries the nonce,
// whatever its type, or any of the same type does. Source: check 6.14.
func (v visits) repeats(nonce string, typ ScanType) bool {
	if nonce == "" {
		return false
	}
	if last, _ := v.last(); last.nonce == nonce {
		return true
	}
	return slices.ContainsFunc(v, func(x visit) bool { return x.nonce == nonce && x.typ == typ })
}

// open says whether one more entry is allowed. Source: check 6, below the table.
func (v visits) open(list *List) bool {
	return list.MultipleEntries || len(v.entries()) == 0 || list.EntryAfterExit && !v.inside()
}
