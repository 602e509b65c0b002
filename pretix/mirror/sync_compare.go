package mirror

import "time"

const (
	compareDates = 10 * time.Minute
	// perComparedPage spaces the requests that comparing costs: 15 a minute, where a hosted pretix takes 360.
	perComparedPage = 4 * time.Second
)

// compareEvery is how often all rows of a list are fetched anew, which finds what was deleted: each day. Dates are compared
// more often, because pretix' backend edits several of them at once, their meta data too, without moving the last_modified
// by which we ask for changes. Source: pretix 2026.8, bulk_update in control/forms/subevents.py.
func (p *Puller) compareEvery(resource Resource, rows int64) time.Duration {
	if resource.Name != SubEvents {
		return completeAfter
	}
	pages := time.Duration(rows/pageSize + 1)
	often := min(orDefault(p.Dates, compareDates), compareDates)
	return min(max(often, pages*perComparedPage), completeAfter)
}
