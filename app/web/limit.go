package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter counts tries per key. It forgets a key that has been quiet for so long that its budget is full again.
type limiter struct {
	perMinute int
	now       func() time.Time

	mu    sync.Mutex
	tries map[string]*rate.Limiter
	swept time.Time
}

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{perMinute: perMinute, now: now, tries: map[string]*rate.Limiter{}}
}

// allow counts one try and reports whether it is within the budget, a minute's worth of which may come at once.
func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	t := l.tries[key]
	if t == nil {
		t = rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.perMinute)
		l.tries[key] = t
	}
	return t.AllowN(now, 1)
}

func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for key, t := range l.tries {
		if t.TokensAt(now) >= float64(l.perMinute) {
			delete(l.tries, key)
		}
	}
}
