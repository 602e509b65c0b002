package mirror

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/einlass/einlass/pretix"
)

// walker walks the windows of one walk at the same time; what they bring is written in turn.
type walker struct {
	*round
	resource Resource
	key      Key
	walk     Walk
	progress Progress
	left     atomic.Int64 // pages in this round
}

// walkedPage is a page of a window, and the window as it is after it.
type walkedPage struct {
	number int
	window Window
	rows   []json.RawMessage
	asked  time.Time
	made   time.Time
}

func (w *walker) run(ctx context.Context) error {
	brought := make(chan walkedPage, w.atOnce(w.resource))
	windows := slices.Clone(w.walk.Windows) // the other ones are the writer's
	group, walking := errgroup.WithContext(ctx)
	group.Go(func() error { return w.write(walking, brought) })
	fetching, fetchCtx := errgroup.WithContext(walking)
	fetching.SetLimit(w.atOnce(w.resource))
	for i, window := range windows {
		if !window.Done {
			fetching.Go(func() error { return w.fetchWindow(fetchCtx, i, window, brought) })
		}
	}
	failed := fetching.Wait()
	close(brought)
	if err := group.Wait(); err != nil { // it has cut the fetching off: what that says is not pretix' fault
		return err
	}
	return failed
}

// fetchWindow fetches the pages of a window one after the other.
func (w *walker) fetchWindow(ctx context.Context, number int, window Window, brought chan<- walkedPage) error {
	for !window.Done && w.left.Add(-1) >= 0 {
		query := url.Values{"ordering": {placedField}}
		if !window.From.IsZero() {
			query.Set(placedSince, pretix.QueryTime(window.From))
		}
		if !window.To.IsZero() {
			query.Set(placedBefore, pretix.QueryTime(window.To))
		}
		asked := w.Now()
		page, err := w.patient(ctx, w.resource, w.key, paged(query, window.Page, window.size()))
		if isTooMuch(err, window.size()) {
			window.Page, window.Size = 0, smaller(window.size())
			continue
		}
		if window.Page > 1 && isGone(err) {
			window.Page = 0
			return cmp.Or(bring(ctx, brought, walkedPage{number: number, window: window, asked: asked}), errMoving)
		}
		if err != nil {
			return err
		}
		last, err := w.resource.last(placedField, page.Rows)
		if err != nil {
			return err
		}
		window = window.after(page.More, last)
		if err := bring(ctx, brought, walkedPage{number, window, page.Rows, asked, madeAt(page)}); err != nil {
			return err
		}
		if w.hasEnough(w.resource) {
			return nil
		}
	}
	return nil
}

func bring(ctx context.Context, brought chan<- walkedPage, page walkedPage) error {
	select {
	case brought <- page:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// size is how many rows the next page has.
func (w Window) size() int { return cmp.Or(w.Size, pageSize) }

// after is the window after a page whose last order was placed then.
func (w Window) after(more bool, last time.Time) Window {
	switch {
	case !more:
		w.Done = true
	case last.After(w.From):
		w.From, w.Page, w.Size = last, 0, larger(w.size())
	default: // more orders of one instant than there are on a page
		w.Page = max(w.Page, 1) + 1
	}
	return w
}

// write stores the pages that are brought: in one transaction as many as wait, then a pause for scans.
func (w *walker) write(ctx context.Context, brought <-chan walkedPage) error {
	for page := range brought {
		b := Batch{Key: w.key, Walk: w.walk.ID, Asked: page.asked, Made: page.made}
		w.take(&b, page)
		w.takeWaiting(&b, brought)
		walk := w.walk
		w.progress.Walk = &walk
		b.Progress, b.At = w.progress, w.Now()
		if err := w.Keeper.Apply(ctx, b); err != nil {
			return err
		}
		if err := w.sleep(ctx, w.pause()); err != nil {
			return err
		}
	}
	return nil
}

// takeWaiting adds the pages that wait already, until there are mostRows. It does not wait for more.
func (w *walker) takeWaiting(b *Batch, brought <-chan walkedPage) {
	for len(b.Rows) < mostRows {
		select {
		case page, open := <-brought:
			if !open {
				return
			}
			w.take(b, page)
		default:
			return
		}
	}
}

// take adds a page. A batch is as old as the oldest of its pages.
func (w *walker) take(b *Batch, page walkedPage) {
	w.walk.Windows[page.number] = page.window
	b.Rows = append(b.Rows, page.rows...)
	if page.asked.Before(b.Asked) {
		b.Asked = page.asked
	}
	if len(page.rows) > 0 && page.made.Before(b.Made) {
		b.Made = page.made
	}
}
