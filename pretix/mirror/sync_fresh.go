package mirror

import "time"

const (
	compareDates = 10 * time.Minute
	// perComparedPage spaces the requests that comparing costs: 15 a minute, where a hosted pretix takes 360.
	perComparedPage = 4 * time.Second
)

// every is how often a list is fetched at the most.
func (p *Puller) every(resource Resource) time.Duration {
	if read := resource.Name == Event || resource.Name == Lists; read && p.Fresh > 0 {
		return min(resource.every, p.Fresh)
	}
	return resource.every
}

// compareEvery is how often all rows of a list are fetched anew, which finds what was deleted: each day. Dates are compared
// more often, because pretix' backend edits several of them at once, their meta data too, without moving the last_modified
// by which we ask for changes. Source: pretix 2026.8, bulk_update in control/forms/subevents.py.
func (p *Puller) compareEvery(resource Resource, rows int64) time.Duration {
	if resource.Name != SubEvents {
		return completeAfter
	}
	often, pages := min(orDefault(p.Fresh, compareDates), compareDates), time.Duration(rows/pageSize+1)
	return min(max(often, pages*perComparedPage), completeAfter)
}
