package main

import (
	"sync"
	"time"
)

// turned is a clock that stands still until a test turns it, for all that a test has put together.
type turned struct {
	mu  sync.Mutex
	now time.Time
}

func (c *turned) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *turned) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
