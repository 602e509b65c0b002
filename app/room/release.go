package room

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Release lets a waiting crowd in at a steady rate once the room opens, so that a thousand ticket holders reach neither
// BBB nor pretix (hosted: 360 requests a minute) in one second. The first come at once: Burst of them need no slot.
type Release struct {
	Rate   float64       // people a second
	Burst  int           // how many may enter at once before anybody is asked to wait for a slot
	Jitter time.Duration // a slot is put off by up to this, so that browsers do not march in step

	mu     sync.Mutex
	paused time.Time
	queues map[string]*queue
}

// queue is the crowd in front of one instance of a meeting.
type queue struct {
	next  time.Time // when the next slot is due
	slots map[string]time.Time
}

// Slot returns when the waiter may enter. A slot once given stays, however often it is asked for, unless a pause puts it
// off. instance is BBB's internalMeetingID: a room that is started again has a new crowd.
func (r *Release) Slot(instance, waiter string, now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queue(instance, now)
	slot, given := q.slots[waiter]
	switch {
	case now.Before(r.paused) && slot.Before(r.paused): // newcomers, and those whose entry pretix has just turned down
		slot = r.give(q, r.paused)
	case !given:
		slot = r.give(q, now)
	}
	q.slots[waiter] = slot
	return slot
}

// give takes the next slot of a queue. next may lag behind now by a burst: that many enter without waiting.
func (r *Release) give(q *queue, now time.Time) time.Time {
	gap := time.Duration(float64(time.Second) / r.Rate)
	if earliest := now.Add(-time.Duration(r.Burst) * gap); q.next.Before(earliest) {
		q.next = earliest
	}
	q.next = q.next.Add(gap)
	if !q.next.After(now) {
		return now
	}
	return q.next.Add(time.Duration(rand.Int64N(int64(r.Jitter) + 1)))
}

// queue finds or makes a queue, and forgets those nobody has asked for lately.
func (r *Release) queue(instance string, now time.Time) *queue {
	for id, q := range r.queues {
		if id != instance && now.Sub(q.next) > time.Hour {
			delete(r.queues, id)
		}
	}
	q := r.queues[instance]
	if q == nil {
		q = &queue{slots: map[string]time.Time{}}
		if r.queues == nil {
			r.queues = map[string]*queue{}
		}
		r.queues[instance] = q
	}
	return q
}

// Pause holds everybody back until the given instant, because pretix asked for it. The queue moves as a whole: nobody
// loses a place, and the end of the pause does not release everybody at once.
func (r *Release) Pause(now, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	from := now
	if r.paused.After(from) {
		from = r.paused
	}
	longer := until.Sub(from)
	if longer <= 0 {
		return
	}
	r.paused = until
	for _, q := range r.queues {
		for waiter, slot := range q.slots {
			if slot.After(now) {
				q.slots[waiter] = slot.Add(longer)
			}
		}
		if q.next.After(now) {
			q.next = q.next.Add(longer)
		} else {
			q.next = until
		}
	}
}

// Paused returns until when nobody enters, a past instant if somebody may.
func (r *Release) Paused() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.paused
}
