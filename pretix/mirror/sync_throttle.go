package mirror

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// politeRate keeps below the limit of hosted pretix, 360 requests a minute, with some left for the uploads.
const politeRate = rate.Limit(300.0 / 60) // per second

// throttle spaces requests out. The zero value lets everything pass.
type throttle struct {
	once    sync.Once
	limiter *rate.Limiter
}

func (t *throttle) begin(perMinute int) {
	t.once.Do(func() {
		limit := rate.Inf
		if perMinute > 0 {
			limit = rate.Limit(float64(perMinute) / 60)
		}
		t.limiter = rate.NewLimiter(limit, 1)
	})
}

// turn returns when the next request may go out.
func (p *Puller) turn(ctx context.Context) error {
	now := p.Now()
	return p.sleep(ctx, p.throttle.limiter.ReserveN(now, 1).DelayFrom(now))
}

// slow is for good: pretix has shown that it has a limit.
func (t *throttle) slow() {
	if t.limiter.Limit() > politeRate {
		t.limiter.SetLimit(politeRate)
	}
}

// sleep waits, unless the context ends.
func (p *Puller) sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	if p.Sleep != nil {
		return p.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("pause: %w", ctx.Err())
	}
}
