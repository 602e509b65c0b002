package testclock

import (
	"sync"
	"time"
)

// Clock stands still until Set or Pass. Several goroutines may use it at once. Make one by At: the zero Clock shows the
// year 1.
type Clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

// At returns a clock that shows now, in now's time zone.
func At(now time.Time) *Clock { return &Clock{now: now} }

// Now returns what the clock shows: a value for every field of the form Now func() time.Time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set turns the clock to t, which may lie in the past.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Pass lets d pass at once. A negative d turns the clock back.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
