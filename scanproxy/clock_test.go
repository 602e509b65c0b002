package scanproxy

import (
	"testing"
	"time"
)

// A clock that is set back between two scans lets nobody in twice, and keeps nobody out.
func TestAClockThatIsSetBack(t *testing.T) {
	s := newStory() // it is noon
	s.list.EntryAfterExit = true
	s.history.Checkins = []OwnCheckin{
		{Type: Entry, At: noon.Add(10 * time.Second), Nonce: "a"}, {Type: Exit, At: noon.Add(15 * time.Second), Nonce: "b"},
	}
	for _, step := range []struct {
		typ  ScanType
		want Type
		at   time.Duration
	}{{Entry, Valid, 16 * time.Second}, {Entry, Used, 0}, {Exit, Valid, 17 * time.Second}, {Entry, Valid, 18 * time.Second}, {Entry, Used, 0}} {
		s.scan.Type = step.typ
		v := s.decide(t)
		if v.Type != step.want {
			t.Fatalf("%s: %s, want %s", step.typ, v.Type, step.want)
		}
		if v.Admit == nil {
			continue
		}
		if got := v.Admit.At.Sub(noon); got != step.at {
			t.Errorf("%s at noon and %s, want %s", step.typ, got, step.at)
		}
		s.history.Checkins = append(s.history.Checkins, OwnCheckin{Type: step.typ, At: v.Admit.At})
	}
}
