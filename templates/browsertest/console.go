package browsertest

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// console collects what a page writes to the browser's console.
type console struct {
	mu     sync.Mutex
	errors []string
	marks  map[string]chan struct{}
}

// listen collects the messages of a tab until its context ends.
func listen(ctx context.Context) *console {
	c := &console{marks: map[string]chan struct{}{}}
	messages := chromedp.Console(ctx) // subscribes now, so that nothing is missed
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			c.hear(message)
		}
	}()
	return c
}

func (c *console) hear(m chromedp.ConsoleMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark, ok := c.marks[m.Text]; ok {
		close(mark)
		delete(c.marks, m.Text)
		return
	}
	if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning || m.IsException() {
		c.errors = append(c.errors, fmt.Sprintf("%s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line+1))
	}
}

// mark returns a channel that closes when the console shows the text.
func (c *console) mark(text string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	mark := make(chan struct{})
	c.marks[text] = mark
	return mark
}

// Errors returns the console's errors and warnings so far: exceptions, failed requests, violations of the content
// security policy. A marker is written and awaited, so nothing is still on its way.
func (p *Page) Errors() []string {
	p.t.Helper()
	seen := p.console.mark("browsertest: end")
	Evaluate[chromedp.Void](p, `console.debug("browsertest: end")`)
	select {
	case <-seen:
	case <-p.ctx.Done():
		p.t.Fatal("the console never showed the end marker")
	}
	p.console.mu.Lock()
	defer p.console.mu.Unlock()
	return append([]string(nil), p.console.errors...)
}

// NoErrors fails the test when the console shows errors or warnings.
func (p *Page) NoErrors() {
	p.t.Helper()
	if errors := p.Errors(); len(errors) > 0 {
		p.t.Errorf("the console shows:\n%s", strings.Join(errors, "\n"))
	}
}
