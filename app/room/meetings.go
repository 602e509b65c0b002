package room

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/einlass/einlass/bbb"
)

// Informer asks BBB about one meeting.
type Informer interface {
	MeetingInfo(ctx context.Context, meetingID string) (bbb.Meeting, error)
}

// Meetings is the one place that asks BBB whether a room runs and who is inside: one getMeetingInfo per meeting and
// MaxAge for everybody who waits, whatever their number.
type Meetings struct {
	BBB    Informer
	MaxAge time.Duration // how old an answer may be for those who wait
	Now    func() time.Time

	flight singleflight.Group
	mu     sync.Mutex
	last   map[string]sighting
}

// sighting is what BBB said last about a meeting: its state, or why there is none.
type sighting struct {
	meeting bbb.Meeting
	err     error
	at      time.Time
}

// Recent answers from the last sighting if it is young enough, else asks once for all who ask at the same time.
// Failures are shared like answers, so that a BBB in trouble is not asked a thousand times a second.
func (m *Meetings) Recent(ctx context.Context, meetingID string) (bbb.Meeting, error) {
	m.mu.Lock()
	s, seen := m.last[meetingID]
	m.mu.Unlock()
	if seen && m.Now().Sub(s.at) < m.MaxAge {
		return s.meeting, s.err
	}
	// The asker may go away while others wait for the same answer.
	detached := context.WithoutCancel(ctx)
	answer := m.flight.DoChan(meetingID, func() (any, error) {
		return m.Fresh(detached, meetingID)
	})
	select {
	case r := <-answer:
		return r.Val.(bbb.Meeting), r.Err
	case <-ctx.Done():
		return bbb.Meeting{}, ctx.Err()
	}
}

// Fresh asks BBB now. What lets a person in is never an answer from before the person asked.
func (m *Meetings) Fresh(ctx context.Context, meetingID string) (bbb.Meeting, error) {
	meeting, err := m.BBB.MeetingInfo(ctx, meetingID)
	if ctx.Err() != nil {
		return meeting, err // says nothing about BBB
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.Now()
	for id, s := range m.last {
		if now.Sub(s.at) > time.Minute {
			delete(m.last, id)
		}
	}
	if m.last == nil {
		m.last = map[string]sighting{}
	}
	m.last[meetingID] = sighting{meeting, err, now}
	return meeting, err
}
