package scanproxy

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// statusAge is how old a status may be. Every scanner at a door asks for it all the time.
const statusAge = time.Second

// statusCache keeps the last status of each list. The zero value is ready. It holds as many entries as there are lists.
type statusCache struct {
	counting singleflight.Group

	mu   sync.Mutex
	last map[Selection]countedStatus
	own  map[Selection]*ownCount // each is used by one count at a time
}

type countedStatus struct {
	Status
	at time.Time // when counting began
}

func (c *statusCache) get(at Selection, now time.Time) (Status, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, known := c.last[at]
	age := now.Sub(s.at)
	return s.Status, known && age >= 0 && age < statusAge
}

func (c *statusCache) put(at Selection, s Status, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = map[Selection]countedStatus{}
	}
	c.last[at] = countedStatus{s, now}
}

// ours returns what was counted of our own scans on a list, an empty count if nothing was.
func (c *statusCache) ours(at Selection) *ownCount {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.own == nil {
		c.own = map[Selection]*ownCount{}
	}
	if c.own[at] == nil {
		c.own[at] = &ownCount{}
	}
	return c.own[at]
}

// Status says how full a list is, as of a second ago at most. Callers share the answer and must not change it.
func (d *Door) Status(ctx context.Context, at Selection) (Status, error) {
	now := d.Now()
	if s, fresh := d.statuses.get(at, now); fresh {
		return s, nil
	}
	// Who asks meanwhile gets the same answer, so it must not end with the one who asked first.
	counted := d.statuses.counting.DoChan(fmt.Sprint(at.List, " ", at.Event), func() (any, error) {
		s, err := d.count(context.WithoutCancel(ctx), at)
		if err == nil {
			d.statuses.put(at, s, now)
		}
		return s, err
	})
	select {
	case result := <-counted:
		if result.Err != nil {
			return Status{}, fmt.Errorf("status: %w", result.Err)
		}
		s, _ := result.Val.(Status)
		return s, nil
	case <-ctx.Done():
		return Status{}, fmt.Errorf("status: %w", ctx.Err())
	}
}
