package mirror

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/einlass/einlass/pretix"
)

const (
	placedField  = "datetime" // when an order was placed, which never changes
	placedSince  = "created_since"
	placedBefore = "created_before"

	fewPages     = 8   // are walked in one window
	comparePages = 40  // of the daily walk in one round, so that changes need not wait for its end
	mostRows     = 200 // orders in one transaction, some 500 rows in the database
	allPages     = 1e9 // no limit
	patience     = 10  // times that one page waits for pretix' limit
)

// fetchWalked fetches orders: all of them at first, then what has changed, and each day all of them again, bit by bit.
func (r *round) fetchWalked(ctx context.Context, resource Resource, state State) error {
	if state.Progress.Since.IsZero() {
		return r.walk(ctx, resource, state, resource.pagesOf(allPages))
	}
	if err := r.ascend(ctx, resource, state); err != nil {
		return err
	}
	state, err := r.Keeper.State(ctx, state.Key)
	if err != nil {
		return err
	}
	if state.Progress.Walk == nil && within(r.Now(), state.Progress.Complete, completeAfter) {
		return nil
	}
	return r.walk(ctx, resource, state, resource.pagesOf(comparePages))
}

// walk goes on with the walk over all orders, or begins one, for so many pages.
func (r *round) walk(ctx context.Context, resource Resource, state State, pages int64) error {
	progress := state.Progress
	if progress.Walk == nil {
		begun, err := r.beginWalk(ctx, resource, state.Key)
		if err != nil {
			return err
		}
		progress.Walk = &begun
	}
	w := &walker{round: r, resource: resource, key: state.Key, walk: *progress.Walk, progress: progress}
	w.left.Store(pages)
	if err := w.run(ctx); err != nil || !w.walk.done() {
		return err
	}
	if progress.Since.IsZero() { // else it has been kept up to date meanwhile
		progress.Since = w.walk.Since
	}
	progress.Complete, progress.Walk = r.Now(), nil
	return r.Keeper.Apply(ctx, Batch{Key: state.Key, Walk: w.walk.ID, Sweep: true, Progress: progress, At: r.Now(), Done: true})
}

func (w Walk) done() bool {
	for _, window := range w.Windows {
		if !window.Done {
			return false
		}
	}
	return true
}

// beginWalk looks at the first page, and if there are many at some between, to find out where to cut.
func (r *round) beginWalk(ctx context.Context, resource Resource, key Key) (Walk, error) {
	query := url.Values{"ordering": {placedField}}
	first, err := r.patient(ctx, resource, key, query)
	if isTooMuch(err, pageSize) {
		first, err = r.patient(ctx, resource, key, paged(query, 1, 1))
	}
	if err != nil {
		return Walk{}, err
	}
	until, err := resource.until(first)
	if err != nil {
		return Walk{}, err
	}
	walk := Walk{ID: r.Now().UnixMicro(), Since: until, Windows: []Window{{}}}
	pages := (first.Count + pageSize - 1) / pageSize
	if pages <= fewPages || r.atOnce(resource) == 1 {
		return walk, nil
	}
	cuts, err := r.cuts(ctx, resource, key, pages)
	if err != nil {
		return Walk{}, err
	}
	for _, cut := range cuts {
		last := &walk.Windows[len(walk.Windows)-1]
		if cut.After(last.From) {
			last.To = cut
			walk.Windows = append(walk.Windows, Window{From: cut})
		}
	}
	return walk, nil
}

// cuts returns the instants that cut so many pages into as many windows as there are requests at the same time.
func (r *round) cuts(ctx context.Context, resource Resource, key Key, pages int) ([]time.Time, error) {
	windows := r.atOnce(resource)
	cuts := make([]time.Time, windows-1)
	group, ctx := errgroup.WithContext(ctx)
	for i := range cuts {
		group.Go(func() (err error) {
			cuts[i], err = r.placedAt(ctx, resource, key, 1+pages*(i+1)/windows)
			return err
		})
	}
	return cuts, group.Wait()
}

// placedAt returns when the first order of a page was placed; zero if there is no such page any more, or too much on it.
func (r *round) placedAt(ctx context.Context, resource Resource, key Key, number int) (time.Time, error) {
	page, err := r.patient(ctx, resource, key, url.Values{"ordering": {placedField}, "page": {strconv.Itoa(number)}})
	if isGone(err) || isTooMuch(err, pageSize) {
		return time.Time{}, nil
	}
	if err != nil || len(page.Rows) == 0 {
		return time.Time{}, err
	}
	return resource.last(placedField, page.Rows[:1])
}

// patient fetches a page of a walk. A walk is long, so when pretix asks for a pause it is taken rather than given up, and
// shown.
func (r *round) patient(ctx context.Context, resource Resource, key Key, query url.Values) (page pretix.RawPage, err error) {
	for range patience {
		if err := r.turn(ctx); err != nil {
			return page, err
		}
		if page, err = r.Source.RawPage(ctx, resource.request(key.Event, query)); err == nil {
			return page, nil
		}
		class, wait := Classify(err, 0)
		if class != Busy || wait > longestRetry || resource.pages > 0 { // nobody waits for what can wait
			return page, err
		}
		r.throttle.slow()
		now := r.Now()
		f := Failure{Class: class, Detail: err.Error(), At: now, RetryAt: now.Add(wait), Failures: 1}
		if err := r.Keeper.Failed(ctx, key, f); err != nil {
			return page, err
		}
		if err := r.sleep(ctx, wait); err != nil {
			return page, err
		}
	}
	return page, err
}

// pagesOf is how many pages are walked in one round.
func (resource Resource) pagesOf(most int64) int64 {
	if resource.pages > 0 {
		return min(resource.pages, most)
	}
	return most
}

// atOnce is how many pages are walked at the same time.
func (p *Puller) atOnce(resource Resource) int {
	if resource.pages > 0 {
		return 1
	}
	return p.parallel()
}

func (p *Puller) parallel() int {
	if p.Parallel <= 0 {
		return defaultParallel
	}
	return p.Parallel
}
