package mirror

import (
	"context"
	"net/url"
	"time"

	"github.com/einlass/einlass/pretix"
)

// maxListPages bounds a list that is held in memory: 100,000 rows.
const maxListPages = 2000

// request returns the query for the rows of a resource.
func (resource Resource) request(event string, query url.Values) pretix.List {
	all := url.Values{}
	for name, value := range resource.parameters {
		all.Set(name, value)
	}
	for _, field := range resource.exclude {
		all.Add("exclude", field)
	}
	for _, field := range resource.include {
		all.Add("include", field)
	}
	for name, values := range query {
		all[name] = values
	}
	return pretix.List{Event: event, Path: resource.Path, Query: all}
}

// fetchList fetches a list that is short enough to be compared as a whole.
func (r *round) fetchList(ctx context.Context, resource Resource, state State) error {
	modified := ""
	if resource.how == changed && within(r.Now(), state.Progress.Complete, completeAfter) {
		modified = state.Progress.Modified // pretix goes by its log, which does not have everything
	}
	got, err := r.collect(ctx, resource, state.Event, nil, modified)
	switch {
	case absent(resource, err):
		got = collected{}
	case err != nil:
		return err
	case got.NotModified:
		return r.Keeper.Apply(ctx, Batch{Key: state.Key, Progress: state.Progress, At: r.Now(), Done: true})
	}
	return r.Keeper.Apply(ctx, Batch{
		Key: state.Key, Rows: got.Rows, Complete: true,
		Progress: Progress{Modified: unchanged(got.RawPage), Complete: r.Now()}, At: r.Now(), Done: true,
	})
}

// collected is a whole list: the rows of all pages, with what the first page says.
type collected struct{ pretix.RawPage }

// collect fetches all pages of a list. Pages are by number, so a row slips through when another one is deleted meanwhile:
// a list that is not the same size on all pages, or shows a row twice, is no answer.
func (r *round) collect(ctx context.Context, resource Resource, event string, query url.Values, modified string) (all collected, err error) {
	met := map[string]bool{}
	for number := 1; number <= maxListPages; number++ {
		list := resource.request(event, query)
		if paged(list.Query, number, pageSize); number == 1 {
			list.IfModifiedSince = modified
		}
		if err := r.turn(ctx); err != nil {
			return collected{}, err
		}
		page, err := r.Source.RawPage(ctx, list)
		if number > 1 && isGone(err) {
			return collected{}, errMoving
		}
		if err != nil {
			return collected{}, err
		}
		if number == 1 {
			all.RawPage = page
			all.Rows = nil
		}
		for _, row := range page.Rows {
			if met[string(row)] {
				return collected{}, errMoving
			}
			met[string(row)] = true
		}
		all.Rows = append(all.Rows, page.Rows...)
		if page.Count != all.Count {
			return collected{}, errMoving
		}
		if !page.More {
			if !page.NotModified && len(all.Rows) != all.Count {
				return collected{}, errMoving
			}
			return all, nil
		}
	}
	return collected{}, errMoving
}

// fetchSince fetches what has changed, and all of it at first and now and then.
func (r *round) fetchSince(ctx context.Context, resource Resource, state State) error {
	now := r.Now()
	if !state.Progress.Since.IsZero() && within(now, state.Progress.Complete, r.compareEvery(resource, state.Rows)) {
		return r.ascend(ctx, resource, state)
	}
	got, err := r.collect(ctx, resource, state.Event, url.Values{"ordering": {resource.allBy}}, "")
	if err != nil && !state.absent(resource, err) {
		return err
	}
	until, err := resource.until(got.RawPage)
	if err != nil {
		return err
	}
	return r.Keeper.Apply(ctx, Batch{
		Key: state.Key, Rows: got.Rows, Complete: true, Progress: Progress{Since: until, Complete: now}, At: now, Done: true,
	})
}

// ascend fetches what has changed since the last time, the oldest change first. Each page begins with the last instant of
// the page before, so that a row that is changed meanwhile, and thereby moves to the end, takes none with it.
func (r *round) ascend(ctx context.Context, resource Resource, state State) error {
	progress, from, number, size := state.Progress, state.Progress.Since, 1, pageSize
	var clock time.Time
	var pages int64
	for {
		asked := r.Now()
		page, err := r.changedSince(ctx, resource, state.Event, from, number, size)
		switch {
		case isTooMuch(err, size):
			number, size = 1, smaller(size)
			continue
		case state.absent(resource, err):
			return r.Keeper.Apply(ctx, Batch{Key: state.Key, Progress: progress, At: r.Now(), Done: true})
		case number > 1 && isGone(err):
			return errMoving
		case err != nil:
			return err
		}
		if pages == 0 {
			clock = shownUntil(page)
		}
		last, err := resource.last(resource.sinceField, page.Rows)
		if err != nil {
			return err
		}
		progress = state.Progress.reached(progress, page, clock, last)
		err = r.Keeper.Apply(ctx, Batch{
			Key: state.Key, Walk: progress.walkID(), Rows: page.Rows, Asked: asked, Made: madeAt(page), Progress: progress, At: r.Now(), Done: !page.More,
		})
		if err != nil || !page.More {
			return err
		}
		pages++
		if (r.hasEnough(resource) || resource.pages > 0 && pages >= resource.pages) && last.After(from) {
			return nil // the next round goes on from here
		}
		if err := r.sleep(ctx, r.pause()); err != nil {
			return err
		}
		if number++; last.After(from) { // else there are more rows of one instant than there are on a page
			from, number, size = last, 1, larger(size)
		}
	}
}

func (r *round) changedSince(ctx context.Context, resource Resource, event string, from time.Time, number, size int) (pretix.RawPage, error) {
	list := resource.request(event, paged(url.Values{
		"ordering": {resource.sinceField}, resource.sinceParameter: {pretix.QueryTime(from)},
	}, number, size))
	if err := r.turn(ctx); err != nil {
		return pretix.RawPage{}, err
	}
	return r.Source.RawPage(ctx, list)
}

func (p *Puller) pause() time.Duration {
	if p.Pause == 0 {
		return defaultPause
	}
	return p.Pause
}
