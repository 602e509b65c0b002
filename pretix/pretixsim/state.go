package pretixsim

import (
	"slices"
	"time"
)

// store is the whole world. Ids count from 1 per kind across all organizers, as primary keys do.
type store struct {
	organizers  []*organizer
	credentials map[string]*credential // by "Token …" / "Device …"
	devices     []*device
	orders      []*order
	checkins    []*checkin // failed ones too
	last        map[string]int
}

type organizer struct {
	Organizer
	events []*event
	meta   []*metaProperty
	media  []*medium
}

type metaProperty struct {
	id   int
	name string
}

type event struct {
	Event
	org        *organizer
	zone       *time.Location
	categories []*category
	items      []*item
	questions  []*question
	subevents  []*subevent
	quotas     []*quota
	lists      []*list
	revoked    []revokedSecret
	blocked    []*blockedSecret
	layouts    []*badgeLayout
	badges     []badgeItem
	logged     map[string]time.Time // last change by kind, for Last-Modified
}

type category struct {
	Category
	id int
}

type item struct {
	Item
	id         int
	variations []*variation
}

type variation struct {
	Variation
	id int
}

type question struct {
	Question
	id      int
	options []*option
}

type option struct {
	Option
	id int
}

type subevent struct {
	SubEvent
	id       int
	modified time.Time
	prices   []any // item_price_overrides, as they were sent
}

type quota struct {
	Quota
	id int
}

type list struct {
	List
	id    int
	event *event
}

type revokedSecret struct {
	id      int
	secret  string
	at      time.Time
	subject *position
}

type blockedSecret struct {
	id      int
	secret  string
	blocked bool
	at      time.Time
}

type order struct {
	Order
	id        int
	event     *event
	secret    string
	modified  time.Time
	created   time.Time
	positions []*position
}

type position struct {
	Position
	order   *order
	answers []*answer // in the order they were given
	pseudo  string
	addonTo *position
}

type answer struct {
	question *question
	text     string
	options  []*option
}

type checkin struct {
	id          int
	position    *position // nil for an unknown barcode
	list        *list
	at, created time.Time
	kind        string // entry or exit
	nonce       string
	device      *device
	barcode     string
	forced      bool
	reason      string // why it failed; "" when it succeeded
	explanation string
}

func (db *store) next(kind string) int {
	if db.last == nil {
		db.last = map[string]int{}
	}
	db.last[kind]++
	return db.last[kind]
}

// organizer finds one by slug; "" is the first, so that most tests need not name it.
func (db *store) organizer(slug string) *organizer {
	for _, o := range db.organizers {
		if slug == "" || o.Slug == slug {
			return o
		}
	}
	return nil
}

func (o *organizer) event(slug string) *event {
	for _, e := range o.events {
		if e.Slug == slug {
			return e
		}
	}
	return nil
}

// event finds one by slug in any organizer.
func (db *store) event(slug string) *event {
	for _, o := range db.organizers {
		if e := o.event(slug); e != nil {
			return e
		}
	}
	return nil
}

// find returns the first element that satisfies the test, or the zero value.
func find[T any](all []T, test func(T) bool) T {
	if i := slices.IndexFunc(all, test); i >= 0 {
		return all[i]
	}
	var none T
	return none
}

func (e *event) item(id int) *item {
	return find(e.items, func(x *item) bool { return x.id == id })
}

func (e *event) question(id int) *question {
	return find(e.questions, func(x *question) bool { return x.id == id })
}

func (e *event) subevent(id int) *subevent {
	return find(e.subevents, func(x *subevent) bool { return x.id == id })
}

func (e *event) list(id int) *list {
	return find(e.lists, func(x *list) bool { return x.id == id })
}

func (db *store) order(code string) *order {
	return find(db.orders, func(x *order) bool { return x.Code == code })
}

func (db *store) position(id int) *position {
	for _, o := range db.orders {
		for _, p := range o.positions {
			if p.ID == id {
				return p
			}
		}
	}
	return nil
}

// anyItem and its siblings answer "does this primary key exist anywhere", which is all a serializer asks at first.
func (db *store) anyItem(id int) bool {
	return db.anyEvent(func(e *event) bool { return e.item(id) != nil })
}

func (db *store) anySubEvent(id int) bool {
	return db.anyEvent(func(e *event) bool { return e.subevent(id) != nil })
}

func (db *store) anyEvent(test func(*event) bool) bool {
	for _, o := range db.organizers {
		if slices.ContainsFunc(o.events, test) {
			return true
		}
	}
	return false
}

func (i *item) variation(id int) *variation {
	return find(i.variations, func(x *variation) bool { return x.id == id })
}

func (p *position) item() *item { return p.order.event.item(p.Item) }

func (p *position) subevent() *subevent { return p.order.event.subevent(p.SubEvent) }

func (p *position) answerTo(q *question) *answer {
	return find(p.answers, func(a *answer) bool { return a.question == q })
}

// history returns the successful check-ins of a position, newest first.
func (db *store) history(p *position, onLists ...*list) []*checkin {
	var out []*checkin
	for _, ci := range db.checkins {
		if ci.position == p && ci.reason == "" && (len(onLists) == 0 || slices.Contains(onLists, ci.list)) {
			out = append(out, ci)
		}
	}
	slices.SortStableFunc(out, func(a, b *checkin) int {
		if byTime := b.at.Compare(a.at); byTime != 0 {
			return byTime
		}
		return b.id - a.id
	})
	return out
}
