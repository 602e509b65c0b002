package mirror

import (
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// ByGeneration remembers what is made from configuration, such as compiled rules, until the configuration changes. It is
// safe for concurrent use. What it hands out is shared: treat it as read only.
type ByGeneration[K comparable, V any] struct {
	made   *lru.Cache[K, generated[V]]
	making singleflight.Group
}

type generated[V any] struct {
	value      V
	generation int64
}

// NewByGeneration returns a cache of size things; the least recently used one goes first.
func NewByGeneration[K comparable, V any](size int) (*ByGeneration[K, V], error) {
	made, err := lru.New[K, generated[V]](size)
	if err != nil {
		return nil, fmt.Errorf("mirror: %w", err)
	}
	return &ByGeneration[K, V]{made: made}, nil
}

// Get returns what k stood for at that generation, and makes it if it is not there. Who asks for the same thing at the
// same time waits for one making. An error is not remembered.
func (c *ByGeneration[K, V]) Get(k K, generation int64, make func() (V, error)) (V, error) {
	if known, ok := c.made.Get(k); ok && known.generation == generation {
		return known.value, nil
	}
	got, err, shared := c.making.Do(fmt.Sprint(generation, "/", k), func() (any, error) {
		value, err := make()
		if err == nil {
			c.made.Add(k, generated[V]{value, generation})
		}
		return value, err
	})
	if err != nil && shared { // perhaps the other one gave up
		return make()
	}
	value, _ := got.(V)
	return value, err
}
