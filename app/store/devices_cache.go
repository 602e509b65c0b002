package store

import (
	"sync"

	"github.com/einlass/einlass/scanproxy"
)

// deviceCache remembers devices by the hash of their token, because every request of a scanner begins with that question.
// It is exact: it is only used where this process alone writes (SQLite), and forgets everything at each change of any
// device. What was read before a change and comes to be kept after it is not kept. The zero value is ready.
type deviceCache struct {
	mu      sync.RWMutex
	changes int64
	byToken map[string]scanproxy.DeviceRecord
}

// get returns a device if it is remembered, and else the number of changes that put has to know.
func (c *deviceCache) get(hash []byte) (d scanproxy.DeviceRecord, changes int64, known bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	d, known = c.byToken[string(hash)]
	return d, c.changes, known
}

// put remembers a device that was read when there had been so many changes.
func (c *deviceCache) put(d scanproxy.DeviceRecord, changes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if changes != c.changes {
		return
	}
	if c.byToken == nil {
		c.byToken = map[string]scanproxy.DeviceRecord{}
	}
	c.byToken[string(d.TokenHash)] = d
}

// forget is called after each change, before anybody hears that it was made.
func (c *deviceCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.byToken = nil
}
