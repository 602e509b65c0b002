package browsertest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// pageBudget is how long a test may keep one page; a page that hangs fails its test by name and not the whole run.
const pageBudget = 2 * time.Minute

// stepBudget is how long one step may take, waitBudget how long WaitFor waits; lookAgain is the pause between its looks.
const (
	stepBudget = 30 * time.Second
	waitBudget = 20 * time.Second
	lookAgain  = 20 * time.Millisecond
)

// View is who looks at a page. The zero value is a desk: 1280x800, light, English, with JavaScript.
type View struct {
	Width, Height int64
	Dark          bool
	Calm          bool   // prefers-reduced-motion
	Language      string // Accept-Language and the browser's locale, "de" or "en-GB,en;q=0.8"
	NoScript      bool
}

// Page is one tab with its own cookies. Its methods fail the test when the browser cannot do what they say.
type Page struct {
	t       testing.TB
	ctx     context.Context
	console *console
}

// Page opens an empty tab with cookies of its own; it is closed with the test t, which may be a subtest of Start's.
// Use it in one goroutine only; other tabs of the same browser may be used at the same time.
func (b *Browser) Page(t testing.TB, view View) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // binds the tab to ctx, before the budget
		t.Fatalf("open a tab: %v", err)
	}
	limited, stop := context.WithTimeout(ctx, pageBudget)
	t.Cleanup(stop)
	page := &Page{t: t, ctx: limited, console: listen(limited)}
	page.Do(view.steps()...)
	return page
}

func (v View) steps() []chromedp.Action[chromedp.Void] {
	if v.Width == 0 {
		v.Width, v.Height = 1280, 800
	}
	steps := []chromedp.Action[chromedp.Void]{
		chromedp.EmulateViewport(v.Width, v.Height),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: v.media()}),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript}),
	}
	if v.Language != "" {
		steps = append(steps, call(network.SetExtraHTTPHeaders,
			network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": v.Language}}))
	}
	return steps
}

func (v View) media() []*emulation.MediaFeature {
	scheme, motion := "light", "no-preference"
	if v.Dark {
		scheme = "dark"
	}
	if v.Calm {
		motion = "reduce"
	}
	return []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: motion},
	}
}

// call makes a step of a protocol command whose answer does not matter.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

// Do runs actions of chromedp.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.step("browser", steps...)
}

// step runs actions within the budget of one step; what names it when it fails.
func (p *Page) step(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepBudget)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// Open navigates to an address and waits until the page has loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.step("open "+url, chromedp.Navigate(url))
}

// Click clicks the first element that matches a CSS selector, once it is visible. After history.back() chromedp may not
// know the page that the browser brought out of its cache: click by Evaluate there.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.step("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Text returns the visible text of the first element that matches a CSS selector.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatalf("read %s: %v", selector, err)
	}
	return text
}

// Evaluate returns the value of a JavaScript expression; promises are awaited.
func Evaluate[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %.80s: %v", expression, err)
	}
	return value
}

// WaitFor waits until a JavaScript expression is true, across page loads. While the server has not answered a page that
// is on its way, the browser answers no question either: a handler that waits for the test must not be waited for here.
func (p *Page) WaitFor(condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, waitBudget)
	defer cancel()
	for {
		// An error here is a page on its way out: its successor is asked again.
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			p.t.Fatalf("waited in vain for %s (last error: %v)", condition, err)
		}
	}
}
